"""Watches over rooms whose machines are locked down: one guard a server, which looks twice a second while a session is open.

The guard keeps what is only true while the server runs: live lines of extensions, tickets by which a browser learns which
machine it is, and when Safe Exam Browser last proved itself. `kiosk.actions.lockdown` decides and writes.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from typing import TYPE_CHECKING

import structlog
from aiohttp.web import AppKey

from kiosk.actions import lockdown
from kiosk.errors import KioskError
from kiosk.keys import KIOSK
from kiosk.lockdown.watch import Watch
from sync.transaction import DatabaseError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.web import Application

    from kiosk.keys import Kiosk

EVERY_S = 0.5
TICKET_MS = 60_000
TICKETS_MAX = 2000
A_MINUTE_MS = 60_000
REFUSALS_A_MINUTE = 120


class Guard:
    """What is live of the lock-down of every open session. Used from the event loop only."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.lines = 0
        self.machines: Counter[str] = Counter()
        """Proven lines, by machine."""
        self.seb: dict[str, int] = {}
        """When Safe Exam Browser last proved itself, on the session's clock, by candidate."""
        self._tickets: dict[str, tuple[str, int]] = {}
        self._numbers = 0
        self._refused: list[int] = []

    def number(self) -> int:
        """Return a number for a new line."""
        self._numbers += 1
        return self._numbers

    def may_count(self, now_ms: int) -> bool:
        """Say whether one more refusal is written down: many in a minute are one attack, and answers need the writer."""
        self._refused = [at for at in self._refused if 0 <= now_ms - at < A_MINUTE_MS]
        if len(self._refused) >= REFUSALS_A_MINUTE:
            return False
        self._refused.append(now_ms)
        return True

    def ticket_for(self, machine: str, now_ms: int) -> str:
        """Return a ticket, good once and for a minute, by which a page becomes this machine's."""
        self._tickets = {name: one for name, one in self._tickets.items() if one[1] > now_ms}
        while len(self._tickets) >= TICKETS_MAX:
            del self._tickets[next(iter(self._tickets))]
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = (machine, now_ms + TICKET_MS)
        return ticket

    def machine_by(self, ticket: str, now_ms: int) -> str | None:
        """Return the machine of a ticket and use it up, None when it is no longer good."""
        machine, until = self._tickets.pop(ticket, ("", 0))
        return machine if until > now_ms else None


GUARD: AppKey[Guard] = AppKey("guard")


def add_guarding(app: Application) -> None:
    """Give the application its guard."""
    app[GUARD] = Guard()
    app.cleanup_ctx.append(_guarding)


async def _guarding(app: Application) -> AsyncIterator[None]:
    task = asyncio.create_task(_go_on(app[KIOSK], app[GUARD]), name="guard")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _go_on(kiosk: Kiosk, guard: Guard) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        if not kiosk.rooms.all():
            continue
        try:
            await lockdown.sweep(kiosk, guard.watch, guard.seb)
        except (DatabaseError, KioskError, OSError) as problem:
            # The next look is in half a second; what cannot be saved is told where answers are refused.
            structlog.get_logger().warning("lock-down not looked at", reason=str(problem))
