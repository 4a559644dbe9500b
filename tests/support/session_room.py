"""A session led with real processes: planned and opened by commands, its candidates over plain HTTP, its chains read from the files.

A candidate asks again, the same, until the server answers, and says then for how long it could not: as the page does.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import ClientError, ClientSession, CookieJar, TCPConnector
from exam_site import authority, bundle
from processes import Server, free_port, preau, preau_json
from sealed_kit import CODE

from exam.certification.events import Answered
from exam.certification.scale import SCALE
from exam.session.events import Credited
from exam.session.replay import PassageReplay, replay
from kiosk.app import open_kiosk
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.passages import StoredEvent
from kiosk.room_keeper import reopen
from sync.keys import save_public

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from exam.session.attempt import ChainEvent

HEADERS = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "Cactus-piano-lune-7"
PLANNED = (
    *("--site", "Collège", "--room", "204", "--date", "2026-11-26", "--time", "09:00"),
    *("--examiners", "A. Roy"),
)


@dataclass
class Room:
    """A home with an open session, and its server."""

    home: Path
    server: Server
    url: str
    session: dict[str, Any]
    acknowledged: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def number(self) -> str:
        """What people type."""
        return str(self.session["number"])

    def listed(self) -> list[dict[str, Any]]:
        """Return the candidates as the command shows them."""
        found: list[dict[str, Any]] = preau_json(self.home, "session", "show", self.number)["candidates"]
        return found


def letters(number: int) -> str:
    """Return a name for a number: names are compared without figures."""
    return "Nom" + "".join("abcdefghij"[int(digit)] for digit in str(number))


def planned_room(folder: Path, count: int) -> Room:
    """Plan and open a session of so many candidates with commands alone; its server is not started."""
    home = folder / "home"
    preau(home, "init", "--uai", "0750001U", "--name", "Collège des Tilleuls")
    account = ("--username", "diaz", "--role", "principal", "--first", "Paul", "--last", "Diaz")
    preau(home, "account", "add", *account, "--terms-accepted", "--password-stdin", stdin=PASSWORD + "\n")
    (folder / "day.bundle").write_bytes(bundle().data)
    save_public(folder / "authority.pub", authority().public)
    served = f'bank = "{folder / "day.bundle"}"\nbank_signers = ["{folder / "authority.pub"}"]\n'
    (home / "config.toml").write_text(served)
    number = str(preau_json(home, "session", "create", *PLANNED, "--no-gate")["number"])
    lines = [f"{letters(place)};Inès;2012-03-14;33\n" for place in range(count)]
    (folder / "list.csv").write_text("last_name;first_name;birth_date;extra_percent\n" + "".join(lines))
    preau(home, "session", "enrol", number, str(folder / "list.csv"))
    opened = preau_json(home, "session", "open", number, "--day-code-stdin", stdin=CODE + "\n")
    port = free_port()
    words = ["--home", str(home), "serve", "--plain-http", "--port", str(port)]
    server = Server(words, folder / "server.log", f"http://127.0.0.1:{port}/health")
    return Room(home, server, f"http://127.0.0.1:{port}", opened)


class Person:
    """Somebody over plain HTTP, who asks again, the same, until the server answers."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.refused = 0
        """How often the server said that it could not."""
        self.http = ClientSession(
            cookie_jar=CookieJar(unsafe=True), headers=HEADERS, connector=TCPConnector(force_close=True)
        )

    async def ask(self, method: str, path: str, **sent: Any) -> tuple[int, Any]:  # noqa: ANN401 - what aiohttp takes
        """Return status and body of the answer that comes in the end."""
        cut: float | None = None
        while True:
            try:
                if cut is not None:
                    await self.back(round((time.monotonic() - cut) * 1000))
                return await self._once(method, path, **sent)
            except ClientError:
                cut = cut or time.monotonic()
            await asyncio.sleep(0.05)  # the server is down: the next try is soon, as a page's

    async def back(self, cut_ms: int) -> None:
        """Say, before anything else, that the server could not be reached for so long."""

    async def _once(self, method: str, path: str, **sent: Any) -> tuple[int, Any]:  # noqa: ANN401 - what aiohttp takes
        async with self.http.request(method, self.room.url + path, allow_redirects=False, **sent) as reply:
            if reply.status >= 500:
                self.refused += 1
                raise ClientError(f"{reply.status}")
            json = reply.content_type == "application/json"
            return reply.status, await reply.json() if json else await reply.text()

    async def log_in(self) -> None:
        """Sign in as the principal."""
        status, _ = await self.ask("POST", "/api/v1/login", json={"username": "diaz", "password": PASSWORD})
        assert status == 200

    async def act(self, act: str, candidates: list[str], **more: object) -> None:
        """Do an act on candidates."""
        body = {"act": act, "candidates": candidates, **more}
        _, done = await self.ask("POST", f"/api/v1/sessions/{self.room.session['id']}/acts", json=body)
        assert {one["code"] for one in done["done"]} == {""}


