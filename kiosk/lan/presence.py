"""Keeping the server findable and trusted while it runs: a machine may start before its network, or change address.

Every minute the addresses are read again. When they change, or the certificate nears its end, the certificate is
made anew and used for the next connections (those open go on), and the announcement follows. Nothing restarts.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from kiosk.lan.addresses import lan_addresses
from kiosk.lan.ca import TlsError, authority_der, ensure_certificate, load_chain
from kiosk.lan.discovery import Announcer
from kiosk.lan.words import certificate_hex

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from kiosk.lan.addresses import Address

EVERY_S = 60.0
log = structlog.get_logger()


class Presence:
    """One server on its network; `names` are its host names, the first one announced when `announce`."""

    def __init__(  # noqa: PLR0913 - the facts of one server, given once
        self,
        home: Path,
        names: Sequence[str],
        port: int,
        context: ssl.SSLContext,
        *,
        announce: bool,
        addresses: Callable[[], list[Address]] = lan_addresses,
    ) -> None:
        self._home = home
        self._names = names
        self._port = port
        self._context = context
        self._announce = announce
        self._addresses = addresses
        self._shown: list[Address] | None = None
        self._announcer: Announcer | None = None

    async def look(self, now: datetime) -> bool:
        """Read the addresses again and follow them; True when the certificate was made anew."""
        found = await asyncio.to_thread(self._addresses)
        try:
            renewed = await asyncio.to_thread(ensure_certificate, self._home, self._names, found, now)
        except (TlsError, OSError) as error:
            log.warning("certificate_not_renewed", reason=str(error))  # the one in use goes on serving
            return False
        if renewed:
            load_chain(self._context, self._home)
            log.info("certificate_renewed", addresses=[str(address) for address in found])
        if self._announce and found != self._shown:
            await self._announce_at(found)
        return renewed

    async def _announce_at(self, found: list[Address]) -> None:
        await self.withdraw()
        self._shown = found
        authority = await asyncio.to_thread(authority_der, self._home)
        fingerprint = certificate_hex(authority) if authority else ""
        self._announcer = Announcer(self._names[0], self._port, fingerprint, found)
        self._announcer.start()

    async def withdraw(self) -> None:
        """Take the announcement back."""
        announcer, self._announcer = self._announcer, None
        if announcer is not None:
            await announcer.stop()

    async def follow(self) -> None:
        """Look now, then every minute, until cancelled."""
        while True:
            await self.look(datetime.now(UTC))
            await asyncio.sleep(EVERY_S)


@asynccontextmanager
async def present(presence: Presence) -> AsyncIterator[None]:
    """Follow the network inside a `with`, from a task of its own: the server never waits for it."""
    task = asyncio.create_task(presence.follow(), name="presence")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await presence.withdraw()
