"""What has left for the central instance and what waits: read from the daemon's notes, in the school's own time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.screens.staff_views import local_or_none
from sync.exchange import status

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.keys import Kiosk


@dataclass(frozen=True)
class ExchangeView:
    """The principal's view of the link with the central instance; `state` is the daemon's word for its last try."""

    enrolled: bool
    central: str
    contact: datetime | None
    waiting: int
    receipts: int
    refused: int
    state: str


async def exchange(kiosk: Kiosk) -> ExchangeView:
    """Return where the exchange stands now."""
    found = await asyncio.to_thread(status, kiosk.config.home)
    return ExchangeView(
        enrolled=found.enrolled,
        central=found.central,
        contact=local_or_none(found.last_contact_ms),
        # Counted from the log: the daemon's own count is that of its last round, and it may never have run.
        waiting=max(0, kiosk.log.records - found.receipts),
        receipts=found.receipts,
        refused=found.refused,
        state=found.state,
    )
