"""What vouches for the lock-down of a candidate's machine: kept as evidence, and a stop when it fails. No person acts here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.errors import ExamError
from exam.session.passage import ACTIVE
from exam.session.time_decisions import decide_evidence, decide_stop
from kiosk.passage_place import place_of
from kiosk.passages import EVENTS_MAX
from kiosk.refused_by_exam import as_refusal
from kiosk.room_news import tell_place

if TYPE_CHECKING:
    from exam.session.events import Grade
    from kiosk.keys import Kiosk
    from kiosk.passage_place import Place
    from sync.db import Tx


async def note(kiosk: Kiosk, candidate: str, source: Grade, code: str, *, holds: bool) -> bool:
    """Keep what now vouches for the lock-down, once; return whether it is new. A change alone is written."""
    return await _keep(kiosk, candidate, source, code, holds=holds, freeze=False)


async def freeze(kiosk: Kiosk, candidate: str, source: Grade, code: str) -> bool:
    """Keep that the lock-down failed and stop the candidate until someone clears it; return whether it is new.

    A lock-down that flaps stops once: what is stopped already is not stopped again.
    """
    return await _keep(kiosk, candidate, source, code, holds=False, freeze=True)


async def _keep(  # noqa: PLR0913 - one fact and what it leads to
    kiosk: Kiosk, candidate: str, source: Grade, code: str, *, holds: bool, freeze: bool
) -> bool:
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Place | None:
        entry = kiosk.passages.get(tx, candidate)
        passage, t = entry.attempt.passage, entry.room.clock.now()
        # A lock-down that flaps says nothing new while it already stops the candidate, and never fills the chain.
        flaps = ("lockdown" in passage.ledger.stopped and not holds) or entry.seq > EVENTS_MAX
        try:
            events = [] if flaps else decide_evidence(passage, source, code, t, holds=holds)
            if freeze and passage.state in ACTIVE:
                events += decide_stop(passage, "lockdown", "server", code, t)
        except ExamError as refusal:
            raise as_refusal(refusal) from None
        kiosk.passages.append(tx, entry, events, now)
        return place_of(entry, t) if events else None

    where = await kiosk.db.write(job)
    if where is not None:
        tell_place(kiosk, where)
    return where is not None
