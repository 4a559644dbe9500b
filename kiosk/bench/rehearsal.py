"""`preau rehearse`: a whole certification session with invented candidates, on this machine and this disk, killed in its middle.

A throwaway school is made beside the real one and led by a real server of its own: everybody comes and begins at once, answers,
and half-way the server dies as by a power cut and is started again. Nothing acknowledged may be lost or doubled, everybody goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import ClientError

from kiosk.bench.answers import durable, free_port, reach, rss_mib
from kiosk.bench.session import build_hall
from kiosk.bench.session_crowd import Candidate, Seen, watch
from kiosk.bench.session_run import QUESTIONS, STORM_S, admit, at_percent, over
from kiosk.opening import open_database
from sync.identity import Identity
from sync.log_audit import check_log

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kiosk.bench.session import Hall
    from kiosk.bench.session_crowd import Where

GIVE_UP_S = 60.0
BACK_S, FIRST_MS, ANSWER_MS, LAG_MS = 10.0, 2000.0, 500.0, 1000.0
"""What a room may be led with: server back, first question (19 in 20), an answer (99 in 100), a screen (99 in 100)."""


class Rehearsed(NamedTuple):
    """The figures, and the codes of what is not good enough."""

    figures: dict[str, float | int | str]
    problems: list[str]


class _Server:
    """A server of our own that can be killed and started again on the same port."""

    def __init__(self, home: Path) -> None:
        self._port = free_port()
        preau = str(Path(sys.executable).with_name("preau"))
        self._words = [preau, "--home", str(home), "serve", "--plain-http", "--port", str(self._port)]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def rss(self) -> float:
        return rss_mib(self._process.pid) if self._process is not None else 0

    async def start(self) -> None:
        self._process = await asyncio.to_thread(
            subprocess.Popen, self._words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        (await reach(self._port)).close()

    async def end(self, *, at_once: bool = False) -> None:
        if self._process is not None:
            (self._process.kill if at_once else self._process.terminate)()
            await asyncio.to_thread(self._process.wait, 30)


class _Enduring(Candidate):
    """A candidate whose page asks again while the server is away, with the same key, as the real one does."""

    async def _ask(self, method: str, path: str, body: object = None) -> bytes | None:
        until = time.perf_counter() + GIVE_UP_S
        while True:
            try:
                return await super()._ask(method, path, body)
            except (ClientError, OSError):
                if time.perf_counter() > until:
                    return None
                await asyncio.sleep(0.2)


def run_rehearsal(beside: Path, candidates: int, seconds: float, screens: int, *, kill: bool) -> Rehearsed:
    """Rehearse on the disk of `beside`; nothing is left there."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=beside) as folder:
        home, seen = Path(folder) / "home", Seen()
        hall = build_hall(home, candidates, screens)
        server = _Server(home)
        back, rss = asyncio.run(_lead(hall, server, seconds, seen, kill=kill))
        held, verdict = durable(home), _verdict(home)
    figures: dict[str, float | int | str] = {
        "candidates": candidates,
        "screens": screens,
        "answers": len(seen.answers),
        "refused": seen.refused,
        "lost": max(0, len(seen.answers) - held),
        "doubled": max(0, held - len(seen.answers)),
        "killed": int(kill),
        "back_s": round(back, 1),
        "first_question_p95_ms": at_percent(seen.first, 95),
        "p99_ms": at_percent(seen.answers, 99),
        "screen_lag_p99_ms": at_percent(seen.lags, 99),
        "rss_mib": rss,
        "log": verdict,
    }
    return Rehearsed(figures, problems_of(figures))


def problems_of(figures: dict[str, float | int | str]) -> list[str]:
    """Return what forbids to lead a session here, as codes; the dead server's own time is not an answer's."""
    answer = ANSWER_MS if not figures["killed"] else ANSWER_MS + float(figures["back_s"]) * 1000
    checks: list[tuple[str, bool]] = [
        ("refused", int(figures["refused"]) > 0),
        ("lost", int(figures["lost"]) > 0),
        ("doubled", int(figures["doubled"]) > 0),
        ("log", figures["log"] != "verified"),
        ("slow_back", float(figures["back_s"]) > BACK_S),
        ("slow_start", float(figures["first_question_p95_ms"]) > FIRST_MS),
        ("slow_answers", float(figures["p99_ms"]) > answer),
        ("slow_screens", not figures["killed"] and float(figures["screen_lag_p99_ms"]) > LAG_MS),
        ("silent", int(figures["answers"]) == 0),
    ]
    return [code for code, wrong in checks if wrong]


def _verdict(home: Path) -> str:
    identity, database = Identity.load(home), open_database(home)
    try:
        return database.read_sync(lambda conn: check_log(conn, identity.signer.public, identity.site)).verdict
    finally:
        database.close_sync()


async def _lead(
    hall: Hall, server: _Server, seconds: float, seen: Seen, *, kill: bool
) -> tuple[float, float]:
    """Lead the session; return the seconds the server was away for candidates, and its memory."""
    await server.start()
    crowd = [_Enduring(hall, place, server.base, seen) for place in range(len(hall.names))]
    background = [asyncio.create_task(_again(_screen(hall, server, cookie, seen))) for cookie in hall.screens]
    try:
        for one in crowd:
            await one.open()
        storm = min(STORM_S, len(crowd) / 20)
        await over([one.arrive for one in crowd], storm)
        await admit(hall, server.base, [one.passage for one in crowd])
        firsts = await over([one.begin for one in crowd], storm)
        began = [(one, first) for one, first in zip(crowd, firsts, strict=True) if first is not None]
        background += [asyncio.create_task(_again(one.follow)) for one, _ in began]
        answering = asyncio.gather(*(_answers(one, first, seconds) for one, first in began))
        back = await _cut(server, seen, seconds) if kill else 0.0
        await answering
        return back, server.rss
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        for one in crowd:
            await one.close()
        await server.end()


async def _answers(one: Candidate, first: Where, seconds: float) -> None:
    await one.answer_all(first, seconds / QUESTIONS, time.perf_counter() + seconds)


def _screen(hall: Hall, server: _Server, cookie: str, seen: Seen) -> Callable[[], Awaitable[None]]:
    return lambda: watch(hall, server.base, cookie, seen)


async def _again(follow: Callable[[], Awaitable[None]]) -> None:
    """Follow, and open the stream again while the server is away."""
    while True:
        with contextlib.suppress(ClientError, OSError):
            await follow()
        await asyncio.sleep(0.5)


async def _cut(server: _Server, seen: Seen, seconds: float) -> float:
    """Kill the server half-way and start it again; return the seconds until an answer was saved again."""
    await asyncio.sleep(seconds / 2)
    await server.end(at_once=True)
    dead, before = time.perf_counter(), len(seen.answers)
    await server.start()
    while len(seen.answers) == before and time.perf_counter() - dead < GIVE_UP_S:  # noqa: ASYNC110 - what is waited for is other tasks' work
        await asyncio.sleep(0.05)
    return time.perf_counter() - dead
