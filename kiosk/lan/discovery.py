"""Announcing the server on the room's network by mDNS: a hint for finding it, never a proof of who it is.

The announcement carries the key's fingerprint so that a client can compare. It never delays or prevents the
start of the server: a network without multicast only earns a warning in the journal.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from zeroconf import Error as ZeroconfError
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.lan.addresses import Address

SERVICE = "_preau._tcp.local."
STOP_WITHIN = 3.0
"""Seconds granted to say goodbye: after that the network forgets us by itself."""

log = structlog.get_logger()


def _held(address: str) -> bool:
    """Whether this machine holds `address` now: a cable may have been pulled since it was listed."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


class Announcer:
    """Keeps `_preau._tcp` announced from `start` to `stop`, on the interfaces of `addresses` only."""

    def __init__(
        self, label: str, port: int, fingerprint: str, addresses: Sequence[Address], *, tls: bool = True
    ) -> None:
        self._addresses = [str(address) for address in addresses]
        self._info = AsyncServiceInfo(
            SERVICE,
            f"{label}.{SERVICE}",
            port=port,
            server=f"{label}.local.",
            addresses=[address.packed for address in addresses],
            properties={"v": "1", "fp": fingerprint, "tls": "1" if tls else "0", "path": "/"},
        )
        self._zeroconf: AsyncZeroconf | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin announcing in the background and return at once."""
        self._task = asyncio.create_task(self._announce(), name="announce")

    async def announced(self) -> bool:
        """Wait for the attempt to end; whether the network now knows this server."""
        if self._task is not None:
            await self._task
        return self._zeroconf is not None

    async def _announce(self) -> None:
        interfaces = [address for address in self._addresses if _held(address)]
        if not interfaces:
            log.warning("announce_skipped", reason="no private network")
            return
        zeroconf: AsyncZeroconf | None = None
        try:
            zeroconf = AsyncZeroconf(interfaces=interfaces)
            # A second server of the same name gets a number rather than a refusal.
            await (await zeroconf.async_register_service(self._info, allow_name_change=True))
        except (OSError, ZeroconfError) as error:
            log.warning("announce_failed", reason=str(error) or type(error).__name__)
            if zeroconf is not None:
                await zeroconf.async_close()
            return
        except asyncio.CancelledError:
            if zeroconf is not None:
                await zeroconf.async_close()
            raise
        self._zeroconf = zeroconf
        log.info("announced", name=self._info.name, port=self._info.port)

    async def stop(self) -> None:
        """Withdraw the announcement, within a few seconds whatever the network does."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is None:
            return
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await (await zeroconf.async_unregister_service(self._info))
        except (OSError, ZeroconfError, TimeoutError) as error:
            log.warning("withdraw_failed", reason=str(error) or type(error).__name__)
        finally:
            await zeroconf.async_close()
