"""Letting a candidate in without lock-down: somebody in charge says so, for a reason, and it is in the session's chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.session.acts import NeedsReason
from kiosk.actions.room_acts import Done, Order, each_in
from kiosk.store import lockdown as store
from kiosk.store.lockdown import Waiver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.session.attempt import ChainEvent
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.passages import Entry
    from sync.db import Tx

LONGEST = 300


async def waive(
    kiosk: Kiosk, actor: Actor, session: str, candidates: Sequence[str], reason: str
) -> list[Done]:
    """Let candidates begin on machines nothing vouches for; return what became of it for each."""
    now = kiosk.clock.now_ms()

    def decide(tx: Tx, entry: Entry, t: int) -> Sequence[ChainEvent]:
        del t
        if not reason.strip():
            raise NeedsReason(detail="waive_lockdown")
        store.keep_waiver(tx, entry.id, Waiver(actor.key, reason.strip()[:LONGEST]), now)
        return []

    return await each_in(kiosk, actor, session, Order("waive_lockdown", candidates, reason), decide)
