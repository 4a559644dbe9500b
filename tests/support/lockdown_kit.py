"""A locked-down room for tests: machines with keys, extensions that speak to the server, in a browser or without one."""

from __future__ import annotations

import json
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import ClientSession as Session
from aiohttp import ClientWebSocketResponse, CookieJar, WSMsgType
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from exam_site import PLAN, Day, exam_day
from kiosk_site import FrozenClock
from page_browser import ARGUMENTS, CHROMIUM, LARGE
from playwright.async_api import async_playwright

from kiosk.actions import lockdown, room_machines
from kiosk.guarding import GUARD
from kiosk.keys import KIOSK
from kiosk.lockdown.statement import CONTEXT
from kiosk.provision.package import load_or_make_key, unpacked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from exam_site import CandidatePage
    from playwright.async_api import BrowserContext

    from kiosk.actions.room_machines import Prepared
    from kiosk.guarding import Guard
    from kiosk.store.sessions import Lockdown


class RunningClock(FrozenClock):
    """Both clocks, going."""

    def __init__(self) -> None:
        super().__init__()
        self._since = time.monotonic_ns() // 1_000_000

    def _gone(self) -> int:
        return time.monotonic_ns() // 1_000_000 - self._since

    def now_ms(self) -> int:
        """Return the wall clock."""
        return self.wall + self._gone()

    def monotonic_ms(self) -> int:
        """Return the monotonic clock."""
        return self.mono + self._gone()


@asynccontextmanager
async def locked_day(
    home: Path,
    lockdown: Lockdown = "extension",
    clock: FrozenClock | None = None,
    **settings: Any,  # noqa: ANN401 - settings of several types
) -> AsyncIterator[Day]:
    """Open a session that asks for this lock-down."""
    plan = msgspec.structs.replace(PLAN, lockdown=lockdown)
    async with exam_day(home, plan=plan, clock=clock, **settings) as day:
        yield day


def guard_of(day: Day) -> Guard:
    """Return the server's guard."""
    return day.site.server.app[GUARD]


async def prepared(day: Day, label: str) -> Prepared:
    """Return a machine of the room with its key."""
    kiosk = day.site.server.app[KIOSK]
    now = kiosk.clock.now_ms()
    return await kiosk.db.write(lambda tx: room_machines.prepare(tx, label, now))


def base_of(day: Day) -> str:
    """Return where the server answers."""
    return str(day.site.server.make_url("")).rstrip("/")


def extension_folder(day: Day, machine: Prepared, folder: Path) -> Path:
    """Write the extension for developers, with the settings that a managed policy would give this machine."""
    given = {
        "server": base_of(day),
        "machine": machine.id,
        "label": machine.label,
        "key": machine.key,
        "sites": [],
    }
    folder.mkdir(parents=True)
    for name, data in unpacked(base_of(day), load_or_make_key(day.site.home), given).items():
        (folder / name).write_bytes(data)
    return folder


