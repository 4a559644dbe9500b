"""What must hold between the parts of a bank: every name leads somewhere, and nothing has two owners."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from exam.content import Problem
from exam.item_rules import item_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.bank_content import BankContent
    from exam.content import Course, TopLevel

OUTSIDE_LINK = re.compile(
    r"\]\(\s*<?(?:[a-z][a-z0-9+.-]*:|//)|<[a-z][a-z0-9+.-]*:[^>\s]*>|^\[[^\]]+\]:\s", re.I | re.M
)


def cross_problems(content: BankContent) -> list[Problem]:
    """Return every broken reference and duplicate of a bank, in no special order."""
    return [
        *_duplicates(content),
        *_topic_problems(content),
        *_item_references(content),
        *(problem for course in content.courses for problem in _course_problems(content, course)),
        *(problem for item in content.items for problem in item_problems(item, content)),
    ]


def _duplicates(content: BankContent) -> Iterator[Problem]:
    for kind, records in (
        ("topics", content.topics),
        ("skills", content.skills),
        ("tutorials", content.tutorials),
        ("items", content.items),
        ("courses", content.courses),
    ):
        counts = Counter(record.id for record in records)
        for name in sorted(name for name, count in counts.items() if count > 1 and name):
            yield Problem(kind, name, "duplicate_id", f"{name!r} is the id of several {kind}")


def _topic_problems(content: BankContent) -> Iterator[Problem]:
    tutorials = {tutorial.id for tutorial in content.tutorials}
    for skill in content.skills:
        for name in skill.tutorials:
            if name not in tutorials:
                yield Problem(
                    f"topics/{skill.topic}/topic.toml",
                    f"skills.{skill.id}.tutorials",
                    "unknown_tutorial",
                    f"there is no tutorial {name!r}",
                )
    for tutorial in content.tutorials:
        for lang, text in tutorial.text.items():
            if OUTSIDE_LINK.search(text):
                path = f"topics/{tutorial.topic}/tutorials/{tutorial.id}.{lang}.md"
                yield Problem(
                    path, "", "outside_link", "a link leads outside: nothing may be asked of another network"
                )


def _item_references(content: BankContent) -> Iterator[Problem]:
    skills = {skill.id: skill for skill in content.skills}
    items = {item.id for item in content.items}
    for item in content.items:
        path = f"topics/*/{item.id}.toml"
        if item.skill in skills:
            path = f"topics/{skills[item.skill].topic}/{item.id}.toml"
        elif item.skill:
            yield Problem(path, "skill", "unknown_skill", f"there is no skill {item.skill!r}")
        for enemy in item.enemies:
            if enemy not in items or enemy == item.id:
                yield Problem(path, "enemies", "unknown_item", f"there is no other item {enemy!r}")


def _course_problems(content: BankContent, course: Course) -> Iterator[Problem]:
    path = f"courses/{course.id}.toml"
    yield from _top_problems(content, course.topics, path, "topics")
    names = Counter(badge.id for badge in course.badges)
    for name in sorted(name for name, count in names.items() if count > 1):
        yield Problem(path, "badges", "duplicate_id", f"two badges have the id {name!r}")
    for badge in course.badges:
        for criterion in badge.criteria:
            yield from _top_problems(content, criterion.topics, path, f"badges.{badge.id}.criteria")


def _top_problems(
    content: BankContent, tops: tuple[TopLevel, ...], path: str, field: str
) -> Iterator[Problem]:
    levels = {topic.id: [s.level for s in content.skills if s.topic == topic.id] for topic in content.topics}
    seen: set[str] = set()
    for top in tops:
        if top.id in seen:
            yield Problem(path, field, "duplicate_id", f"the topic {top.id!r} is named twice")
        seen.add(top.id)
        if top.id and top.id not in levels:
            yield Problem(path, field, "unknown_topic", f"there is no topic {top.id!r}")
        elif top.id and not any(level <= top.level for level in levels[top.id]):
            yield Problem(path, field, "empty_topic", f"{top.id!r} has no skill up to level {top.level}")
