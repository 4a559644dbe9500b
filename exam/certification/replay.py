"""Lead a certification again from its own log and say where, if anywhere, the log parts from the rules.

Each act in the log is decided again from what came before, and what follows must be what the decision gives, field by
field: item, ability, segment, relaxed rule, set of allowed items, grade, end, score. Nothing in the log is trusted and
nothing is raised: whatever the events, the reply is a `CertificationReplay`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.certification.decisions import (
    decide_abandon,
    decide_alert,
    decide_answer,
    decide_end,
    decide_judge,
    decide_left,
    decide_open,
    decide_rule,
    decide_score,
    decide_withdraw,
)
from exam.certification.events import (
    Abandoned,
    Alerted,
    Answered,
    Asked,
    Ended,
    Graded,
    Judged,
    Left,
    Opened,
    Ruled,
    Scored,
    Withdrawn,
)
from exam.certification.sitting import CertificationSitting, opening_fault
from exam.differences import MAX_TEXT
from exam.errors import ExamError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.certification.engine import CertificationEngine
    from exam.certification.events import Event
    from exam.certification.paper import Paper
    from exam.certification.scale import Scale

MAX_EVENTS = 10_000
"""Longest log that is led again: 32 questions, however often withdrawn, stay far below."""


class CertificationReplay(NamedTuple):
    """The result: `step` is the question at the first difference (0 before the first), `event` its index in the log.

    `expected` and `found` are short texts; `scored` is the result the rules give, None when the log differs or stops before.
    """

    identical: bool
    questions: int
    step: int | None = None
    event: int | None = None
    code: str = ""
    expected: str = ""
    found: str = ""
    scored: Scored | None = None


def replay(
    engine: CertificationEngine, scale: Scale, paper: Paper, events: Sequence[Event]
) -> CertificationReplay:
    """Return how the log compares with what the rules give; never raises on what the log says."""
    first = events[0] if events else None
    if not isinstance(first, Opened):
        return _differs(0, 0, "missing_event", "certification_opened", repr(first))
    fault = opening_fault(engine, scale, first)
    if fault:
        return _differs(0, 0, f"wrong_{fault}", "", str(getattr(first, fault)))
    if len(events) > MAX_EVENTS or not first.participation:
        return _differs(0, 0, "wrong_opening", "", str(len(events)))
    return _lead(CertificationSitting(engine, scale), paper, events)


def _lead(sitting: CertificationSitting, paper: Paper, events: Sequence[Event]) -> CertificationReplay:
    """Apply every event that is as decided; stop at the first that is not."""
    index = 0
    while index < len(events):
        try:
            decided = _decide(sitting, paper, events, index)
        except ExamError as refusal:
            return _differs(sitting.number, index, "refused", refusal.code, repr(events[index]))
        if not decided:
            return _differs(sitting.number, index, "unexpected_event", "", repr(events[index]))
        for expected in decided:
            found = events[index] if index < len(events) else None
            if found != expected:
                return _compared(expected, found, sitting.number, index)
            sitting.apply(expected)
            index += 1
    return CertificationReplay(identical=True, questions=sitting.answered, scored=sitting.scored)


def _decide(sitting: CertificationSitting, paper: Paper, events: Sequence[Event], index: int) -> list[Event]:
    """Decide again the act recorded at this index; an empty list when the event is not an act, or had no effect."""
    match events[index]:
        case Answered(number, key, answer, spent_ms, left):
            lang = _lang(events, index + 2)
            return decide_answer(sitting, paper, number, key, answer, spent_ms, lang, left=left)
        case Opened(participation=participation, session=session, adjusted=adjusted):
            if sitting.participation:
                return []
            lang = _lang(events, index + 1)
            return decide_open(sitting.engine, sitting.scale, participation, session, lang, adjusted=adjusted)
        case Ruled(number, ruling, reason):
            return decide_rule(sitting, number, ruling, reason, _lang(events, index + 1))
        case other:
            return _decide_aside(sitting, other)


def _decide_aside(sitting: CertificationSitting, event: Event) -> list[Event]:
    """Decide again an act that asks nothing new."""
    match event:
        case Left(number):
            return decide_left(sitting, number)
        case Alerted(number):
            return decide_alert(sitting, number)
        case Withdrawn(number):
            return decide_withdraw(sitting, number)
        case Ended(reason):
            return decide_end(sitting, reason)
        case _:
            return _decide_after(sitting, event)


def _decide_after(sitting: CertificationSitting, event: Event) -> list[Event]:
    """Decide again what comes after the end."""
    match event:
        case Abandoned(reason):
            return decide_abandon(sitting, reason)
        case Judged(decision):
            return decide_judge(sitting, decision)
        case Scored():
            return decide_score(sitting)
        case _:
            return []


def _lang(events: Sequence[Event], index: int) -> str:
    """Return the language the log shows the next question in: the candidate's choice, not the engine's."""
    event = events[index] if index < len(events) else None
    return event.lang if isinstance(event, Asked) else ""


def _compared(expected: Event, found: Event | None, number: int, index: int) -> CertificationReplay:
    """Name what differs between the event the rules give and the one in the log, known to differ."""
    if isinstance(expected, Asked | Graded):
        number = expected.number
    if found is None:
        return _differs(number, index, "missing_event", repr(expected), "")
    if type(found) is not type(expected):
        return _differs(number, index, "unexpected_event", repr(expected), repr(found))
    for field in expected.__struct_fields__:
        wanted, got = getattr(expected, field), getattr(found, field)
        if wanted != got:
            return _differs(number, index, f"wrong_{field}", str(wanted), str(got))
    return _differs(number, index, "unexpected_event", repr(expected), repr(found))


def _differs(number: int, index: int, code: str, expected: str, found: str) -> CertificationReplay:
    return CertificationReplay(
        identical=False,
        questions=0,
        step=number,
        event=index,
        code=code,
        expected=expected[:MAX_TEXT],
        found=found[:MAX_TEXT],
    )
