"""`preau bench pages`: how long the staff's pages take on a large school, and whether exports slow pupils down.

Each page of the table of addresses is asked for many times, one after another, over real HTTP. Then pupils answer while
ten teachers export, and their latencies are set beside those of a quiet server.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import ClientSession

from kiosk.app import open_kiosk
from kiosk.bench.answers import Candidate, Tally, child, cpu_s, free_port, reach
from kiosk.bench.room import build_room
from kiosk.bench.school import School, Size, fill
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.routes import ROUTES

if TYPE_CHECKING:
    from kiosk.bench.room import Seat

CANDIDATES = 30
PACE_S = 0.5
SECONDS = 10.0
"""How long candidates answer, on a quiet server and then beside exports."""
WARM = 3
"""Requests of each page that are not counted: the server reads its bank and its templates once."""
RESULTS = re.compile(r"/staff/campaigns/\{id\}/(results|analysis|participations/.*)")
_PARAMETER = re.compile(r"\{(\w+)(?::[^{}]*(?:\{\d+\})?)?\}")


@dataclass(frozen=True)
class Page:
    """One page, asked for at several addresses in turn."""

    path: str
    addresses: list[str]


def pages_of(school: School, chance: Random) -> tuple[list[Page], list[str]]:
    """Return every page of the staff with addresses that exist, and the pages none is known for."""
    pages, skipped = [], []
    for path in dict.fromkeys(
        row.path for row in ROUTES if row.method == "GET" and _is_page(row.path, row.who)
    ):
        found = [address for _ in range(20) if (address := _address(path, school, chance)) is not None]
        if found:
            pages.append(Page(path, found))
        else:
            skipped.append(path)
    largest = f"/staff/campaigns/{school.largest}"
    pages += [
        Page(f"{rest or '/'} of the largest campaign", [largest + rest])
        for rest in ("", "/results", "/analysis")
    ]
    return pages, skipped


def _is_page(path: str, who: str) -> bool:
    return who in ("staff", "principal") and not path.startswith(("/api/", "/live/")) and "." not in path


def _address(path: str, school: School, chance: Random) -> str | None:
    # A profile has no analysis.
    fit = [one for one in school.sent if not path.endswith("/analysis") or one not in school.collections]
    campaign = chance.choice(fit)
    known: dict[str, str] = {}
    if path.startswith("/staff/campaigns/"):
        known = {"id": campaign, "pid": school.sent[campaign]}
    elif path.startswith("/staff/documentation/"):
        known = {"course": "rentree-5e"}
    elif path.startswith("/staff/pupils/{id"):
        known = {"id": school.learner}
    if any(name not in known for name in _PARAMETER.findall(path)):
        return None
    return _PARAMETER.sub(lambda found: known[found[1]], path)


def percentile(values: list[float], percent: int) -> float:
    """Return a percentile of latencies, in milliseconds rounded to a tenth."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1) if ordered else 0.0


async def time_pages(base: str, school: School, rounds: int, pid: int) -> dict[str, object]:
    """Ask for every page `rounds` times; return the figures of each, the slowest first.

    `cpu_ms` is the processor time of the server for one page: steadier than latencies on a busy machine.
    """
    pages, skipped = pages_of(school, Random(2))  # noqa: S311 - which campaigns are asked for, repeatable
    figures: list[dict[str, object]] = []
    everything: dict[str, list[float]] = {"pages": [], "results": []}
    refused: dict[str, int] = {}
    async with ClientSession(base, headers={"Cookie": school.principal}) as session:
        for page in pages:
            taken = []
            before = cpu_s(pid)
            for number in range(WARM + rounds):
                began = time.perf_counter()
                async with session.get(
                    page.addresses[number % len(page.addresses)], allow_redirects=False
                ) as reply:
                    await reply.read()
                if reply.status != 200:
                    refused[page.path] = reply.status
                if number == WARM - 1:
                    before = cpu_s(pid)
                if number >= WARM:
                    taken.append((time.perf_counter() - began) * 1000)
            kind = "results" if RESULTS.fullmatch(page.path) or "largest" in page.path else "pages"
            everything[kind] += taken
            figures.append(
                {
                    "path": page.path,
                    "kind": kind,
                    "p50_ms": percentile(taken, 50),
                    "p95_ms": percentile(taken, 95),
                    "cpu_ms": round((cpu_s(pid) - before) / rounds * 1000, 1),
                }
            )
    figures.sort(key=lambda one: -float(str(one["p95_ms"])))
    return {
        "staff_pages_p95_ms": percentile(everything["pages"], 95),
        "results_pages_p95_ms": percentile(everything["results"], 95),
        "slowest": figures[0]["path"] if figures else "",
        "pages": figures,
        "not_asked": skipped,
        "refused": refused,
    }


