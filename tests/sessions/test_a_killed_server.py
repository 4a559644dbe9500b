"""A real server killed in the middle of a real session: nothing acknowledged is lost, and nobody has to be fetched."""

from __future__ import annotations

import asyncio
import random
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from aiohttp import ClientError, ClientSession, CookieJar, TCPConnector
from exam_site import authority, bundle
from processes import Server, free_port, preau, preau_json
from sealed_kit import CODE

from exam.certification.events import Answered
from exam.certification.scale import SCALE
from exam.session.events import Credited
from exam.session.replay import replay
from kiosk.app import open_kiosk
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.passages import StoredEvent
from kiosk.room_keeper import reopen
from sync.keys import save_public

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 3
NAMES = ("Albert", "Benali", "Costa", "Dubois")
HEADERS = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "Cactus-piano-lune-7"


@dataclass
class Room:
    """A home with an open session, and its server."""

    home: Path
    server: Server
    url: str
    session: dict[str, Any]
    acknowledged: list[tuple[str, int, str]] = field(default_factory=list)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Plan and open a session of four candidates with commands alone."""
    home = tmp_path / "home"
    preau(home, "init", "--uai", "0750001U", "--name", "Collège des Tilleuls")
    account = ("--username", "diaz", "--role", "principal", "--first", "Paul", "--last", "Diaz")
    preau(home, "account", "add", *account, "--terms-accepted", "--password-stdin", stdin=PASSWORD + "\n")
    (tmp_path / "day.bundle").write_bytes(bundle().data)
    save_public(tmp_path / "authority.pub", authority().public)
    key = ("--public-key", str(tmp_path / "authority.pub"))
    preau(home, "session", "bank", str(tmp_path / "day.bundle"), *key)
    plan = (
        "--site",
        "Collège",
        "--room",
        "204",
        "--date",
        "2026-11-26",
        "--time",
        "09:00",
        "--examiners",
        "A. Roy",
    )
    number = str(preau_json(home, "session", "create", *plan, "--no-gate")["number"])
    listed = tmp_path / "list.csv"
    listed.write_text(
        "last_name;first_name;birth_date;extra_percent\n"
        + "".join(f"{one};Inès;2012-03-14;33\n" for one in NAMES)
    )
    preau(home, "session", "enrol", number, str(listed))
    opened = preau_json(home, "session", "open", number, "--day-code-stdin", stdin=CODE + "\n")
    port = free_port()
    words = ["--home", str(home), "serve", "--plain-http", "--port", str(port)]
    server = Server(words, tmp_path / "server.log", f"http://127.0.0.1:{port}/health")
    return Room(home, server, f"http://127.0.0.1:{port}", opened)


class Person:
    """Somebody over plain HTTP, who asks again, the same, until the server answers."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.http = ClientSession(
            cookie_jar=CookieJar(unsafe=True), headers=HEADERS, connector=TCPConnector(force_close=True)
        )

    async def ask(self, method: str, path: str, **sent: Any) -> tuple[int, Any]:  # noqa: ANN401 - what aiohttp takes
        """Return status and body of the answer that comes in the end."""
        while True:
            try:
                async with self.http.request(
                    method, self.room.url + path, allow_redirects=False, **sent
                ) as reply:
                    if reply.status < 500:
                        json = reply.content_type == "application/json"
                        return reply.status, await reply.json() if json else await reply.text()
            except ClientError:
                pass
            await asyncio.sleep(0.05)  # the server is down: the next try is soon, as a page's

    async def log_in(self) -> None:
        """Sign in as the principal."""
        status, _ = await self.ask("POST", "/api/v1/login", json={"username": "diaz", "password": PASSWORD})
        assert status == 200


