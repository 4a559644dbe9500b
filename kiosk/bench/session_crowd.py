"""The crowd of `preau bench room`: candidates start together and answer, each as a page does, while supervisors' screens follow.

Each candidate is a browser of its own, at an address of its own of 127.0.0.0/8: check-in, code, page, stream of its passage and
a beat at each tick. A screen's delay runs from the moment an answer is sent to the moment the screen is told of it.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar, TCPConnector

from kiosk.bench.pupils import Question, answer_to
from kiosk.bench.session import BORN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from kiosk.bench.session import Hall

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Where(msgspec.Struct):
    """Where a passage stands, as its page reads it."""

    state: str
    serial: int
    number: int | None = None
    question: Question | None = None


class AnswerReply(msgspec.Struct):
    """The reply to an answer."""

    state: Where


@dataclass
class Seen:
    """What was measured; times in milliseconds."""

    check_in: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    refused: int = 0
    dropped: int = 0
    sent: dict[tuple[str, int], float] = field(default_factory=dict)


class Candidate:
    """One candidate's browser."""

    def __init__(self, hall: Hall, place: int, base: str, seen: Seen) -> None:
        self._hall, self._name, self._base, self._seen = hall, hall.names[place], base, seen
        self._chance = random.Random(place)  # noqa: S311 - a candidate's guesses, repeatable
        self._address = f"127.{1 + place // 200}.{place % 200}.7"
        self._passage = ""
        self._session: ClientSession | None = None
        self._epoch = 0

    async def open(self) -> None:
        """Open the browser."""
        connector = TCPConnector(local_addr=(self._address, 0), limit=4)
        self._session = ClientSession(
            connector=connector, cookie_jar=CookieJar(unsafe=True), timeout=ClientTimeout(60)
        )

    async def close(self) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()

    async def arrive(self) -> None:
        """Say who is there and type the access code."""
        began = time.perf_counter()
        day, month, year = BORN
        form = {"number": str(self._hall.number), "first_name": "Camille", "last_name": self._name}
        status, headers = await self._form("/exam", {**form, "day": day, "month": month, "year": year})
        self._passage = headers.get("Location", "").rpartition("/")[2]
        if status == 303 and self._passage:
            status, _ = await self._form(f"/exam/{self._passage}/code", {"code": self._hall.code})
        if status != 303:
            self._seen.refused += 1
        self._seen.check_in.append((time.perf_counter() - began) * 1000)

    async def begin(self) -> Where | None:
        """Begin, load the page and take the first question; None when refused."""
        began = time.perf_counter()
        status, _ = await self._form(f"/exam/{self._passage}/start", {})
        page = await self._ask("GET", f"/exam/{self._passage}/question")
        held = await self._ask("POST", f"{self._api}/hold", {})
        if status != 303 or page is None or held is None:
            self._seen.refused += 1
            return None
        self._epoch = int(json.loads(held)["epoch"])
        first = await self._ask("GET", f"{self._api}/next?epoch={self._epoch}")
        self._seen.first.append((time.perf_counter() - began) * 1000)
        if first is None:
            self._seen.refused += 1
            return None
        return msgspec.json.decode(first, type=Where)

    async def answer_all(self, where: Where, pace: float, end: float) -> None:
        """Answer until the last question or the end of the time."""
        await asyncio.sleep(pace * self._chance.random())
        while where.state == "question" and where.question is not None and time.perf_counter() < end:
            body = {
                "number": where.number,
                "serial": where.serial,
                "key": f"k-{self._passage}-{where.number}",
                "epoch": self._epoch,
                "answer": answer_to(where.question, self._chance),
            }
            began = time.perf_counter()
            self._seen.sent[self._passage, where.number or 0] = began
            said = await self._ask("POST", f"{self._api}/answers", body)
            if said is None:
                self._seen.refused += 1
                return
            self._seen.answers.append((time.perf_counter() - began) * 1000)
            where = msgspec.json.decode(said, type=AnswerReply).state
            await asyncio.sleep(max(0.0, pace - (time.perf_counter() - began)))

    async def follow(self) -> None:
        """Keep the passage's stream open and beat at each tick, as the page does."""
        async for event, _ in events(self._browser, f"{self._base}/live/passages/{self._passage}"):
            if event == "tick":
                await self._ask("POST", f"{self._api}/beat", {"epoch": self._epoch, "cut_ms": 0})

    @property
    def passage(self) -> str:
        """The candidate's id."""
        return self._passage

    @property
    def _api(self) -> str:
        return f"/api/v1/passages/{self._passage}"

    @property
    def _browser(self) -> ClientSession:
        if self._session is None:
            raise ClientError("the browser is closed")
        return self._session

    async def _form(self, path: str, fields: dict[str, str]) -> tuple[int, dict[str, str]]:
        async with self._browser.post(
            self._base + path, data=fields, headers=SAME_ORIGIN, allow_redirects=False
        ) as reply:
            await reply.read()
            return reply.status, dict(reply.headers)

    async def _ask(self, method: str, path: str, body: object = None) -> bytes | None:
        """Return the body of a reply of 200, None for anything else."""
        async with self._browser.request(
            method, self._base + path, json=body, headers=SAME_ORIGIN, allow_redirects=False
        ) as reply:
            data = await reply.read()
            return data if reply.status == 200 else None


async def events(browser: ClientSession, address: str, cookie: str = "") -> AsyncIterator[tuple[str, str]]:
    """Read a stream of events until it ends: (name, data)."""
    headers = {"Cookie": cookie} if cookie else {}
    async with browser.get(address, headers=headers, timeout=ClientTimeout(None)) as stream:
        name = ""
        async for raw in stream.content:
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                yield name, line[6:]


async def watch(hall: Hall, base: str, cookie: str, seen: Seen) -> None:
    """Follow the room as a supervisor's screen does, opening the stream again when it ends."""
    async with ClientSession(connector=TCPConnector(limit=2), read_bufsize=2**20) as browser:
        told: dict[str, int] = {}
        while True:
            async for event, data in events(browser, f"{base}/live/sessions/{hall.session}", cookie):
                if event == "candidate":
                    _note(json.loads(data), told, seen)
            seen.dropped += 1


def _note(view: dict[str, object], told: dict[str, int], seen: Seen) -> None:
    candidate, answered = str(view["id"]), int(str(view["answered"]))
    if answered > told.get(candidate, 0):
        told[candidate] = answered
        sent = seen.sent.get((candidate, answered))
        if sent is not None:
            seen.lags.append((time.perf_counter() - sent) * 1000)
