"""A pupil over plain HTTP who notes what the server acknowledged, and sends again what it did not."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import msgspec

from kiosk.bench.pupils import Answer, Reply, State, answer_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.bench.pupils import Question
    from kiosk.bench.room import Seat

THINKS_S = (0.02, 0.18)
"""A pupil thinks, if only a little: forty of them then send some four hundred answers a second."""
HEADERS = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}


class Note(NamedTuple):
    """One answer the server said was saved."""

    participation: str
    number: int
    key: str
    answer: Answer


@dataclass
class Pupil:
    """Answers one seat after another until told that it is over."""

    url: str
    seats: list[Seat]
    seed: int
    notes: list[Note] = field(default_factory=list)
    answers: Callable[[Question, random.Random], Answer] = answer_to

    async def sit(self, http: aiohttp.ClientSession, over: asyncio.Event) -> None:
        """Answer; a request that fails is sent again, the same, until it is acknowledged."""
        chance = random.Random(self.seed)
        for seat in self.seats:
            state = await self._ask(http, seat, over)
            while state is not None and state.state == "question" and not over.is_set():
                if state.question is None:
                    state = await self._ask(http, seat, over)
                    continue
                await asyncio.sleep(chance.uniform(*THINKS_S))
                state = await self._answer(http, seat, state, chance, over)
            if over.is_set():
                return

    async def _ask(self, http: aiohttp.ClientSession, seat: Seat, over: asyncio.Event) -> State | None:
        path = f"/api/v1/participations/{seat.participation}/next?epoch={seat.epoch}&after_checkpoint=1"
        data = await self._until_told(http, "GET", path, b"", seat, over)
        return None if data is None else msgspec.json.decode(data, type=State)

    async def _answer(
        self,
        http: aiohttp.ClientSession,
        seat: Seat,
        state: State,
        chance: random.Random,
        over: asyncio.Event,
    ) -> State | None:
        if state.question is None or state.number is None:
            return None
        key = f"{seat.participation}-{state.number}"
        answer = self.answers(state.question, chance)
        body = msgspec.json.encode(
            {"number": state.number, "key": key, "epoch": seat.epoch, "answer": answer}
        )
        path = f"/api/v1/participations/{seat.participation}/answers"
        data = await self._until_told(http, "POST", path, body, seat, over)
        if data is None:
            return None
        self.notes.append(Note(seat.participation, state.number, key, answer))
        return msgspec.json.decode(data, type=Reply).state

    async def _until_told(  # noqa: PLR0917 - a request is all of these
        self,
        http: aiohttp.ClientSession,
        method: str,
        path: str,
        body: bytes,
        seat: Seat,
        over: asyncio.Event,
    ) -> bytes | None:
        headers = {**HEADERS, "Cookie": seat.cookie}
        while True:
            try:
                async with http.request(method, self.url + path, data=body or None, headers=headers) as reply:
                    data = await reply.read()
                    if reply.status == 200:
                        return data
                    if reply.status < 500:
                        msg = f"{method} {path}: {reply.status} {data!r}"
                        raise AssertionError(msg)
            except (aiohttp.ClientError, TimeoutError, OSError):
                if over.is_set():
                    return None
            await asyncio.sleep(0.02)


class _Body(msgspec.Struct):
    type: str
    number: int = 0
    key: str = ""
    answer: Answer = None


class _Event(msgspec.Struct):
    body: _Body


def logged_answers(home: Path) -> dict[str, list[tuple[int, str, Answer]]]:
    """Return the answers of each sitting in the order of its chain, read from the file the server left."""
    found: dict[str, list[tuple[int, str, Answer]]] = defaultdict(list)
    connection = sqlite3.connect(f"file:{home / 'kiosk.db'}?mode=ro", uri=True)
    try:
        for sitting, data in connection.execute(
            "SELECT sitting, bytes FROM log_events ORDER BY sitting, seq"
        ):
            body = msgspec.json.decode(data, type=_Event).body
            if body.type == "answered":
                found[sitting].append((body.number, body.key, body.answer))
    finally:
        connection.close()
    return found
