"""What can happen in a sitting, as frozen records: the vocabulary of the per-sitting chain.

An event says a fact and never holds a name: people are ids. `exam.sitting` decides which events follow from
an act and folds them into a state; `exam.replay` re-runs the decisions from the same events. The signed bytes
of an event are made by `sync.chain`, which adds sitting, order and hash around these fields.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Answer = str | list[str] | dict[str, str]
"""A pupil's raw answer: a choice id or a text, several ids in order, or one value per blank or pair."""

Outcome = Literal["ok", "ko", "skipped", "timed_out"]
SkillStatus = Literal["validated", "invalidated"]
Source = Literal["direct", "inferred"]
Known = tuple[str, SkillStatus, Source]
"""What is known of one skill: its id, whether it is acquired, and whether it was itself asked or only inferred."""


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """First event: which course, bank and engine, and what was already known about the pupil."""

    participation: str
    campaign: str
    course: str
    bank: str  # digest of the bank, hex SHA-256
    engine: str  # engine name and version, such as "campaign/1"
    prior: list[Known]  # sorted by skill id, each skill once


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """The engine chose this item as question `number` (from 1), shown and graded in `lang`; `level` is the skill's."""

    number: int
    item: str
    skill: str
    level: int
    lang: str


class Served(msgspec.Struct, frozen=True, tag="served"):
    """A timed question reached a page for the first time: its time starts here."""

    number: int


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """The raw answer as received; None when the pupil passed. `key` is the page's idempotency key."""

    number: int
    key: str
    answer: Answer | None
    spent_ms: int


class Graded(msgspec.Struct, frozen=True, tag="graded"):
    """What the grader found for question `number`."""

    number: int
    outcome: Outcome


class Carried(msgspec.Struct, frozen=True, tag="carried"):
    """Skills settled elsewhere since this sitting opened; they are not asked here any more."""

    skills: list[Known]  # sorted by skill id, each skill once


class Held(msgspec.Struct, frozen=True, tag="held"):
    """A page took the sitting: `epoch` grows by one, and pages holding an older epoch are fenced."""

    epoch: int
    login: str  # short id of the browser login, never its secret


class Reported(msgspec.Struct, frozen=True, tag="reported"):
    """The pupil reported a problem with question `number`; the words are kept in a table, not here."""

    number: int
    category: str


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """Nothing is left to ask."""

    reason: Literal["complete"]


class Shared(msgspec.Struct, frozen=True, tag="shared"):
    """The pupil sent the results: what the teacher is given, fixed at this moment."""

    validated: int
    targeted: int
    stage: int  # index of the reached stage, 0 when none is defined
    competences: list[tuple[str, int, int]]  # (competence code, validated, targeted), in code order
    badges: list[str]


Event = Opened | Asked | Served | Answered | Graded | Carried | Held | Reported | Ended | Shared
