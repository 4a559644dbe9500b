"""A server whose address changes, or that started before its network, stays trusted without restarting."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from kiosk.lan import ca
from kiosk.lan.presence import Presence, present

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.lan.addresses import Address

NOW = datetime.now(UTC)


class Network:
    """Addresses that a test changes."""

    def __init__(self) -> None:
        self.addresses: list[Address] = []

    def __call__(self) -> list[Address]:
        """Return the addresses of this moment."""
        return self.addresses


async def handshake(context: ssl.SSLContext, home: Path, host: str) -> None:
    """Connect to a server using `context` as a client that trusts the authority and asks for `host`."""
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        closed.set()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with listening:
        trust = ssl.create_default_context(cadata=ca.authority_der(home))
        port = listening.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname=host)
        writer.close()
        await writer.wait_closed()
        await closed.wait()


async def test_an_address_that_comes_later_is_trusted_by_the_same_context(tmp_path: Path) -> None:
    network = Network()
    context = ca.ensure_tls(tmp_path, ["preau"], [], NOW)
    presence = Presence(tmp_path, ["preau"], 20443, context, announce=False, addresses=network)
    with pytest.raises(ssl.SSLCertVerificationError):
        await handshake(context, tmp_path, "192.168.4.10")
    network.addresses = [ip_address("192.168.4.10")]
    assert await presence.look(NOW)
    await handshake(context, tmp_path, "192.168.4.10")
    assert not await presence.look(NOW)


async def test_a_damaged_authority_leaves_the_server_serving(tmp_path: Path) -> None:
    network = Network()
    context = ca.ensure_tls(tmp_path, ["preau"], [], NOW)
    presence = Presence(tmp_path, ["preau"], 20443, context, announce=False, addresses=network)
    authority = tmp_path / "tls" / "ca.crt"
    kept = authority.read_bytes()
    authority.write_bytes(b"cut")
    assert not await presence.look(NOW)
    authority.write_bytes(kept)
    await handshake(context, tmp_path, "127.0.0.1")


async def test_it_announces_what_it_holds_and_withdraws_at_the_end(tmp_path: Path) -> None:
    network = Network()
    network.addresses = [ip_address("127.0.0.1")]
    context = ca.ensure_tls(tmp_path, ["preau-presence"], [], NOW)
    presence = Presence(tmp_path, ["preau-presence"], 20443, context, announce=True, addresses=network)
    await presence.look(NOW)
    announcer = presence._announcer
    assert announcer is not None
    assert await announcer.announced()
    await presence.withdraw()
    assert presence._announcer is None


async def test_following_ends_with_its_block_and_leaves_nothing_open(tmp_path: Path) -> None:
    context = ca.ensure_tls(tmp_path, ["preau"], [], NOW)
    async with present(Presence(tmp_path, ["preau"], 20443, context, announce=True, addresses=Network())):
        await asyncio.sleep(0)