@asynccontextmanager
async def browser_with(extension: Path, profile: Path) -> AsyncIterator[BrowserContext]:
    """Open Chromium with an extension loaded."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            headless=True,
            locale="fr-FR",
            viewport=LARGE,
            args=[*ARGUMENTS, f"--disable-extensions-except={extension}", f"--load-extension={extension}"],
        )
        try:
            yield context
        finally:
            await context.close()


class SpokenLine:
    """An extension's line, spoken by hand: what a real one says, or what somebody would like it to have said."""

    def __init__(self, stream: ClientWebSocketResponse, machine: Prepared) -> None:
        self.stream, self.machine = stream, machine
        self.key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(machine.key))
        self.nonce, self.count = "", 0

    async def hear(self) -> dict[str, Any]:
        """Return what the server says next; `closed` when it says nothing any more."""
        message = await self.stream.receive(timeout=20)
        if message.type is not WSMsgType.TEXT:
            return {"type": "closed"}
        said: dict[str, Any] = json.loads(message.data)
        if said["type"] == "ask":
            self.nonce = said["nonce"]
        return said

    def statement(self, passage: str = "", **changed: Any) -> str:  # noqa: ANN401 - whatever a test changes
        """Return the text of a statement; `facts` and every field may be changed."""
        facts = {
            "focus": True,
            "full": True,
            "windows": 1,
            "tabs": 1,
            "copies": 0,
            "pastes": 0,
            "others": None,
        }
        self.count += 1
        said = {
            "protocol": 1,
            "nonce": self.nonce,
            "count": self.count,
            "machine": self.machine.id,
            "version": "1.0.0",
            "browser": "Chrome/156",
            "passage": passage,
            **changed,
            "facts": {**facts, **changed.get("facts", {})},
        }
        return json.dumps(said)

    def signed(self, said: str, key: Ed25519PrivateKey | None = None) -> str:
        """Return a statement with a signature, by the machine's key unless another is given."""
        signature = (key or self.key).sign(CONTEXT + said.encode()).hex()
        return json.dumps({"said": said, "signature": signature})

    async def say(self, passage: str = "", **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a test changes
        """Say something and return what the server answers to it."""
        await self.stream.send_str(self.signed(self.statement(passage, **changed)))
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """Return the next thing the server says that is no question."""
        while (said := await self.hear())["type"] == "ask":
            pass
        return said


@asynccontextmanager
async def spoken_line(
    day: Day, machine: Prepared, cookies: dict[str, str] | None = None
) -> AsyncIterator[SpokenLine]:
    """Open a line to the server and wait for its first question."""
    async with (
        Session(cookie_jar=CookieJar(unsafe=True), cookies=cookies) as session,
        session.ws_connect(f"{base_of(day)}/live/lockdown") as stream,
    ):
        line = SpokenLine(stream, machine)
        assert (await line.hear())["type"] == "ask"
        yield line


async def at_machine(day: Day, name: str, machine: Prepared) -> CandidatePage:
    """Return a candidate checked in at a prepared machine."""
    page = day.candidate(name)
    async with spoken_line(day, machine) as line:
        said = await line.say()
        claimed = await page.client.post("/api/v1/machines/claim", {"ticket": said["ticket"]})
        assert claimed.body == {"label": machine.label}
    came = await page.arrive()
    assert came.status == 303, came.data
    return page


async def evidence(day: Day, name: str) -> dict[str, tuple[bool, str]]:
    """Return what the log last says of each source."""
    return {
        source: (found.holds, found.code)
        for source in ("extension", "seb", "page")
        if (found := await lockdown.evidence_of(day.site.kiosk, day.ids[name], source))
    }


async def sweep(day: Day) -> None:
    """Let the guard look once at every line, as it does twice a second."""
    guard = guard_of(day)
    await lockdown.sweep(day.site.kiosk, guard.watch, guard.seb)


async def give_code(page: CandidatePage) -> int:
    """Give the access code; return the status of the reply."""
    return (await page.form(f"/exam/{page.id}/code", {"code": page.day.session.code})).status


async def begun_with(day: Day, name: str, machine: Prepared, line: Any) -> CandidatePage:  # noqa: ANN401 - a spoken line
    """Return a candidate who began while the extension spoke on this line."""
    page = await at_machine(day, name, machine)
    assert (await line.say(page.id))["type"] == "proven"
    assert await give_code(page) == 303
    await day.admit(name)
    await page.begin()
    return page


async def events(day: Day, name: str) -> list[bytes]:
    """Return the chain of a candidate as it is kept."""
    return list(await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.ids[name])))


async def ended(day: Day, page: CandidatePage) -> None:
    """Wait until the server has seen that the line is broken."""
    watch, room = guard_of(day).watch, day.site.kiosk.rooms.get(day.session.id)
    while watch.of(page.id, room.clock.now()).lines:
        await lockdown.evidence_of(day.site.kiosk, page.id, "extension")


async def stopped(day: Day, page: CandidatePage) -> None:
    """Let the loss of the extension stop the candidate."""
    await ended(day, page)
    day.site.clock.pass_s(1)
    await page.beat()
    await sweep(day)
    day.site.clock.pass_s(1)
    await sweep(day)
    assert (await day.row(page.name)).state == "extension_missing"
