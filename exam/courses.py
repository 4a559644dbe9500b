"""Every course a sitting may follow: those of its bank, those a school made, and the practice of one competence.

A made course is named by the digest of its own definition, so that whoever replays a sitting can tell that the
definition in hand is the one the sitting followed. A practice course needs no definition: it is every topic of its
competence, whatever the bank. Neither has stages: their results are shown in percent.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from exam.content import Course, TopLevel
from exam.errors import UnknownCourse
from exam.framework import COMPETENCES, MAX_REACHABLE_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exam.bank import Bank

MADE = "custom:"
PRACTICE = "practice:"
NONE_MADE: Mapping[str, Course] = {}
_DIGEST_SIGNS = 32
_SECONDS_A_SKILL = 75
"""Time one skill is thought to take, as in the courses of a bank: some are settled without being asked."""


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a school chose: a name, a description, and topics up to a level, in the order of their ids."""

    name: str
    description: str
    topics: tuple[TopLevel, ...]


_spelled = msgspec.json.Encoder(order="sorted")


def definition_of(name: str, description: str, topics: Iterable[TopLevel]) -> Definition:
    """Return the definition with its topics in their one order."""
    return Definition(name, description, tuple(sorted(topics, key=lambda top: (top.id, top.level))))


def definition_bytes(definition: Definition) -> bytes:
    """Return the one spelling of a definition in bytes."""
    return _spelled.encode(definition)


def made_id(definition: Definition) -> str:
    """Return the id of the course of this definition: it changes with any word of it."""
    return MADE + sha256(definition_bytes(definition)).hexdigest()[:_DIGEST_SIGNS]


def made_course(definition: Definition) -> Course:
    """Return the course a school defined, under the id its definition gives it."""
    return Course(
        id=made_id(definition),
        name={"fr": definition.name, "en": definition.name},
        description={"fr": definition.description, "en": definition.description},
        category="CUSTOM",
        minutes=minutes_of(sum(top.level for top in definition.topics)),
        topics=definition.topics,
        stages=(),
        badges=(),
    )


def practice_id(competence: str) -> str:
    """Return the id of the practice of a competence, such as `practice:4.1`."""
    return PRACTICE + competence


def practice_course(bank: Bank, competence: str) -> Course | None:
    """Return every topic of a competence up to the highest level a profile shows; None when the bank has none."""
    tops = tuple(
        TopLevel(topic.id, MAX_REACHABLE_LEVEL)
        for topic in sorted(bank.topics.values(), key=lambda topic: topic.id)
        if topic.competence == competence and _reachable(bank, topic.skills)
    )
    if competence not in COMPETENCES or not tops:
        return None
    name = dict(COMPETENCES[competence].name)
    skills = sum(_reachable(bank, bank.topics[top.id].skills) for top in tops)
    return Course(practice_id(competence), name, dict(name), "COMPETENCES", minutes_of(skills), tops, (), ())


def minutes_of(skills: int) -> int:
    """Return about how many minutes a course of so many skills takes, at least one."""
    return max(1, skills * _SECONDS_A_SKILL // 60)


def _reachable(bank: Bank, skills: Iterable[str]) -> int:
    return sum(bank.skills[skill].level <= MAX_REACHABLE_LEVEL for skill in skills)


def find_course(bank: Bank, course: str, made: Mapping[str, Course] = NONE_MADE) -> Course | None:
    """Return a course by its id, None when neither the bank nor the school has it, or when the bank cannot serve it."""
    if course in bank.courses:
        return bank.courses[course]
    if course.startswith(PRACTICE):
        return practice_course(bank, course.removeprefix(PRACTICE))
    found = made.get(course)
    return found if found is not None and not missing_topics(bank, found.topics) else None


def course_of(bank: Bank, course: str, made: Mapping[str, Course] = NONE_MADE) -> Course:
    """Return a course by its id; raises `UnknownCourse`."""
    found = find_course(bank, course, made)
    if found is None:
        raise UnknownCourse(detail=course)
    return found


def missing_topics(bank: Bank, topics: Iterable[TopLevel]) -> list[str]:
    """Return the ids of the topics this bank does not have, or has nothing of up to the level wanted."""
    return [
        top.id
        for top in topics
        if top.id not in bank.topics
        or not any(bank.skills[skill].level <= top.level for skill in bank.topics[top.id].skills)
    ]
