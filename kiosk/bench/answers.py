"""`preau bench answers`: answers saved per second through the whole stack, against the floor of the same run.

A closed loop: each candidate sends the next answer as soon as the last is acknowledged (or after `pace` seconds), over
real HTTP to the real server on a real disk. Afterwards the server's own log is read to prove that none was lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.bench.pupils import Reply, State, answer_to
from kiosk.bench.room import build_room
from kiosk.bench.wire import Wire, WireError, connect, message

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from kiosk.bench.room import Seat

SITTINGS_PER_CANDIDATE = 28
FLOOR_BODY = b'{"number":7,"key":"k-0000000000000000","epoch":1,"answer":"b"}'
WARM_UP_S = 2.0
_reply, _state = msgspec.json.Decoder(Reply), msgspec.json.Decoder(State)


@dataclass
class Tally:
    """What the candidates saw."""

    latencies_ms: list[float] = field(default_factory=list)
    acknowledged: int = 0
    counting_from: float = 0.0
    cpu_us: float = 0.0
    """Processor time of the server for each answer, in microseconds: steadier than rates on a busy machine."""

    def note(self, began: float) -> None:
        """Count one acknowledged answer sent at `began`."""
        now = time.perf_counter()
        self.acknowledged += 1
        if began >= self.counting_from:
            self.latencies_ms.append((now - began) * 1000)

    def figures(self, seconds: float) -> tuple[float, float, float]:
        """Return answers per second, and the latencies' median and 99th percentile in milliseconds."""
        ordered = sorted(self.latencies_ms)
        if not ordered:
            return 0.0, 0.0, 0.0
        half, high = len(ordered) // 2, min(len(ordered) - 1, len(ordered) * 99 // 100)
        return len(ordered) / seconds, ordered[half], ordered[high]