class Candidate(Person):
    """One candidate: comes in, then answers until the end."""

    def __init__(self, room: Room, name: str, candidate: str) -> None:
        super().__init__(room)
        self.name, self.id = name, candidate
        self.api = f"/api/v1/passages/{candidate}"
        self.epoch = 0
        self.began = self.ended = 0.0

    async def arrive(self) -> None:
        """Say who is there and give the access code."""
        who = {"number": self.room.number, "last_name": self.name, "first_name": "ines"}
        status, _ = await self.ask("POST", "/exam", data={**who, "day": "14", "month": "3", "year": "2012"})
        assert status == 303
        status, _ = await self.ask("POST", f"/exam/{self.id}/code", data={"code": self.room.session["code"]})
        assert status == 303

    async def begin(self) -> dict[str, Any]:
        """Begin and take the passage; return what is shown."""
        self.began = time.monotonic()
        await self.ask("POST", f"{self.api}/start", json={})
        _, held = await self.ask("POST", f"{self.api}/hold", json={})
        self.epoch = held["epoch"]
        return await self.look()

    async def back(self, cut_ms: int) -> None:
        """Tell the server how long it was away."""
        if self.epoch:
            await self._once("POST", f"{self.api}/beat", json={"epoch": self.epoch, "cut_ms": cut_ms})

    async def look(self) -> dict[str, Any]:
        """Return what is shown."""
        state: dict[str, Any] = (await self.ask("GET", f"{self.api}/next?epoch={self.epoch}"))[1]
        return state

    async def sit(self, chance: random.Random, think: tuple[float, float] = (0.02, 0.12)) -> None:
        """Answer every question; an answer is noted once the server said it is saved."""
        state = await self.begin()
        while state["state"] == "question":
            state = await self.answer(state)
            await asyncio.sleep(chance.uniform(*think))  # a candidate thinks
        self.ended = time.monotonic()

    async def answer(self, state: dict[str, Any]) -> dict[str, Any]:
        """Answer the waiting question until it is saved, note it and return what follows."""
        key = secrets.token_hex(8)
        said = {"number": state["number"], "key": key, "epoch": self.epoch, "answer": "rien"}
        status, reply = await self.ask("POST", f"{self.api}/answers", json=said)
        assert status == 200, reply
        self.room.acknowledged.append((self.id, state["number"], key))
        found: dict[str, Any] = reply["state"]
        return found


@dataclass(frozen=True)
class Passage:
    """A candidate's chain as it is on the disk, and as the rules lead it again."""

    events: list[ChainEvent]
    found: PassageReplay

    @property
    def answers(self) -> list[tuple[int, str]]:
        """Return number and key of each answer kept."""
        return [(event.number, event.key) for event in self.events if isinstance(event, Answered)]

    @property
    def credits(self) -> list[Credited]:
        """Return the losses that were given back."""
        return [event for event in self.events if isinstance(event, Credited)]


async def passages_of(room: Room, candidates: list[str], home: Path | None = None) -> dict[str, Passage]:
    """Read chains from the home, whose server is stopped, and lead each one again."""
    async with open_kiosk(load_config(home or room.home), SystemClock(), secure=False) as kiosk:
        await reopen(kiosk)
        led = kiosk.rooms.get(room.session["id"])

        def lines_of(name: str) -> list[ChainEvent]:
            lines = kiosk.db.read_sync(lambda conn: kiosk.log.events(conn, name))
            return [msgspec.json.decode(line, type=StoredEvent).body for line in lines]

        chains = {name: lines_of(name) for name in candidates}
        return {
            name: Passage(events, replay(led.engine, SCALE, led.paper, events))
            for name, events in chains.items()
        }
