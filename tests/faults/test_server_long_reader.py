"""Somebody reads for minutes on one snapshot while ten screens ask for the room: no answer waits for either."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession
from session_room import Candidate, Person, Room, planned_room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
SHORT, LONG = (8, (0.02, 0.1), 0.5), (60, (1.0, 3.0), 3.0)
"""Candidates, how long they think and how often a screen asks (a page does every 3 s), in seconds: in the suite, and with `--faults`."""
SCREENS = 10


@contextlib.contextmanager
def long_reader(home: Path) -> Iterator[int]:
    """Hold a snapshot of the database for the whole block; give how many events it shows."""
    with contextlib.closing(sqlite3.connect(home / "kiosk.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        shown = int(reader.execute("SELECT count(*) FROM log_events").fetchone()[0])
        yield shown
        assert reader.execute("SELECT count(*) FROM log_events").fetchone()[0] == shown
        reader.execute("ROLLBACK")


async def watch(chief: Person, asked: list[int], every: float) -> None:
    """Ask for the room again and again, as a screen without a stream does, until cancelled."""
    while True:
        status, _ = await chief.ask("GET", f"/api/v1/sessions/{chief.room.session['id']}/room")
        asked.append(status)
        await asyncio.sleep(every)


async def counted(room: Room) -> dict[str, int]:
    """Return the server's own counters."""
    async with ClientSession() as http, http.get(f"{room.url}/metrics") as reply:
        return {
            name: int(value)
            for name, value in re.findall(r"^(preau_\w+) (\d+)$", await reply.text(), re.MULTILINE)
        }


async def lead(room: Room, think: tuple[float, float], every: float) -> tuple[list[int], dict[str, int]]:
    """Lead the session before a reader and ten screens; return what the screens got, and the counters."""
    people, chief, asked = (
        [Candidate(room, one["last_name"], one["id"]) for one in room.listed()],
        Person(room),
        list[int](),
    )
    screens = [Person(room) for _ in range(SCREENS)]
    try:
        await chief.log_in()
        await asyncio.gather(*(one.arrive() for one in people))
        await chief.act("admit", [one.id for one in people])
        for screen in screens:
            for cookie in chief.http.cookie_jar:
                screen.http.cookie_jar.update_cookies({cookie.key: cookie.value})
        with long_reader(room.home):
            watching = [asyncio.create_task(watch(screen, asked, every)) for screen in screens]
            await asyncio.gather(*(one.sit(random.Random(place), think) for place, one in enumerate(people)))
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
        return asked, await counted(room)
    finally:
        for one in (*people, *screens, chief):
            await one.http.close()
        room.server.stop()


async def test_no_answer_waits_for_a_long_reader_or_for_ten_screens(
    tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    count, think, every = LONG if request.config.getoption("--faults") else SHORT
    room = await asyncio.to_thread(planned_room, tmp_path, count)
    room.server.start()
    asked, found = await lead(room, think, every)
    assert len(room.acknowledged) == 32 * count
    assert set(asked) == {200}
    assert len(asked) >= SCREENS
    assert found["preau_answers_total"] == 32 * count
    assert found["preau_writes_total"] >= 32 * count
    record_property(
        "figure",
        f"{count} candidates, {SCREENS} screens asked {len(asked)} times, one snapshot held throughout: "
        f"{found['preau_writes_total']} writes, {found['preau_writes_over_200ms_total']} waited over 200 ms, "
        f"the longest {found['preau_write_longest_ms']} ms",
    )
