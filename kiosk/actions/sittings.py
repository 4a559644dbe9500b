"""Acts on a sitting: take it, show the next question, record an answer, report a problem, share.

Each is one job of the writer: the folded sitting decides through `exam.decisions`, what it decided is appended to the
chain, one row of `participations` is updated, and the commit carries all of it. News is published after the commit.
Time on a question is counted here, on the server's monotonic clock; the browser is never asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.decisions import decide_answer, decide_carry, decide_hold, decide_report, decide_serve
from exam.errors import ExamError
from exam.scoring import mastery, progress
from kiosk.actions.certifiability import refresh
from kiosk.errors import BadRequest, Conflict, KioskError, NotFound
from kiosk.pasts import known_elsewhere
from kiosk.refused_by_exam import as_refusal
from kiosk.sittings import Shown
from kiosk.store import participations as store
from kiosk.store import settled, uploads

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.events import Answer, Asked
    from exam.sitting import Sitting
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.sittings import Passage, Player, Saved
    from kiosk.store.participations import Status
    from sync.db import Tx

HAND_BACK = "hand_back"
REPORTS_MAX = 50


class Position(NamedTuple):
    """Where a sitting stands, taken inside the job, so that what is sent is what was committed.

    `asked` is the waiting question, None when finished; `held_back` says it is timed and waits behind a checkpoint,
    so that its time does not start while the pupil reads. `remaining` is the seconds left of a timed question.
    `progress` is per mille. `campaign` is the one whose staff follow the sitting: None in practice and in a trial.
    """

    campaign: str | None
    player: Player
    bank: Bank
    seed: bytes
    asked: Asked | None
    held_back: bool
    remaining: int | None
    position: int
    answered: int
    progress: int
    checkpoint: bool
    epoch: int
    status: Status


class Instant(NamedTuple):
    """Now, in milliseconds, on the wall clock and on the monotonic one."""

    wall: int
    mono: int


class Stale(Conflict):
    """The page's idea of the sitting is old; `where` is what it should show."""

    def __init__(self, code: str, where: Position) -> None:
        super().__init__(code)
        self.where = where


class Recorded(NamedTuple):
    """An answer's receipt, and where the sitting stands now."""

    saved: Saved
    where: Position


class Given(NamedTuple):
    """An answer as a page gives it."""

    number: int
    key: str
    epoch: int
    answer: Answer | None


def own_passage(kiosk: Kiosk, tx: Tx, participation: str, person: Person) -> Passage:
    """Return this pupil's sitting; somebody else's does not exist for them."""
    passage = kiosk.sittings.get(tx, participation)
    if passage.pupil != person.id:
        raise NotFound("participation.unknown")
    return passage


async def record_answer(kiosk: Kiosk, person: Person, participation: str, given: Given) -> Recorded:
    """Record an answer once: the same number and key sent again gets the same receipt.

    Raises Stale (another page holds the sitting, or the question is another one), Refused (the answer's shape).
    """
    at = Instant(kiosk.clock.now_ms(), kiosk.clock.monotonic_ms())

    def job(tx: Tx) -> Recorded:
        passage = own_passage(kiosk, tx, participation, person)
        sitting = passage.sitting
        number = given.number
        if sitting.is_resend(number, given.key):
            return Recorded(
                passage.receipts[number], _with_time(kiosk, passage, position_of(passage), at.mono)
            )
        _check_page(passage, given.epoch)
        answer = _facts_for(tx, passage, given)
        spent = _spent_ms(kiosk, passage, at.mono)
        try:
            events = decide_answer(sitting, number, given.key, answer, spent, person.lang)
        except ExamError as refusal:
            raise _refused(passage, refusal) from None
        kiosk.sittings.append(tx, passage, events, at.wall)
        where = _deliver(kiosk, tx, passage, at, after_checkpoint=False)
        _keep_summary(tx, passage, where, at.wall)
        return Recorded(passage.receipts[number], where)

    recorded = await kiosk.db.write(job)
    kiosk.metrics.answers += 1
    if recorded.where.asked is None and recorded.where.campaign is None:
        await refresh(kiosk, person.id)  # a practice came to its end: the profile may have become certifiable
    return recorded


async def next_question(
    kiosk: Kiosk, person: Person, participation: str, epoch: int, *, after_checkpoint: bool
) -> Position:
    """Return where the sitting stands, and start the time of a timed question that is shown for the first time."""
    at = Instant(kiosk.clock.now_ms(), kiosk.clock.monotonic_ms())

    def job(tx: Tx) -> Position:
        passage = own_passage(kiosk, tx, participation, person)
        _check_page(passage, epoch)
        return _deliver(kiosk, tx, passage, at, after_checkpoint=after_checkpoint)

    return await kiosk.db.write(job)


