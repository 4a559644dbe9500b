"""The announcement reaches a browser of the network, and never stands in the way."""

from __future__ import annotations

from ipaddress import ip_address

from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from kiosk.lan.discovery import SERVICE, Announcer

LOOPBACK = [ip_address("127.0.0.1")]


async def ask(label: str) -> AsyncServiceInfo | None:
    """Look `label` up over loopback multicast, as a machine of the room would."""
    client = AsyncZeroconf(interfaces=["127.0.0.1"])
    try:
        return await client.async_get_service_info(SERVICE, f"{label}.{SERVICE}", 4000)
    finally:
        await client.async_close()


async def test_the_server_is_found_with_its_port_address_and_fingerprint() -> None:
    announcer = Announcer("preau-test", 20443, "0123456789abcdef", LOOPBACK)
    announcer.start()
    try:
        assert await announcer.announced()
        found = await ask("preau-test")
    finally:
        await announcer.stop()
    assert found is not None
    assert (found.port, found.parsed_addresses(), found.server) == (20443, ["127.0.0.1"], "preau-test.local.")
    assert found.properties[b"fp"] == b"0123456789abcdef"


async def test_an_interface_that_does_not_exist_only_warns() -> None:
    announcer = Announcer("preau-nowhere", 20443, "00", [ip_address("192.168.255.254")])
    announcer.start()
    assert not await announcer.announced()
    await announcer.stop()


async def test_without_a_private_network_nothing_is_announced() -> None:
    announcer = Announcer("preau-alone", 20443, "00", [])
    announcer.start()
    assert not await announcer.announced()
    await announcer.stop()


async def test_stopping_at_once_leaves_nothing_open() -> None:
    announcer = Announcer("preau-brief", 20443, "00", LOOPBACK)
    announcer.start()
    await announcer.stop()
    assert not await ask_quickly("preau-brief")


async def ask_quickly(label: str) -> bool:
    client = AsyncZeroconf(interfaces=["127.0.0.1"])
    try:
        return await client.async_get_service_info(SERVICE, f"{label}.{SERVICE}", 300) is not None
    finally:
        await client.async_close()
