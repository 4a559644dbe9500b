"""The server is killed at random moments while a room answers; every acknowledged answer is there once, in order.

The proof is made from the pupils' own notes of what was acknowledged, against the log read from the file afterwards.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

import aiohttp
import pytest
from processes import Server, free_port, preau_json
from room_pupil import Pupil, logged_answers

from kiosk.bench.room import build_room

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.bench.room import Seat

pytestmark = [pytest.mark.journey, pytest.mark.timeout(3600)]
PUPILS, KILLS, MANY_KILLS = 40, 8, 200
COURSE = "tour-complet"


class Room:
    """Forty pupils who think a little before each answer, each with seats enough for the whole campaign."""

    def __init__(self, url: str, seats: list[Seat]) -> None:
        self.pupils = [Pupil(url, seats[number::PUPILS], number) for number in range(PUPILS)]
        self.over = asyncio.Event()

    async def sit(self) -> None:
        """Let every pupil answer until the campaign is over."""
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as http:
            await asyncio.gather(*(pupil.sit(http, self.over) for pupil in self.pupils))

    def acknowledged(self) -> int:
        """Return how many answers were acknowledged so far."""
        return sum(len(pupil.notes) for pupil in self.pupils)

    async def more_than(self, count: int, sitting: asyncio.Task[None]) -> None:
        """Wait until more answers than `count` are acknowledged; fails when no pupil is left to answer."""
        while self.acknowledged() <= count:
            if sitting.done():
                sitting.result()
                pytest.fail("the pupils have nothing left to answer: give them more seats")
            await asyncio.sleep(0.005)  # looks at a count that forty pupils advance


async def campaign_of_kills(server: Server, room: Room, kills: int) -> list[float]:
    """Kill and restart while the room answers; return the seconds from each restart to the first answer saved."""
    chance = random.Random(20261120)
    restarts = []
    sitting = asyncio.create_task(room.sit())
    for _ in range(kills):
        await room.more_than(room.acknowledged(), sitting)
        await asyncio.sleep(chance.random() * 0.4)
        server.kill()
        before = room.acknowledged()
        began = time.monotonic()
        await asyncio.to_thread(server.start)
        await room.more_than(before, sitting)
        restarts.append(time.monotonic() - began)
    room.over.set()
    await sitting
    return restarts


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """Give the length of the campaign: short in the suite, long with --faults."""
    return MANY_KILLS if request.config.getoption("--faults") else KILLS


def test_no_acknowledged_answer_is_lost_or_doubled_when_the_server_is_killed(
    tmp_path: Path,
    kills: int,
    record_property: Callable[[str, object], None],
) -> None:
    home, port = tmp_path / "school", free_port()
    seats = build_room(home, PUPILS * (10 + kills), COURSE)
    url = f"http://127.0.0.1:{port}"
    server = Server(
        ["--home", str(home), "serve", "--plain-http", "--port", str(port)],
        tmp_path / "school.log",
        f"{url}/health",
    )
    server.start()
    try:
        room = Room(url, seats)
        restarts = asyncio.run(campaign_of_kills(server, room, kills))
    finally:
        server.stop()

    logged = logged_answers(home)
    for pupil in room.pupils:
        for note in pupil.notes:
            assert logged[note.participation].count((note.number, note.key, note.answer)) == 1
    for answers in logged.values():
        assert [number for number, _, _ in answers] == list(range(1, len(answers) + 1))
    checked = preau_json(home, "log", "check")
    assert checked["verdict"] == "verified", checked
    restarts.sort()
    record_property(
        "figure",
        f"{kills} kills, {room.acknowledged()} answers acknowledged, none lost; "
        f"restart to first answer: median {restarts[len(restarts) // 2]:.2f} s, worst {restarts[-1]:.2f} s",
    )