async def hold(kiosk: Kiosk, person: Person, participation: str, login: str) -> int:
    """Take the sitting for one page and return its epoch; other pages are fenced from now on."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> int:
        passage = own_passage(kiosk, tx, participation, person)
        sitting = passage.sitting
        passage.check_hold(now)
        # A trial of the staff stands alone: it is asked everything, whatever was learnt elsewhere.
        known = () if passage.trial else known_elsewhere(kiosk, tx, person.id, participation, now)
        try:
            events = [*decide_carry(sitting, known), *decide_hold(sitting, login)]
        except ExamError as refusal:
            raise _refused(passage, refusal) from None
        kiosk.sittings.append(tx, passage, events, now)
        store.keep_epoch(tx, participation, sitting.epoch)
        return sitting.epoch

    return await kiosk.db.write(job)


class GivenReport(NamedTuple):
    """A problem as a pupil says it."""

    number: int
    category: str
    text: str


async def report(kiosk: Kiosk, person: Person, participation: str, given: GivenReport) -> None:
    """Keep a report on a question: its words in a table, the fact in the chain."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        passage = own_passage(kiosk, tx, participation, person)
        if store.count_reports(tx, participation) >= REPORTS_MAX:
            raise Conflict("report.too_many")
        try:
            events = decide_report(passage.sitting, given.number, given.category)
        except ExamError as refusal:
            raise _refused(passage, refusal) from None
        item = passage.sitting.asked[given.number].item
        kept = store.Report(participation, given.number, item, given.category, given.text, now)
        store.add_report(tx, kept)
        kiosk.sittings.append(tx, passage, events, now)

    await kiosk.db.write(job)


def position_of(passage: Passage) -> Position:
    """Return where a sitting stands."""
    sitting = passage.sitting
    asked = sitting.current
    checkpoint = sitting.checkpoint_due
    waits = asked is not None and sitting.is_timed(asked) and asked.number not in sitting.served
    return Position(
        campaign=None if passage.trial else passage.campaign,
        player=passage.player,
        bank=sitting.engine.bank,
        seed=sitting.seed,
        asked=asked,
        held_back=waits and checkpoint,
        remaining=None,
        position=sitting.position,
        answered=sitting.answered,
        progress=progress(sitting),
        checkpoint=checkpoint,
        epoch=sitting.epoch,
        status=status_of(sitting),
    )


def status_of(sitting: Sitting) -> Status:
    """Return the status a participation has in lists."""
    if sitting.shared is not None:
        return "shared"
    return "to_share" if sitting.finished else "started"


def _deliver(kiosk: Kiosk, tx: Tx, passage: Passage, at: Instant, *, after_checkpoint: bool) -> Position:
    """Note that the waiting question is being sent to a page, unless it must wait behind a checkpoint."""
    where = position_of(passage)
    asked = where.asked
    if asked is None or (where.held_back and not after_checkpoint):
        return where
    sitting = passage.sitting
    if passage.shown is None or passage.shown.number != asked.number:
        if sitting.is_timed(asked):
            kiosk.sittings.append(tx, passage, decide_serve(sitting, asked.number), at.wall)
        kiosk.sittings.show(tx, passage, Shown(asked.number, kiosk.clock.boot_id(), at.mono))
    elif passage.shown.boot != kiosk.clock.boot_id():
        # The machine restarted: nothing says how long it was off, so the pupil's time starts again.
        kiosk.sittings.show(tx, passage, Shown(asked.number, kiosk.clock.boot_id(), at.mono))
    if where.held_back:
        where = where._replace(held_back=False)
    return _with_time(kiosk, passage, where, at.mono)


def _with_time(kiosk: Kiosk, passage: Passage, where: Position, mono: int) -> Position:
    """Return the position with the seconds left of its timed question, rounded up so that none is stolen."""
    asked = where.asked
    timer = where.bank.items[asked.item].timer if asked is not None else None
    if timer is None:
        return where
    left = timer * 1000 - _spent_ms(kiosk, passage, mono)
    return where._replace(remaining=max(0, -(-left // 1000)))


def _spent_ms(kiosk: Kiosk, passage: Passage, mono: int) -> int:
    shown = passage.shown
    if shown is None or shown.number != passage.sitting.number or shown.boot != kiosk.clock.boot_id():
        return 0
    return max(0, mono - shown.mono_ms)


def _check_page(passage: Passage, epoch: int) -> None:
    if epoch != passage.sitting.epoch:
        raise Stale("sitting.fenced", position_of(passage))


def _facts_for(tx: Tx, passage: Passage, given: Given) -> Answer | None:
    """Return the answer to decide on: for a file handed back, what this server itself found in it."""
    asked, answer = passage.sitting.current, given.answer
    if asked is None or answer is None or asked.number != given.number:
        return answer
    if passage.sitting.engine.bank.items[asked.item].kind != HAND_BACK:
        return answer
    sent = answer.get("upload") if isinstance(answer, dict) and len(answer) == 1 else None
    facts = uploads.facts_of(tx, passage.id, given.number, sent) if sent is not None else None
    if facts is None:
        raise BadRequest("answer.unknown_upload", field="answer")
    return dict(facts)


def _refused(passage: Passage, refusal: ExamError) -> KioskError:
    """Return the exam's refusal; one that says the page is behind carries where the sitting stands."""
    error = as_refusal(refusal)
    if isinstance(error, Conflict):
        return Stale(error.code, position_of(passage))
    return error


def _keep_summary(tx: Tx, passage: Passage, where: Position, now: int) -> None:
    validated = mastery(passage.sitting).validated
    ended = now if where.status == "to_share" else None
    if ended is not None:
        settled.keep(tx, passage.id, passage.sitting.settled_here())
    store.keep_summary(
        tx,
        passage.id,
        store.Summary(where.status, where.answered, validated, where.progress, now, ended),
    )
