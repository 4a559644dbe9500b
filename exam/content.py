"""What a bank holds besides its items: topics, skills, tutorials, courses with their stages and badges.

Frozen records, read from the authors' files by `exam.bank` or from a bundle by `exam.bundle`. A text for people is a
mapping from language to words, complete in every language of the bank.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Text = dict[str, str]
"""Words in each language of the bank."""

CourseCategory = Literal[
    "COMPETENCES", "BACK_TO_SCHOOL", "DISCIPLINE", "SUBJECT", "PREDEFINED", "CUSTOM", "OTHER"
]


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A subject of one competence; `skills` are the ids of its skills in ascending level."""

    id: str
    competence: str
    name: Text
    description: Text
    skills: tuple[str, ...]


class Skill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a pupil can do at one level (1 to 8) of a topic; `hint` helps to succeed next time."""

    id: str
    topic: str
    competence: str
    level: int
    name: Text
    hint: Text
    tutorials: tuple[str, ...]


class Tutorial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A short local lesson; `text` is Markdown, `minutes` the time it takes to read."""

    id: str
    topic: str
    title: Text
    minutes: int
    text: Text


class TopLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A topic taken up to a level: its skills of level 1 to `level`."""

    id: str
    level: int


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A band of results; exactly one of `threshold` (percent), `first_skill` and `level` says when it is reached."""

    threshold: int | None
    first_skill: bool
    level: int | None
    title: Text
    message: Text
    staff_title: Text
    staff_message: Text


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share of skills to validate, in percent, over the whole course or over `topics`."""

    scope: Literal["course", "topics"]
    threshold: int
    topics: tuple[TopLevel, ...] = ()


class Badge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thematic result, obtained when every criterion is met."""

    id: str
    title: Text
    message: Text
    alt: Text
    criteria: tuple[Criterion, ...]


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A selection of topics with top levels, stages in ascending order and badges; `minutes` is an estimate."""

    id: str
    name: Text
    description: Text
    category: CourseCategory
    minutes: int
    topics: tuple[TopLevel, ...]
    stages: tuple[Stage, ...]
    badges: tuple[Badge, ...]


class Problem(msgspec.Struct, frozen=True, order=True):
    """One defect of a bank: the file, the field in it, a stable code, and words for the author."""

    path: str
    field: str
    code: str
    message: str
