"""`preau bench room`: candidates who all start within seconds, answer for minutes, and screens that follow them.

Three measures: how long the door takes when everybody comes at once, how long the first question takes when everybody begins
at once, and what an answer and a supervisor's screen cost while the room works. The server's own log says what was lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from aiohttp import ClientSession

from kiosk.bench.answers import child, cpu_s, durable, free_port, reach, rss_mib
from kiosk.bench.session import build_hall
from kiosk.bench.session_crowd import SAME_ORIGIN, Candidate, Seen, watch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from kiosk.bench.session import Hall

STORM_S = 5.0
QUESTIONS = 32
_T = TypeVar("_T")


def run_room(candidates: int, seconds: float, screens: int) -> dict[str, float | int]:
    """Measure a session and return the figures of `preau bench room --json`."""
    with tempfile.TemporaryDirectory(prefix="preau-bench-") as folder:
        home = Path(folder) / "home"
        hall = build_hall(home, candidates, screens)
        port = free_port()
        preau = str(Path(sys.executable).with_name("preau"))
        with child(preau, "--home", str(home), "serve", "--plain-http", "--port", str(port)) as process:
            seen = Seen()
            used = asyncio.run(_lead(hall, port, seconds, seen, process.pid))
            rss = rss_mib(process.pid)
        lost = len(seen.answers) - durable(home)
    return {
        "candidates": candidates,
        "screens": screens,
        "refused": seen.refused,
        "check_in_p95_ms": at_percent(seen.check_in, 95),
        "first_question_p95_ms": at_percent(seen.first, 95),
        "answers": len(seen.answers),
        "p50_ms": at_percent(seen.answers, 50),
        "p99_ms": at_percent(seen.answers, 99),
        "screen_lag_p50_ms": at_percent(seen.lags, 50),
        "screen_lag_p99_ms": at_percent(seen.lags, 99),
        "screens_dropped": seen.dropped,
        "cpu_share": round(used, 3),
        "lost": max(0, lost),
        "rss_mib": rss,
    }


def at_percent(times: Sequence[float], percent: int) -> float:
    """Return the time that so many in a hundred stay under, in milliseconds."""
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1) if ordered else 0.0


async def _lead(hall: Hall, port: int, seconds: float, seen: Seen, pid: int) -> float:
    """Lead the session; return the share of one core the server used while the room answered."""
    (await reach(port)).close()
    base = f"http://127.0.0.1:{port}"
    crowd = [Candidate(hall, place, base, seen) for place in range(len(hall.names))]
    for one in crowd:
        await one.open()
    background = [asyncio.create_task(watch(hall, base, cookie, seen)) for cookie in hall.screens]
    try:
        await over([one.arrive for one in crowd])
        await admit(hall, base, [one.passage for one in crowd])
        firsts = await over([one.begin for one in crowd])
        began = [(one, first) for one, first in zip(crowd, firsts, strict=True) if first is not None]
        background += [asyncio.create_task(one.follow()) for one, _ in began]
        before, end = cpu_s(pid), asyncio.get_running_loop().time() + seconds
        await asyncio.gather(*(one.answer_all(first, seconds / QUESTIONS, end) for one, first in began))
        return (cpu_s(pid) - before) / seconds
    finally:
        for task in background:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*background, return_exceptions=True)
        for one in crowd:
            await one.close()


async def over(acts: Sequence[Callable[[], Awaitable[_T]]], seconds: float = STORM_S) -> list[_T]:
    """Do acts spread evenly over the seconds of a storm."""

    async def later(place: int, act: Callable[[], Awaitable[_T]]) -> _T:
        await asyncio.sleep(seconds * place / len(acts))
        return await act()

    return list(await asyncio.gather(*(later(place, act) for place, act in enumerate(acts))))


async def admit(hall: Hall, base: str, candidates: list[str]) -> None:
    """Admit everybody, as a supervisor does in one act."""
    headers = {**SAME_ORIGIN, "Cookie": hall.screens[0]}
    async with (
        ClientSession() as browser,
        browser.post(
            f"{base}/api/v1/sessions/{hall.session}/acts",
            json={"act": "admit", "candidates": candidates},
            headers=headers,
        ) as reply,
    ):
        reply.raise_for_status()
