"""Where a passage stands, taken inside the job, so that what is sent is what was committed; and as its page reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from exam.certification.rules import LENGTH
from exam.session.passage import State
from kiosk.candidate_view import CandidateView, candidate_view
from kiosk.errors import Conflict

if TYPE_CHECKING:
    from exam.certification.events import Asked
    from kiosk.keys import Kiosk
    from kiosk.passages import Entry
    from kiosk.rooms import Room


class Place(NamedTuple):
    """A passage at an instant; `left_ms` is what remains (negative: overtime), `remaining` seconds of a timed question."""

    room: Room
    candidate: str
    state: State
    asked: Asked | None
    seed: bytes
    answered: int
    remaining: int | None
    epoch: int
    serial: int
    seq: int
    left_ms: int
    running: bool
    called: bool
    ended: str
    given_back_s: int
    """Seconds this act gave back, so that the page can say so."""
    view: CandidateView


class ClockView(msgspec.Struct, frozen=True):
    """The candidate's time: whole seconds left (0 once over), whether it runs, and what was given back last."""

    left: int
    running: bool
    over: int
    given_back: int


class PassageState(msgspec.Struct, frozen=True):
    """What the question page of a certification reads; the fields it shares with a campaign's `State` mean the same.

    `held`: the candidate may not answer now, and `room` (a state of exam.session.passage) says why.
    """

    state: Literal["question", "held", "finished"]
    number: int | None
    position: int | None
    answered: int
    progress: int
    checkpoint: bool
    remaining: int | None
    epoch: int
    question: msgspec.Raw | None
    room: State
    called: bool
    clock: ClockView
    serial: int
    """Which question this is, replaced ones counted: two of the same number differ by it."""
    seq: int
    """How many events the passage has: of two replies that crossed on their way, the one with less is the older."""
    of: int = LENGTH


class StalePassage(Conflict):
    """The page's idea of the passage is old; `where` is what it should show."""

    def __init__(self, code: str, where: Place) -> None:
        super().__init__(code)
        self.where = where


def place_of(entry: Entry, t: int, given_back_ms: int = 0) -> Place:
    """Return where a passage stands at an instant of its session."""
    passage, sitting = entry.attempt.passage, entry.attempt.sitting
    ledger, asked = passage.ledger, sitting.current
    return Place(
        room=entry.room,
        candidate=entry.id,
        state=passage.state,
        asked=asked,
        seed=sitting.seed,
        answered=passage.answered,
        remaining=_seconds_of_question(entry, t),
        epoch=passage.epoch,
        serial=passage.serves,
        seq=entry.seq,
        left_ms=ledger.remaining_ms(t),
        running=ledger.running,
        called=passage.called,
        ended=passage.ended,
        given_back_s=given_back_ms // 1000,
        view=candidate_view(entry, t, entry.room.clock.wall_ms()),
    )


def _seconds_of_question(entry: Entry, t: int) -> int | None:
    """Return the seconds left of a timed question, rounded up so that none is stolen."""
    asked = entry.attempt.sitting.current
    if asked is None:
        return None
    timer = entry.room.paper.bank_of(asked.item).items[asked.item].timer
    if timer is None:
        return None
    left = timer * 1000 - entry.attempt.passage.spent_ms(asked.number, t)
    return max(0, -(-left // 1000))


def state_of(kiosk: Kiosk, where: Place) -> PassageState:
    """Return what the page is sent; a question only while it may be answered."""
    asked = where.asked
    shown = where.state == "in_progress" and asked is not None
    question = None
    if shown and asked is not None:
        bank = where.room.paper.bank_of(asked.item)
        question = kiosk.questions.raw(bank, asked.item, where.seed, asked.lang)
    over = where.state == "ended"
    return PassageState(
        state="finished" if over else "question" if shown else "held",
        number=asked.number if asked is not None else None,
        position=None,
        answered=where.answered,
        progress=100 if over else where.answered * 100 // LENGTH,
        checkpoint=False,
        remaining=where.remaining if shown else None,
        epoch=where.epoch,
        question=question,
        room=where.state,
        called=where.called,
        clock=ClockView(
            max(0, -(-where.left_ms // 1000)),
            where.running,
            max(0, -where.left_ms // 1000),
            where.given_back_s,
        ),
        serial=where.serial,
        seq=where.seq,
    )
