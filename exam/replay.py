"""Lead a sitting again from its own log and say where, if anywhere, the log parts from the rules.

Each act in the log (an opening, an answer, a sharing…) is decided again by `exam.decisions` from what came before, and what
follows in the log must be what the decision gives, event by event. Nothing in the log is trusted and nothing is raised:
whatever the events, the reply is a `Replay`. The signatures and the chain are checked elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.campaign.engine import ENGINE
from exam.campaign.engines import Engines
from exam.courses import NONE_MADE, find_course
from exam.decisions import (
    decide_answer,
    decide_carry,
    decide_hold,
    decide_open,
    decide_report,
    decide_serve,
    decide_share,
)
from exam.differences import Difference, compare, difference, short
from exam.errors import ExamError
from exam.events import Answered, Asked, Carried, Held, Opened, Reported, Served, Shared
from exam.replay_report import Replay, Step, make_steps
from exam.sitting import Sitting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exam.bank import Bank
    from exam.content import Course
    from exam.events import Event

__all__ = ["Replay", "Replayer", "Step", "replay"]

MAX_EVENTS = 100_000
"""Longest log that is led again; a sitting of a thousand questions stays far below."""


class Replayer:
    """Replays many sittings, keeping the engines made for them."""

    __slots__ = ("_engines",)

    def __init__(self, engines: Engines | None = None) -> None:
        self._engines = engines or Engines()

    def replay(self, bank: Bank, events: Sequence[Event], made: Mapping[str, Course] = NONE_MADE) -> Replay:
        """Return how the log compares with what the rules give on this bank; never raises on what the log says.

        `made` holds the courses of a school that the log may follow besides those of the bank.
        """
        first = events[0] if events else None
        fault = _opening_fault(bank, first, len(events), made)
        if fault is not None or not isinstance(first, Opened):
            return Replay.of(fault, make_steps(bank, None, events, fault))
        sitting = Sitting(self._engines.engine_for(bank, first.course, made))
        found = _lead(sitting, events)
        return Replay.of(found, make_steps(bank, sitting, events, found), sitting)


def replay(bank: Bank, events: Sequence[Event], made: Mapping[str, Course] = NONE_MADE) -> Replay:
    """Return how one log compares with what the rules give; use a `Replayer` for many."""
    return Replayer().replay(bank, events, made)


def _opening_fault(
    bank: Bank, first: Event | None, count: int, made: Mapping[str, Course]
) -> Difference | None:
    """Return what is wrong with a log before any of it is led again."""
    if not isinstance(first, Opened):
        return difference("missing_event", 0, 0, "opened", first)
    checks = (
        (first.bank == bank.digest, "wrong_bank", bank.digest, first.bank),
        (first.engine == ENGINE, "wrong_engine", ENGINE, first.engine),
        (
            find_course(bank, first.course, made) is not None,
            "unknown_course",
            "a course of the bank",
            first.course,
        ),
        (bool(first.participation), "wrong_opening", "a participation", ""),
        (count <= MAX_EVENTS, "too_long", str(MAX_EVENTS), str(count)),
    )
    return next(
        (
            Difference(code, 0, 0, expected, short(found))
            for sound, code, expected, found in checks
            if not sound
        ),
        None,
    )


def _lead(sitting: Sitting, events: Sequence[Event]) -> Difference | None:
    """Apply every event that is as decided; stop at the first that is not."""
    index = 0
    while index < len(events):
        try:
            decided = _decide(sitting, events, index)
        except ExamError as refusal:
            return difference(_refused(refusal), sitting.number, index, refusal.code, events[index])
        if not decided:
            return difference("unexpected_event", sitting.number, index, "", events[index])
        for expected in decided:
            found = events[index] if index < len(events) else None
            if found != expected:
                return compare(expected, found, sitting.number, index)
            sitting.apply(expected)
            index += 1
    return None


def _decide(sitting: Sitting, events: Sequence[Event], index: int) -> list[Event]:
    """Decide again the act recorded at this index; an empty list when the event is not an act, or had no effect."""
    event = events[index]
    if isinstance(event, Answered):
        lang = _lang(events, index + 2)
        return decide_answer(sitting, event.number, event.key, event.answer, event.spent_ms, lang)
    if isinstance(event, Opened):
        if sitting.participation:
            return []
        lang = _lang(events, index + 1)
        return decide_open(sitting.engine, event.participation, event.campaign, event.prior, lang)
    return _decide_aside(sitting, event)


def _decide_aside(sitting: Sitting, event: Event) -> list[Event]:
    """Decide again an act that asks nothing new."""
    match event:
        case Held():
            return decide_hold(sitting, event.login)
        case Served():
            return decide_serve(sitting, event.number)
        case Reported():
            return decide_report(sitting, event.number, event.category)
        case Carried():
            return decide_carry(sitting, event.skills)
        case Shared():
            return decide_share(sitting)
        case _:
            return []


def _lang(events: Sequence[Event], index: int) -> str:
    """Return the language the log shows the next question in: the pupil's choice, not the engine's."""
    event = events[index] if index < len(events) else None
    return event.lang if isinstance(event, Asked) else ""


def _refused(refusal: ExamError) -> str:
    return "bad_answer" if refusal.code.startswith("answer.") else "unexpected_event"
