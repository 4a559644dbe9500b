"""The extension in a real Firefox ESR, installed from this server by the very file that provisioning writes for its machine.

One policy is left out: the one that forbids developer tools forbids remote control too, and a test is nothing else.
"""

from __future__ import annotations

import json
from asyncio import start_server
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from firefox import RemoteError, firefox_with
from lockdown_kit import RunningClock, base_of, events, guard_of, locked_day, prepared

from kiosk.actions import lockdown
from kiosk.provision.files import FIREFOX, Target, files_of
from kiosk.provision.package import GECKO_ID

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator
    from pathlib import Path

    from exam_site import Day
    from firefox import Firefox

    from kiosk.actions.room_machines import Prepared

LISTED, UNLISTED = "127.0.0.2", "127.0.0.3"
"""Two more sites: the settings of the extension list one of them."""
FETCH = """return fetch(arguments[0], { cache: "no-store" }).then(() => "", String);"""
LEAVE = "location.href = arguments[0];"
REPLY = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

pytestmark = pytest.mark.journey


def policies_of(day: Day, machine: Prepared) -> dict[str, object]:
    """Return the policies that provisioning writes for a machine, but for what would keep a test out."""
    target = Target(machine, base_of(day), "a" * 32, "examen", None)
    written = {file.path: file.data for file in files_of(target)}
    found: dict[str, dict[str, dict[str, dict[str, object]]]]
    found = json.loads(written[f"{FIREFOX[0]}/policies.json"])["policies"]
    found["3rdparty"]["Extensions"][GECKO_ID]["sites"] = [LISTED]
    del found["DisableDeveloperTools"]
    return {"policies": found}


@asynccontextmanager
async def room(tmp_path: Path) -> AsyncIterator[tuple[Day, Firefox]]:
    """Open a session that requires the extension, and Firefox on the machine P07."""
    async with locked_day(tmp_path / "home", clock=RunningClock()) as day:
        object.__setattr__(day.site.kiosk.config, "public_address", base_of(day))
        async with firefox_with(policies_of(day, await prepared(day, "P07")), tmp_path) as firefox:
            yield day, firefox


@asynccontextmanager
async def neighbours(asked: list[str]) -> AsyncIterator[list[str]]:
    """Serve an empty page on another port of the server's name, which Firefox's own filter lets open, and on two sites.

    Gives the three addresses; `asked` gets what each request asked for.
    """

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        asked.append((await reader.readline()).decode())
        while await reader.readline() not in {b"\r\n", b""}:
            pass
        writer.write(REPLY)
        writer.close()

    async with await start_server(answer, ["127.0.0.1", LISTED, UNLISTED], 0) as server:
        found = sorted(socket.getsockname() for socket in server.sockets)
        yield [f"http://{host}:{port}/" for host, port in found]


async def begin(day: Day, firefox: Firefox) -> None:
    """Come in as Inès, and begin once the extension vouches for the machine."""
    for name, value in day.candidate("ines").identity().items():
        await firefox.fill(f"[name={name}]", value)
    await firefox.click("main form button.do")
    await firefox.sees("[data-lockdown=there]")
    await firefox.fill("[name=code]", day.session.code)
    await firefox.click("main form button.do")
    await firefox.sees("body", "Cette page avance toute seule")
    await day.admit("ines")
    await firefox.sees("body:not(.waiting) #item input")


async def test_a_test_in_firefox_is_vouched_for_confined_and_stopped_when_its_extension_goes(
    tmp_path: Path,
) -> None:
    asked: list[str] = []
    async with neighbours(asked) as (other, listed, unlisted), room(tmp_path) as (day, firefox):
        await firefox.goto(f"{base_of(day)}/exam")
        await firefox.sees(".plate b", "P07")
        assert list(guard_of(day).machines.values()) == [1], "a nonce was answered with the machine's key"
        page, beside = await firefox.tab(), await firefox.new_tab()
        await firefox.goto(other)
        assert [await firefox.run(FETCH, url) for url in (other, unlisted)] == ["", ""]
        assert "NetworkError" in await firefox.run(FETCH, listed), "a listed site, from the door on"

        await firefox.turn_to(page)
        await begin(day, firefox)
        assert await lockdown.refusals(day.site.kiosk, day.session.id) == []
        await firefox.turn_to(beside)
        for url in (other, unlisted, listed):
            assert "NetworkError" in await firefox.run(FETCH, url)
        await firefox.run(LEAVE, f"{other}elsewhere")
        with pytest.raises(RemoteError, match="blockedByPolicy"):
            await firefox.goto("https://chatgpt.com/")
        await firefox.goto(f"{base_of(day)}/help")

        await firefox.turn_to(page)
        await firefox.command("Addon:Uninstall", id=GECKO_ID)
        await firefox.sees("#held-title", "L’extension ne répond pas sur ce poste")
        assert (await day.row("ines")).state == "extension_missing"
        told = [line for line in await events(day, "ines") if b'"gone"' in line]
        assert sum(b'"lockdown_evidence"' in line for line in told) == 1
    assert not any("elsewhere" in line for line in asked)