class Candidate(Person):
    """One candidate: comes in, then answers until the end."""

    def __init__(self, room: Room, name: str, candidate: str) -> None:
        super().__init__(room)
        self.name, self.id = name, candidate
        self.api = f"/api/v1/passages/{candidate}"
        self.epoch = 0

    async def arrive(self) -> None:
        """Say who is there and give the access code."""
        who = {"number": str(self.room.session["number"]), "last_name": self.name, "first_name": "ines"}
        status, _ = await self.ask("POST", "/exam", data={**who, "day": "14", "month": "3", "year": "2012"})
        assert status == 303
        status, _ = await self.ask("POST", f"/exam/{self.id}/code", data={"code": self.room.session["code"]})
        assert status == 303

    async def begin(self) -> dict[str, Any]:
        """Begin and take the passage; return what is shown."""
        await self.ask("POST", f"{self.api}/start", json={})
        _, held = await self.ask("POST", f"{self.api}/hold", json={})
        self.epoch = held["epoch"]
        return await self.look()

    async def look(self) -> dict[str, Any]:
        """Return what is shown."""
        state: dict[str, Any] = (await self.ask("GET", f"{self.api}/next?epoch={self.epoch}"))[1]
        return state

    async def sit(self, chance: random.Random) -> None:
        """Answer every question; an answer is noted once the server said it is saved."""
        state = await self.begin()
        while state["state"] == "question":
            key = secrets.token_hex(8)
            said = {"number": state["number"], "key": key, "epoch": self.epoch, "answer": "rien"}
            _, reply = await self.ask("POST", f"{self.api}/answers", json=said)
            self.room.acknowledged.append((self.id, state["number"], key))
            state = reply["state"]
            await asyncio.sleep(chance.uniform(0.02, 0.12))  # a candidate thinks


async def killed(room: Room, idle: Candidate, times: int) -> None:
    """Kill the server and start it again, several times, while answers are under way."""
    for turn in range(1, times + 1):
        while len(room.acknowledged) < turn * 22:  # noqa: ASYNC110 - what is waited for is other tasks' work
            await asyncio.sleep(0.01)  # polls the condition above
        before = await idle.look()
        room.server.kill()
        await asyncio.to_thread(room.server.start)
        assert (await idle.ask("POST", f"{idle.api}/beat", json={"epoch": idle.epoch}))[0] == 200
        after = await idle.look()
        assert after["question"] == before["question"]
        assert (after["number"], after["epoch"]) == (1, idle.epoch)


async def test_three_kills_lose_no_answer_and_the_room_goes_on_by_itself(room: Room) -> None:
    room.server.start()
    shown = preau_json(room.home, "session", "show", str(room.session["number"]))["candidates"]
    people = [Candidate(room, one["last_name"], one["id"]) for one in shown]
    chief = Person(room)
    try:
        await asyncio.gather(*(one.arrive() for one in people))
        await chief.log_in()
        act = {"act": "admit", "candidates": [one.id for one in people]}
        _, done = await chief.ask("POST", f"/api/v1/sessions/{room.session['id']}/acts", json=act)
        assert {one["code"] for one in done["done"]} == {""}
        idle, *sitting = people
        await idle.begin()
        await asyncio.gather(
            killed(room, idle, KILLS), *(one.sit(random.Random(seed)) for seed, one in enumerate(sitting))
        )
    finally:
        for one in (*people, chief):
            await one.http.close()
        room.server.stop()
    assert len(room.acknowledged) == 32 * len(sitting)
    await check_chains(room, [one.id for one in sitting], idle.id)
    closed = preau_json(room.home, "session", "close", str(room.session["number"]))
    assert closed["status"] == "closed"
    seen = preau_json(room.home, "session", "show", str(room.session["number"]))["candidates"]
    assert {one["id"]: one["end_reason"] for one in seen}[idle.id] == "finalised"
    assert preau_json(room.home, "session", "list")["sessions"][0]["status"] == "closed"


async def check_chains(room: Room, ended: list[str], idle: str) -> None:
    """Check what is on the disk: every acknowledged answer once, every passage as the rules lead it again."""
    async with open_kiosk(load_config(room.home), SystemClock(), secure=False) as kiosk:
        await reopen(kiosk)
        led = kiosk.rooms.get(room.session["id"])
        chains = {
            name: [
                msgspec.json.decode(line, type=StoredEvent).body
                for line in await kiosk.db.read(lambda conn, name=name: kiosk.log.events(conn, name))  # type: ignore[misc] # mypy cannot infer a lambda with a default
            ]
            for name in (*ended, idle)
        }
        for name, events in chains.items():
            found = replay(led.engine, SCALE, led.paper, events)
            assert found.identical, (name, found)
        kept = [
            (name, event.number, event.key)
            for name, events in chains.items()
            for event in events
            if isinstance(event, Answered)
        ]
        assert sorted(kept) == sorted(room.acknowledged)
        lost = [event for event in chains[idle] if isinstance(event, Credited)]
        assert [event.cause for event in lost] == ["server"] * KILLS