@contextlib.contextmanager
def child(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server of our own and end it by its pid."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def reach(port: int) -> Wire:
    """Return a connection once the server listens; raises WireError after a while."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            return await connect("127.0.0.1", port)
        await asyncio.sleep(0.05)
    raise WireError(f"nothing listens on port {port}")


async def crowd(
    candidates: int, seconds: float, one: Callable[[int, float, Tally], Coroutine[None, None, None]]
) -> Tally:
    """Let `candidates` act until the time is over; the first seconds warm up and are not counted."""
    tally = Tally()
    tally.counting_from = time.perf_counter() + WARM_UP_S
    end = tally.counting_from + seconds
    await asyncio.gather(*(one(number, end, tally) for number in range(candidates)))
    return tally


def floor(port: int, folder: Path, candidates: int, seconds: float, pace: float) -> Tally:
    """Measure the floor with the same client."""

    async def one(number: int, end: float, tally: Tally) -> None:
        wire = await connect("127.0.0.1", port)
        request = message("POST", "/answers", FLOOR_BODY, "preau=" + "x" * 43)
        await asyncio.sleep(pace * number / candidates)
        while (began := time.perf_counter()) < end:
            await wire.request(request)
            tally.note(began)
            if pace:
                await asyncio.sleep(pace)
        wire.close()

    async def measure(pid: int) -> Tally:
        (await reach(port)).close()
        before = cpu_s(pid)
        tally = await crowd(candidates, seconds, one)
        tally.cpu_us = (cpu_s(pid) - before) / max(1, tally.acknowledged) * 1e6
        return tally

    with child(sys.executable, "-m", "kiosk.bench.floor", str(folder / "floor.db"), str(port)) as process:
        return asyncio.run(measure(process.pid))


class Candidate:
    """One candidate: one connection, one sitting after another."""

    def __init__(self, seats: list[Seat], seed: int) -> None:
        self._seats = seats
        self._chance = random.Random(seed)  # noqa: S311 - a pupil's guesses, repeatable

    async def act(self, port: int, end: float, tally: Tally, pace: float) -> None:
        """Answer until the time or the seats are over."""
        wire = await connect("127.0.0.1", port)
        for seat in self._seats:
            if not await self._sit(wire, seat, end, tally, pace):
                break
        wire.close()

    async def _sit(self, wire: Wire, seat: Seat, end: float, tally: Tally, pace: float) -> bool:
        base = f"/api/v1/participations/{seat.participation}"
        ask = message("GET", f"{base}/next?epoch={seat.epoch}&after_checkpoint=1", cookie=seat.cookie)
        state = _state.decode(_ok(await wire.request(ask)))
        while state.state == "question":
            if state.question is None:
                state = _state.decode(_ok(await wire.request(ask)))
                continue
            if pace:
                await asyncio.sleep(pace)
            body = msgspec.json.encode(
                {
                    "number": state.number,
                    "key": f"k-{seat.participation}-{state.number}",
                    "epoch": seat.epoch,
                    "answer": answer_to(state.question, self._chance),
                }
            )
            began = time.perf_counter()
            if began >= end:
                return False
            data = _ok(await wire.request(message("POST", f"{base}/answers", body, seat.cookie)))
            tally.note(began)
            state = _reply.decode(data).state
        return True


def _ok(got: tuple[int, bytes]) -> bytes:
    status, body = got
    if status != 200:
        raise WireError(f"status {status}: {body[:300]!r}")
    return body


def whole(port: int, home: Path, candidates: int, seconds: float, pace: float) -> tuple[Tally, int]:
    """Measure the real server; return the tally and its resident memory in MiB at the end."""
    seats = build_room(home, candidates * (SITTINGS_PER_CANDIDATE if pace == 0 else 4))

    async def one(number: int, end: float, tally: Tally) -> None:
        await asyncio.sleep(pace * number / candidates)
        await Candidate(seats[number::candidates], number).act(port, end, tally, pace)

    async def measure(pid: int) -> Tally:
        (await reach(port)).close()
        before = cpu_s(pid)
        tally = await crowd(candidates, seconds, one)
        tally.cpu_us = (cpu_s(pid) - before) / max(1, tally.acknowledged) * 1e6
        return tally

    preau = str(Path(sys.executable).with_name("preau"))
    with child(preau, "--home", str(home), "serve", "--plain-http", "--port", str(port)) as process:
        tally = asyncio.run(measure(process.pid))
        return tally, rss_mib(process.pid)


def cpu_s(pid: int) -> float:
    """Return the processor time a process has used, user and system."""
    after_name = (
        Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    )
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def rss_mib(pid: int) -> int:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def durable(home: Path) -> int:
    """Return how many answers the log holds, each counted once."""
    connection = sqlite3.connect(f"file:{home / 'kiosk.db'}?mode=ro", uri=True)
    try:
        rows = connection.execute(COUNT_ANSWERS).fetchone()
    finally:
        connection.close()
    return int(rows[0])


# Read from outside what the server left behind: no store of the server's own is trusted to count.
COUNT_ANSWERS = """SELECT count(*) FROM log_events WHERE CAST(bytes AS TEXT) LIKE '%"type":"answered"%'"""


def run_answers(candidates: int, seconds: float, pace: float) -> dict[str, float | int]:
    """Measure the floor, then the whole; return the figures of `preau bench answers --json`."""
    with tempfile.TemporaryDirectory(prefix="preau-bench-") as folder:
        home = Path(folder) / "home"
        low = floor(free_port(), Path(folder), candidates, seconds, pace)
        high, rss = whole(free_port(), home, candidates, seconds, pace)
        lost = high.acknowledged - durable(home)
    floor_rate, floor_p50, floor_p99 = low.figures(seconds)
    rate, p50, p99 = high.figures(seconds)
    return {
        "candidates": candidates,
        "seconds": seconds,
        "answers_per_second": round(rate, 1),
        "p50_ms": round(p50, 3),
        "p99_ms": round(p99, 3),
        "floor_per_second": round(floor_rate, 1),
        "floor_p50_ms": round(floor_p50, 3),
        "floor_p99_ms": round(floor_p99, 3),
        "ratio": round(rate / floor_rate, 3) if floor_rate else 0.0,
        "p99_ratio": round(p99 / floor_p99, 2) if floor_p99 else 0.0,
        "cpu_us_per_answer": round(high.cpu_us, 1),
        "floor_cpu_us_per_answer": round(low.cpu_us, 1),
        "acknowledged": high.acknowledged,
        "lost": lost,
        "rss_mib": rss,
    }
