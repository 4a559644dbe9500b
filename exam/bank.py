"""The bank: everything that can be asked, read from its authors' files with every defect reported at once.

`parse_bank` takes the files as bytes and gives a `Bank`, or the list of everything that is wrong. A `Bank` is frozen; its
`digest` is the SHA-256 of its canonical bytes, the same on every machine, and names the bank in logs and seeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.bank_content import BankContent, digest_of
from exam.bank_reading import read_content
from exam.bank_rules import cross_problems
from exam.content import (
    Badge,
    Course,
    Criterion,
    Problem,
    Skill,
    Stage,
    Text,
    Topic,
    TopLevel,
    Tutorial,
)
from exam.questions import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.items import Item

__all__ = [
    "Badge",
    "Bank",
    "Course",
    "Criterion",
    "Problem",
    "Skill",
    "Stage",
    "Text",
    "TopLevel",
    "Topic",
    "Tutorial",
    "assemble",
    "parse_bank",
]


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """A checked bank, looked up by id; `items_of_skill` leaves out the archived and those of certifications."""

    id: str
    version: str
    title: Text
    digest: str
    languages: tuple[str, ...]
    topics: dict[str, Topic]
    skills: dict[str, Skill]
    tutorials: dict[str, Tutorial]
    items: dict[str, Item]
    courses: dict[str, Course]
    items_of_skill: dict[str, tuple[str, ...]]
    questions: dict[str, Question]
    content: BankContent


def parse_bank(files: Mapping[str, bytes]) -> tuple[Bank | None, list[Problem]]:
    """Return the bank of these files (relative path to bytes), or None and every problem found, sorted."""
    content, problems = read_content(files)
    if content is not None:
        problems += cross_problems(content)
    if content is None or problems:
        return None, sorted(set(problems))
    return assemble(content), []


def assemble(content: BankContent) -> Bank:
    """Return the bank of a content that is known to be sound."""
    live: dict[str, list[str]] = {skill.id: [] for skill in content.skills}
    for item in content.items:
        if not (item.archived or item.certification):
            live[item.skill].append(item.id)
    return Bank(
        id=content.id,
        version=content.version,
        title=content.title,
        digest=digest_of(content),
        languages=content.languages,
        topics={topic.id: topic for topic in content.topics},
        skills={skill.id: skill for skill in content.skills},
        tutorials={tutorial.id: tutorial for tutorial in content.tutorials},
        items={item.id: item for item in content.items},
        courses={course.id: course for course in content.courses},
        items_of_skill={skill: tuple(sorted(items)) for skill, items in live.items()},
        questions={item.id: Question(item, content.languages) for item in content.items},
        content=content,
    )
