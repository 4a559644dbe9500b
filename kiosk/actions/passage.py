"""Acts of a candidate on their own passage: take it, answer, report, leave the seat, call, come back.

Each is one job of the writer, as for a campaign: the folded passage decides through `exam.session`, what it decided is
appended to the candidate's chain, one row is updated, and the commit carries all of it. Time is the session's clock; what a
page says of a lost connection is believed no further than this server's own silence with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.errors import ExamError
from exam.session import decisions as rules
from exam.session.events import Credited
from exam.session.time_decisions import decide_credit
from kiosk.actions.files import Question
from kiosk.errors import Conflict, KioskError, NotFound
from kiosk.passage_place import Place, StalePassage, place_of
from kiosk.passages import EVENTS_MAX
from kiosk.refused_by_exam import as_refusal
from kiosk.store import candidate_uploads as uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exam.events import Answer
    from exam.session.attempt import ChainEvent
    from exam.session.events import Cause
    from kiosk.keys import Kiosk
    from kiosk.passages import Entry
    from kiosk.rooms import Room
    from kiosk.sittings import Saved
    from kiosk.store.machines import Pass
    from sync.db import Tx

HAND_BACK = "hand_back"
MOST_CUT_MS = 24 * 3_600_000


class Given(NamedTuple):
    """An answer as a page gives it; `left` says that its window was left meanwhile.

    `serial` is the question it was given to, replaced ones counted: an answer to a question that was taken away is not an
    answer to the one that took its number. 0 when the page does not say.
    """

    number: int
    key: str
    epoch: int
    answer: Answer | None
    lang: str
    left: bool
    serial: int = 0


class Recorded(NamedTuple):
    """An answer's receipt, and where the passage stands now."""

    saved: Saved
    where: Place


class Beat(NamedTuple):
    """What a page says every few seconds: its epoch, and for how long it could not reach this server."""

    epoch: int
    cut_ms: int


