"""Who takes part in a day of real processes without a browser: candidates over HTTP, and the answers of the small bank.

Everybody asks again, the same, until the server answers: a server that was killed is waited for, as a page does.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar, TCPConnector
from sealed_kit import certification_bank

from sync.words import WORDS

LATE_S = 10
"""A page that could not reach the server for longer says so."""
SILENT_S = 20
HEADERS = {"Sec-Fetch-Site": "same-origin"}
BORN = ("14", "03", "2012")


def _keys() -> dict[str, str]:
    """Return the right answer of every item of the small bank, by the words that set its question apart."""
    found = {}
    for name in certification_bank().items:
        spread = sha256(name.encode()).digest()
        apart, key = (" ".join(WORDS[byte] for byte in part) for part in (spread[:10], spread[10:13]))
        found[apart] = f"clef {key}"
    return found


KEYS = _keys()


def right_answer(shown: str) -> str:
    """Return the right answer to a question, whose text `shown` holds."""
    return next(answer for apart, answer in KEYS.items() if apart in shown)


@dataclass
class Session:
    """An open session as everyone knows it, and every answer the server said it kept: candidate, number, key.

    `url` is the server itself; `room_url` is the same server as the machines of the room reach it, by the switch.
    """

    url: str
    room_url: str
    id: str
    number: int
    code: str
    acknowledged: list[tuple[str, int, str]] = field(default_factory=list)


class Person:
    """Somebody over plain HTTP."""

    def __init__(self, session: Session, url: str) -> None:
        self.session, self.url = session, url
        self.http = ClientSession(
            cookie_jar=CookieJar(unsafe=True), headers=HEADERS, connector=TCPConnector(force_close=True)
        )

    async def ask(self, method: str, path: str, **sent: Any) -> tuple[int, Any]:  # noqa: ANN401 - what aiohttp takes
        """Return status and body of the answer that comes in the end."""
        wait_s = 0.05
        while True:
            try:
                async with self.http.request(method, self.url + path, allow_redirects=False, **sent) as reply:
                    if reply.status < 500:
                        is_json = reply.content_type == "application/json"
                        return reply.status, await reply.json() if is_json else await reply.text()
            except ClientError:
                pass
            await asyncio.sleep(
                wait_s
            )  # the server is down or out of reach: the next try is soon, as a page's
            wait_s = min(1.0, 2 * wait_s)


class Chief(Person):
    """The principal, signed in."""

    async def sign_in(self, username: str, password: str) -> None:
        """Sign in."""
        said = {"username": username, "password": password}
        assert (await self.ask("POST", "/api/v1/login", json=said))[0] == 200

    async def act(self, act: str, candidates: list[str], **more: object) -> None:
        """Act on candidates; every one of them must be done."""
        said = {"act": act, "candidates": candidates, **more}
        status, done = await self.ask("POST", f"/api/v1/sessions/{self.session.id}/acts", json=said)
        assert status == 200, done
        assert {one["code"] for one in done["done"]} == {""}, done

    async def room(self) -> dict[str, dict[str, Any]]:
        """Return what the room's page is told of each candidate, by id."""
        status, said = await self.ask("GET", f"/api/v1/sessions/{self.session.id}/room")
        assert status == 200, said
        return {one["id"]: one for one in said["candidates"]}


class Seated(Person):
    """One simulated candidate; every `wrong`-th answer is a wrong one, none for 0."""

    def __init__(self, session: Session, last_name: str, candidate: str, wrong: int) -> None:
        super().__init__(session, session.room_url)
        self.wrong = wrong
        self.last_name, self.id = last_name, candidate
        self.api = f"/api/v1/passages/{candidate}"
        self.epoch = 0
        self.state: dict[str, Any] = {}

    async def arrive(self) -> None:
        """Say who is there."""
        day, month, year = BORN
        who = {"number": str(self.session.number), "last_name": self.last_name, "first_name": "Camille"}
        status, said = await self.ask("POST", "/exam", data={**who, "day": day, "month": month, "year": year})
        assert status == 303, said

    async def give_code(self) -> None:
        """Type the access code."""
        status, said = await self.ask("POST", f"/exam/{self.id}/code", data={"code": self.session.code})
        assert status == 303, said

    async def begin(self) -> None:
        """Begin, once admitted, and take the passage."""
        status, said = await self.ask("POST", f"{self.api}/start", json={})
        assert status == 200, said
        status, held = await self.ask("POST", f"{self.api}/hold", json={})
        assert status == 200, held
        self.epoch = held["epoch"]
        await self.look()

    async def look(self) -> dict[str, Any]:
        """Ask where the passage stands."""
        status, self.state = await self.ask("GET", f"{self.api}/next?epoch={self.epoch}")
        assert status == 200, self.state
        return self.state

    async def keep_in_touch(self) -> None:
        """Hear the server's ticks and answer each until cancelled, as a page does: a silence is told when it is over."""
        heard = time.monotonic()
        while True:
            try:
                async with self.http.get(
                    f"{self.url}/live/passages/{self.id}",
                    timeout=ClientTimeout(total=None, sock_read=SILENT_S),
                ) as stream:
                    async for line in stream.content:
                        if line.startswith(b"event: tick"):
                            heard = await self._beat(heard)
            except (ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.5)  # then the stream is opened again, as a page's

    async def _beat(self, heard: float) -> float:
        """Say that the page is there, and for how long it could not; return when it was heard last."""
        now = time.monotonic()
        cut_s = now - heard if now - heard > LATE_S else 0
        said = {"epoch": self.epoch, "cut_ms": round(cut_s * 1000)}
        async with self.http.post(f"{self.url}{self.api}/beat", json=said) as reply:
            return now if reply.status == 200 else heard

    async def answer(self, count: int) -> None:
        """Answer so many questions, or as many as there are; an answer is noted once the server said it is kept."""
        for _ in range(count):
            if self.state["state"] != "question":
                return
            text = json.dumps(self.state["question"], ensure_ascii=False)
            key, number = secrets.token_hex(8), self.state["number"]
            said = {
                "number": number,
                "key": key,
                "epoch": self.epoch,
                "serial": self.state["serial"],
                "answer": "rien" if self.wrong and number % self.wrong == 0 else right_answer(text),
            }
            status, reply = await self.ask("POST", f"{self.api}/answers", json=said)
            assert status == 200, reply
            self.session.acknowledged.append((self.id, number, key))
            self.state = reply["state"]

    async def report(self) -> None:
        """Report the waiting question."""
        said = {"number": self.state["number"], "epoch": self.epoch}
        status, reply = await self.ask("POST", f"{self.api}/report", json=said)
        assert status == 200, reply
