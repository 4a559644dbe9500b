"""Which events follow from acts on a candidate's time: stops, credits, vetoes, added minutes, lock-down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.errors import BadReport, ExamError
from exam.session.acts import check_act
from exam.session.events import (
    Credited,
    Evidence,
    Leftover,
    LeftoverRuled,
    Reinstated,
    Resumed,
    Stopped,
    TimeAdded,
    Vetoed,
)
from exam.session.ledger import LARGEST_ADDED_MS, LEAST_LOSS_MS, union

if TYPE_CHECKING:
    from exam.session.attempt import ChainEvent
    from exam.session.events import Cause, Grade, Hold
    from exam.session.passage import Passage

LONGEST_REASON = 300
MOST_CREDITS = 500
"""A cable that flaps all morning fills no disk: beyond this, a supervisor adds time by hand."""


class UnknownCredit(ExamError):
    """There is no credit of this number, or it is already as asked."""

    code = "session.unknown_credit"


class BadTime(ExamError):
    """Time is added in whole milliseconds, more than none and at most four hours at once."""

    code = "session.bad_time"


def decide_stop(passage: Passage, why: Hold, by: str, reason: str, t: int) -> list[ChainEvent]:
    """Return the stop; nothing when this already stops the candidate."""
    if why == "pause":
        check_act(passage, "pause")
    elif why == "lockdown":
        check_act(passage, "raise_lockdown")
    if why in passage.ledger.stopped:
        return []
    return [Stopped(t, why, by, reason[:LONGEST_REASON])]


def decide_resume(passage: Passage, why: Hold, by: str, reason: str, t: int) -> list[ChainEvent]:
    """Return that this stop is over; nothing when it does not stop the candidate."""
    if why == "pause":
        check_act(passage, "resume")
    elif why == "lockdown":
        check_act(passage, "clear_lockdown", reason)
    if why not in passage.ledger.stopped:
        return []
    return [Resumed(t, why, by, reason[:LONGEST_REASON])]


def decide_credit(passage: Passage, cause: Cause, start: int, end: int, t: int) -> list[ChainEvent]:
    """Return the credits of a loss between two instants; nothing when it gives nothing new, or too little to be a loss.

    What was credited already (vetoed or not), was not running, or lies in the future is not given: what is new of the loss
    may be several pieces, one credit each.
    """
    check_act(passage, "credit")
    fresh = _fresh(passage, max(start, 0), min(end, t), t)
    gained = sum(until - since for since, until in fresh)
    if not fresh or gained < (1 if cause in {"server", "room"} else LEAST_LOSS_MS):
        return []
    room = MOST_CREDITS - passage.credits
    return [
        Credited(t, passage.credits + place, cause, since, until)
        for place, (since, until) in enumerate(fresh[: max(0, room)], 1)
    ]


def decide_veto(passage: Passage, credit: int, by: str, reason: str, t: int) -> list[ChainEvent]:
    """Return that a loss counts after all; raises `UnknownCredit`."""
    check_act(passage, "veto", reason)
    loss = passage.ledger.losses.get(credit)
    if loss is None or not loss.counts:
        raise UnknownCredit(detail=str(credit))
    return [Vetoed(t, credit, by, reason[:LONGEST_REASON])]


def decide_reinstate(passage: Passage, credit: int, by: str, t: int) -> list[ChainEvent]:
    """Return that the veto is taken back; raises `UnknownCredit`."""
    check_act(passage, "reinstate")
    loss = passage.ledger.losses.get(credit)
    if loss is None or loss.counts:
        raise UnknownCredit(detail=str(credit))
    return [Reinstated(t, credit, by)]


def decide_add_time(passage: Passage, ms: int, by: str, reason: str, t: int) -> list[ChainEvent]:
    """Return the added time; raises `BadTime`."""
    check_act(passage, "add_time", reason)
    if not 0 < ms <= LARGEST_ADDED_MS:
        raise BadTime(detail=str(ms))
    return [TimeAdded(t, ms, by, reason[:LONGEST_REASON])]


def decide_evidence(passage: Passage, source: Grade, code: str, t: int, *, holds: bool) -> list[ChainEvent]:
    """Return what now vouches for the lock-down; nothing when nothing changed."""
    if not 0 < len(code) <= 60 or not code.isascii():
        raise BadReport
    known = passage.evidence.get(source)
    if known is not None and (known.holds, known.code) == (holds, code):
        return []
    return [Evidence(t, source, holds, code)]


def decide_leftover(passage: Passage, number: int, machine: str, t: int) -> list[ChainEvent]:
    """Return that a fenced machine offers an answer."""
    check_act(passage, "rule_leftover")
    return [Leftover(t, number, machine)]


def decide_rule_leftover(passage: Passage, number: int, by: str, t: int, *, taken: bool) -> list[ChainEvent]:
    """Return what becomes of an answer a fenced machine offered."""
    check_act(passage, "rule_leftover")
    return [LeftoverRuled(t, number, taken, by)]


def _fresh(passage: Passage, start: int, end: int, t: int) -> list[tuple[int, int]]:
    """Return the running time between two instants that no earlier credit covers, vetoed ones included."""
    known = union((loss.start, loss.end) for loss in passage.ledger.losses.values())
    pieces: list[tuple[int, int]] = []
    for since, until in passage.ledger.spans(t):
        at, last = max(since, start), min(until, end)
        for low, high in known:
            if at < low < last:
                pieces.append((at, low))
            if low < last:
                at = max(at, high)
        if at < last:
            pieces.append((at, last))
    return pieces
