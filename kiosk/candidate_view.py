"""One candidate as those in charge of the room see them, made from what is folded in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from exam.session.acts import CandidateAct, offered
from exam.session.ledger import LEAST_LOSS_MS
from exam.session.passage import ACTIVE, State

if TYPE_CHECKING:
    from kiosk.passages import Entry

Need = Literal[
    "alert",
    "extension_missing",
    "silent",
    "call",
    "resume_asked",
    "leftover",
    "waiting",
    "left",
    "overtime",
    "",
]
"""Why a supervisor is wanted, most urgent first; empty when nobody is."""

NEEDS: tuple[Need, ...] = (
    "alert",
    "extension_missing",
    "silent",
    "call",
    "resume_asked",
    "leftover",
    "waiting",
    "left",
    "overtime",
    "",
)
SILENT_MS = 12_000


class CreditView(msgspec.Struct, frozen=True):
    """Time given back after a loss: its number, cause, seconds, and whether it counts (false once vetoed)."""

    credit: int
    cause: str
    seconds: int
    counts: bool


class TakenBackView(msgspec.Struct, frozen=True):
    """A report the candidate took back before anyone ruled: of which question, after how many seconds of stopped time."""

    number: int
    seconds: int


class CandidateView(msgspec.Struct, frozen=True):
    """One line of the supervisor's screen; times in seconds, `ends_at` on the wall clock, in milliseconds."""

    id: str
    first_name: str
    last_name: str
    birth_date: str
    division: str | None
    external_id: str | None
    extra_percent: int
    adjusted: bool
    machine: str
    seat: str
    state: State
    stopped: list[str]
    called: bool
    number: int
    answered: int
    epoch: int
    remaining_s: int | None
    overtime_s: int
    ends_at: int | None
    running: bool
    silent_s: int
    alert: int | None
    """Number of the question under alert."""
    alert_reasons: list[str]
    """Codes an alert may be validated for."""
    taken_back: list[TakenBackView]
    credits: list[CreditView]
    leftovers: int
    asking: str
    """Seat of a machine that asks to take this passage over, empty without any."""
    evidence: dict[str, bool]
    ended: str
    acts: list[CandidateAct]
    need: Need


def _times(entry: Entry, t: int) -> tuple[int, int, int]:
    """Return, in milliseconds, how long the page has been silent, what remains (below 0: overtime), and the overtime shown."""
    passage, ledger = entry.attempt.passage, entry.attempt.passage.ledger
    silent = entry.room.silent_ms(entry.id) if passage.state in ACTIVE else 0
    # While a page is silent the time it loses is not taken yet: it will be given back.
    lost = silent if silent >= LEAST_LOSS_MS and ledger.running else 0
    remaining = ledger.remaining_ms(t) + lost
    runs = ledger.started is not None and passage.state != "ended"
    return silent, remaining, max(0, -remaining) if runs else 0


def changes_by_itself(entry: Entry, t: int) -> bool:
    """Return whether time alone changes what is said of this candidate: a silent page, or overtime."""
    silent, _, over = _times(entry, t)
    return silent >= SILENT_MS or over >= 1000


def candidate_view(entry: Entry, t: int, wall_ms: int) -> CandidateView:
    """Return a candidate at an instant of the session, which is `wall_ms` on the wall clock."""
    passage, who = entry.attempt.passage, entry.who
    ledger, labels = passage.ledger, entry.room.labels
    begun = ledger.started is not None
    silent, remaining, over = _times(entry, t)
    ends = ledger.ends_at(t)
    return CandidateView(
        id=entry.id,
        first_name=who.first_name,
        last_name=who.last_name,
        birth_date=who.birth_date,
        division=who.division,
        external_id=who.external_id,
        extra_percent=entry.extra_percent,
        adjusted=entry.adjusted,
        machine=passage.machine,
        seat=labels.get(passage.machine, ""),
        state=passage.state,
        stopped=sorted(ledger.stopped),
        called=passage.called,
        number=entry.attempt.number,
        answered=passage.answered,
        epoch=passage.epoch,
        remaining_s=max(0, -(-remaining // 1000)) if begun else None,
        overtime_s=over // 1000,
        ends_at=wall_ms + remaining if ends is not None else None,
        running=ledger.running,
        silent_s=silent // 1000 if silent >= SILENT_MS else 0,
        alert=entry.attempt.number if "alert" in ledger.stopped else None,
        alert_reasons=entry.alert_reasons() if "alert" in ledger.stopped else [],
        taken_back=[TakenBackView(one.number, one.after_ms // 1000) for one in passage.taken_back],
        credits=[
            CreditView(number, loss.cause, (loss.end - loss.start) // 1000, loss.counts)
            for number, loss in ledger.losses.items()
        ],
        leftovers=entry.leftovers,
        asking=labels.get(entry.asking, ""),
        evidence={source: one.holds for source, one in passage.evidence.items()},
        ended=passage.ended,
        acts=offered(passage, "supervisor"),
        need=_need(entry, silent, remaining),
    )


def _need(entry: Entry, silent: int, remaining: int) -> Need:
    passage = entry.attempt.passage
    active = passage.state in ACTIVE
    wanted: dict[Need, bool] = {
        "alert": "alert" in passage.ledger.stopped,
        "extension_missing": "lockdown" in passage.ledger.stopped,
        "silent": active and silent >= SILENT_MS,
        "call": passage.called,
        "resume_asked": bool(entry.asking),
        "leftover": entry.leftovers > 0,
        "waiting": passage.state == "waiting",
        "left": passage.state == "left",
        "overtime": active and remaining < 0,
    }
    return next((need for need in NEEDS if wanted.get(need, False)), "")