class Server(NamedTuple):
    """The server being measured."""

    port: int
    pid: int


@dataclass(frozen=True)
class Beside:
    """What candidates saw, and how many bytes were exported meanwhile."""

    tally: Tally
    exported: int


async def answers_beside(
    port: int, seats: list[Seat], school: School, teachers: list[str], seconds: float
) -> Beside:
    """Let candidates answer for some seconds while each of these teachers exports without a pause."""
    tally = Tally()
    tally.counting_from = time.perf_counter() + 1
    end = tally.counting_from + seconds
    base, campaigns = f"http://127.0.0.1:{port}", school.campaigns
    exported = [0]

    async def export(number: int, cookie: str) -> None:
        async with ClientSession(base, headers={"Cookie": cookie}) as session:
            place = number
            while time.perf_counter() < end:
                address = f"/staff/campaigns/{campaigns[place % len(campaigns)]}/results.csv"
                async with session.get(address) as reply:
                    exported[0] += len(await reply.read())
                place += len(teachers)

    async def answer(number: int) -> None:
        await asyncio.sleep(PACE_S * number / CANDIDATES)
        await Candidate(seats[number::CANDIDATES], number).act(port, end, tally, PACE_S)

    await asyncio.gather(
        *(answer(number) for number in range(CANDIDATES)),
        *(export(number, cookie) for number, cookie in enumerate(teachers)),
    )
    return Beside(tally, exported[0])


async def _measure(
    server: Server, school: School, seats: list[Seat], rounds: int, seconds: float
) -> dict[str, object]:
    port = server.port
    (await reach(port)).close()
    pages = await time_pages(f"http://127.0.0.1:{port}", school, rounds, server.pid)
    half = len(seats) // 2
    quiet = await answers_beside(port, seats[:half], school, [], seconds)
    busy = await answers_beside(port, seats[half:], school, school.teachers, seconds)
    return {
        **pages,
        "answers_quiet": _latencies(quiet.tally),
        "answers_while_exporting": {
            **_latencies(busy.tally),
            "exported_mib": round(busy.exported / 2**20, 1),
        },
    }


def _latencies(tally: Tally) -> dict[str, float | int]:
    return {
        "answers": len(tally.latencies_ms),
        "p50_ms": percentile(tally.latencies_ms, 50),
        "p95_ms": percentile(tally.latencies_ms, 95),
        "p99_ms": percentile(tally.latencies_ms, 99),
    }


async def _fill(home: Path, size: Size) -> School:
    async with open_kiosk(load_config(home), SystemClock(), secure=False) as kiosk:
        return await fill(kiosk, size)


def run_pages(size: Size, rounds: int, seconds: float = SECONDS) -> dict[str, object]:
    """Fill a school of this size, measure it, and return the figures of `preau bench pages --json`."""
    with tempfile.TemporaryDirectory(prefix="preau-bench-") as folder:
        home = Path(folder) / "home"
        seats = build_room(home, CANDIDATES * 4)
        began = time.perf_counter()
        school = asyncio.run(_fill(home, size))
        filled = time.perf_counter() - began
        port = free_port()
        preau = str(Path(sys.executable).with_name("preau"))
        with child(preau, "--home", str(home), "serve", "--plain-http", "--port", str(port)) as process:
            figures = asyncio.run(_measure(Server(port, process.pid), school, seats, rounds, seconds))
    return {
        "pupils": size.pupils,
        "campaigns": size.campaigns,
        "participations": size.participations,
        "filled_s": round(filled, 1),
        **figures,
    }