async def record_answer(kiosk: Kiosk, found: Pass, given: Given) -> Recorded:
    """Record an answer once: the same number and key sent again get the same receipt.

    Raises StalePassage (another page holds the passage, something stops it, or the question is another one), Refused.
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Recorded:
        entry = kiosk.passages.get(tx, found.candidate)
        t, number = entry.room.clock.now(), given.number
        if entry.attempt.sitting.is_resend(number, given.key):
            return Recorded(entry.receipts[number], place_of(entry, t))
        _check_page(entry, given.epoch, t)
        if given.serial and given.serial != entry.attempt.passage.serves:
            raise StalePassage("sitting.wrong_number", place_of(entry, t))
        answer = _facts_for(tx, entry, given)
        try:
            events = rules.decide_answer(
                entry.attempt, entry.room.paper, number, given.key, answer, t, given.lang, left=given.left
            )
        except ExamError as refusal:
            raise _refused(entry, refusal, t) from None
        kiosk.passages.append(tx, entry, events, now)
        return Recorded(entry.receipts[number], place_of(entry, t))

    recorded = await kiosk.db.write(job)
    recorded.where.room.note_answer(found.candidate)
    kiosk.metrics.answers += 1
    return recorded


async def hold(kiosk: Kiosk, found: Pass) -> Place:
    """Take the passage for one page; other pages are fenced, and what was lost since the last one spoke is credited."""
    now = kiosk.clock.now_ms()
    told = _room_told(kiosk, found)
    since = told.lost_since(found.candidate, told.clock.now()) if told else None

    def decide(entry: Entry, t: int) -> Sequence[ChainEvent]:
        entry.check_hold(now)
        lost = _silence(entry, entry.room, since, t, None)
        return [*lost, *rules.decide_hold(entry.attempt.passage, found.machine, found.id, t)]

    where = await _act(kiosk, found, decide, now)
    where.room.note_told(found.candidate, where.room.clock.now())
    return where


async def look(kiosk: Kiosk, found: Pass, epoch: int | None = None) -> Place:
    """Return where the passage stands; with an epoch, raise StalePassage when another page holds it."""

    def job(tx: Tx) -> Place:
        entry = kiosk.passages.get(tx, found.candidate)
        t = entry.room.clock.now()
        if entry.attempt.passage.ledger.expired(t):
            events = rules.decide_end(entry.attempt, "expired", "server", "24 h", t)
            kiosk.passages.append(tx, entry, events, kiosk.clock.now_ms())
        if epoch is not None:
            _check_page(entry, epoch, t)
        return place_of(entry, t)

    return await kiosk.db.write(job)


async def beat(kiosk: Kiosk, found: Pass, said: Beat) -> Place | None:
    """Note that a page is there; return where the passage stands when time was given back, else None.

    Nothing is written for an ordinary beat.
    """
    room = _room_told(kiosk, found) or (await look(kiosk, found)).room
    t = room.clock.now()
    seen = room.lost_since(found.candidate, t)
    room.note_told(found.candidate, t)
    restarted = seen is not None and seen < room.up_t
    if seen is None or not (restarted or said.cut_ms > 0):
        return None
    cut = None if restarted else min(said.cut_ms, MOST_CUT_MS)
    where = await _act(kiosk, found, lambda entry, at: _silence(entry, room, seen, at, cut))
    return where if where.given_back_s else None


async def report(kiosk: Kiosk, found: Pass, number: int, epoch: int) -> Place:
    """Report the waiting question: it is frozen, and time stands still, until a supervisor rules."""

    def decide(entry: Entry, t: int) -> Sequence[ChainEvent]:
        _check_page(entry, epoch, t)
        return rules.decide_report(entry.attempt, number, t)

    return await _act(kiosk, found, decide)


async def withdraw_report(kiosk: Kiosk, found: Pass, number: int, epoch: int) -> Place:
    """Take a report back before anyone ruled: the same question and the time go on, and the log says so."""

    def decide(entry: Entry, t: int) -> Sequence[ChainEvent]:
        _check_page(entry, epoch, t)
        return rules.decide_withdraw_report(entry.attempt, number, t)

    return await _act(kiosk, found, decide)


async def window_left(kiosk: Kiosk, found: Pass, number: int) -> None:
    """Note that the window of the waiting question was left."""
    await _act(kiosk, found, lambda entry, _: rules.decide_left_window(entry.attempt, number))


async def leave(kiosk: Kiosk, found: Pass) -> Place:
    """Lock the page: the candidate leaves the seat, time goes on."""
    return await _act(kiosk, found, lambda entry, t: rules.decide_leave(entry.attempt.passage, t))


async def come_back(kiosk: Kiosk, found: Pass) -> Place:
    """Go on after leaving the seat, once a supervisor allowed it."""
    return await _act(kiosk, found, lambda entry, t: rules.decide_return(entry.attempt.passage, t))


async def call(kiosk: Kiosk, found: Pass, *, wanted: bool) -> Place:
    """Ask for a supervisor, or no longer."""
    return await _act(
        kiosk, found, lambda entry, t: rules.decide_call(entry.attempt.passage, wanted=wanted, t=t)
    )


async def question_of(kiosk: Kiosk, found: Pass, number: int) -> Question:
    """Return what making or reading a file of the waiting question needs; raises NotFound."""
    where = await look(kiosk, found)
    if where.asked is None or where.asked.number != number or where.state != "in_progress":
        raise NotFound("document.unknown")
    return as_question(where)


def as_question(where: Place) -> Question:
    """Return the waiting question of a place that has one."""
    asked = where.asked
    if asked is None:
        raise NotFound("document.unknown")
    return Question(where.room.paper.bank_of(asked.item), asked.item, where.seed, asked.lang)


async def peek(kiosk: Kiosk, candidate: str) -> Place | None:
    """Return where a passage stands, for who tells the room; None when its session is not open."""

    def job(tx: Tx) -> Place | None:
        try:
            entry = kiosk.passages.get(tx, candidate)
        except KioskError:
            return None
        return place_of(entry, entry.room.clock.now())

    return await kiosk.db.write(job)


async def _act(
    kiosk: Kiosk,
    found: Pass,
    decide: Callable[[Entry, int], Sequence[ChainEvent]],
    now: int | None = None,
) -> Place:
    """Run one act in the writer and return where the passage then stands."""
    at = kiosk.clock.now_ms() if now is None else now

    def job(tx: Tx) -> Place:
        entry = kiosk.passages.get(tx, found.candidate)
        t = entry.room.clock.now()
        if entry.seq > EVENTS_MAX:
            raise Conflict("passage.too_many_acts")
        try:
            events = decide(entry, t)
        except ExamError as refusal:
            raise _refused(entry, refusal, t) from None
        kiosk.passages.append(tx, entry, events, at)
        given_back = sum(event.end - event.start for event in events if isinstance(event, Credited))
        return place_of(entry, t, given_back)

    return await kiosk.db.write(job)


def _silence(entry: Entry, room: Room, seen: int | None, t: int, cut_ms: int | None) -> Sequence[ChainEvent]:
    """Return the credit for a silence between the page and this server; `cut_ms` is what the page says of it, None: nothing."""
    passage = entry.attempt.passage
    if seen is None or passage.ledger.started is None or passage.ledger.closed is not None:
        return []
    cause: Cause = "server" if seen < room.up_t else "page" if cut_ms is None else "network"
    start = seen if cut_ms is None else max(seen, t - cut_ms)
    return decide_credit(passage, cause, start, t, t)


def _room_told(kiosk: Kiosk, found: Pass) -> Room | None:
    """Return the room to which this candidate's page has told how its connection is."""
    return next((room for room in kiosk.rooms.all() if found.candidate in room.seen), None)


def _check_page(entry: Entry, epoch: int, t: int) -> None:
    if epoch != entry.attempt.passage.epoch:
        raise StalePassage("sitting.fenced", place_of(entry, t))


def _facts_for(tx: Tx, entry: Entry, given: Given) -> Answer | None:
    """Return the answer to decide on: for a file handed back, what this server itself found in it."""
    asked, answer = entry.attempt.sitting.current, given.answer
    if asked is None or answer is None or asked.number != given.number:
        return answer
    if entry.room.paper.bank_of(asked.item).items[asked.item].kind != HAND_BACK:
        return answer
    sent = answer.get("upload") if isinstance(answer, dict) and len(answer) == 1 else None
    facts = uploads.facts_of(tx, entry.id, (given.number, asked.item), sent) if sent is not None else None
    if facts is None:
        raise Conflict("answer.unknown_upload", field="answer")
    return dict(facts)


def _refused(entry: Entry, refusal: ExamError, t: int) -> KioskError:
    """Return the rules' refusal; one that says the page is behind carries where the passage stands."""
    error = as_refusal(refusal)
    if isinstance(error, Conflict):
        return StalePassage(error.code, place_of(entry, t))
    return error
