"""What can happen in a certification sitting, as frozen records: the vocabulary of its chain.

As in `exam.events`, an event says a fact and never holds a name, and `sync.chain` adds sitting, order and hash around it.
`exam.certification.decisions` says which events follow from an act; `exam.certification.replay` decides them again. The four
events of every question can hold no cycle (`gc=False`): a verifier reads millions.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from exam.certification.results import Abandonment, Comment, Jury, Status
from exam.certification.rules import Mode
from exam.events import Answer

Outcome = Literal["ok", "ko", "skipped", "timed_out", "focused_out"]
"""Only `ok` counts as success."""

Ruling = Literal["validated", "dismissed"]
EndReason = Literal["complete", "exhausted", "supervisor", "finalised", "expired"]
"""`exhausted`: no item is left that the rules allow. The last three are acts of people or of the clock, said by the server."""


class Opened(msgspec.Struct, frozen=True, tag="certification_opened"):
    """First event: what the sitting is led by. The digests name tables and thresholds; the seed follows from them."""

    participation: str
    session: str
    tables: str
    thresholds: str
    scale: str
    engine: str
    mode: Mode
    adjusted: bool


class Asked(msgspec.Struct, frozen=True, gc=False, tag="asked"):
    """The engine chose this item as question `number` (from 1), shown and graded in `lang`.

    `ability` is what the choice was made at, in thousandths of a logit; `segment` its segment; `relaxed` which rule gave way
    (0: none); `allowed` names the set of items the rules allowed.
    """

    number: int
    item: str
    ability: int
    segment: int
    relaxed: int
    allowed: str
    lang: str


class Left(msgspec.Struct, frozen=True, gc=False, tag="left"):
    """The window of question `number` was left, as the server was told."""

    number: int


class Answered(msgspec.Struct, frozen=True, gc=False, tag="answered"):
    """The raw answer as received; None when the candidate passed. `left`: the page says its window was left meanwhile."""

    number: int
    key: str
    answer: Answer | None
    spent_ms: int
    left: bool


class Graded(msgspec.Struct, frozen=True, gc=False, tag="graded"):
    """What the grader found for question `number`."""

    number: int
    outcome: Outcome


class Alerted(msgspec.Struct, frozen=True, tag="alerted"):
    """The candidate reported question `number`: no answer is taken until the supervisor has ruled."""

    number: int


class Ruled(msgspec.Struct, frozen=True, tag="ruled"):
    """The supervisor ruled: a validated alert withdraws the question and its skill. `reason` is a code, empty if dismissed."""

    number: int
    ruling: Ruling
    reason: str


class Withdrawn(msgspec.Struct, frozen=True, tag="alert_withdrawn"):
    """The candidate took their report of question `number` back before anyone ruled: the same question goes on."""

    number: int


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """No more questions."""

    reason: EndReason


class Abandoned(msgspec.Struct, frozen=True, tag="abandoned"):
    """Why an unfinished sitting is unfinished, as the session's finalisation says."""

    reason: Abandonment


class Judged(msgspec.Struct, frozen=True, tag="judged"):
    """What a jury decides against the sitting."""

    decision: Jury


class Scored(msgspec.Struct, frozen=True, tag="scored"):
    """The result, fixed at this moment; fields as in `exam.certification.results.Result`."""

    status: Status
    comment: Comment
    answers: int
    degraded: bool
    score: int
    low: int
    high: int
    ability: int | None
    deviation: int
    mesh: str
    levels: list[tuple[str, list[int]]]


Event = (
    Opened
    | Asked
    | Left
    | Answered
    | Graded
    | Alerted
    | Ruled
    | Withdrawn
    | Ended
    | Abandoned
    | Judged
    | Scored
)
