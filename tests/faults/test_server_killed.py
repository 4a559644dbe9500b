"""A real server killed in the middle of a real session: nothing acknowledged is lost or doubled, no candidate pays for it with time."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from processes import preau_json
from session_room import Candidate, Passage, Person, Room, passages_of, planned_room

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.journey, pytest.mark.timeout(3600)]
SHORT, LONG = (16, 6), (60, 200)
"""Candidates and kills: in the suite, and with `--faults`."""
BACK_S = 10
NOTED_S = 6
"""How long before its death the server may have noted its clock for the last time: what is not known is given, not taken."""


@dataclass
class Away:
    """When the server was dead, on the clock everybody here shares, and how long until an answer was saved again."""

    spans: list[tuple[float, float]] = field(default_factory=list)
    back: list[float] = field(default_factory=list)

    def within(self, begin: float, end: float) -> float:
        """Return the seconds of it between two instants."""
        return sum(max(0.0, min(end, last) - max(begin, first)) for first, last in self.spans)


async def more_than(room: Room, count: int) -> None:
    """Wait until more answers than this are acknowledged."""
    while len(room.acknowledged) <= count:  # noqa: ASYNC110 - what is waited for is other tasks' work
        await asyncio.sleep(0.005)  # polls the condition above


async def campaign(room: Room, idle: Candidate, kills: int, total: int) -> Away:
    """Kill and restart the server again and again; who only looks finds the same question and the same time."""
    away, chance = Away(), random.Random(20261126)
    for turn in range(1, kills + 1):
        await more_than(room, turn * total // (kills + 1) - 1)
        looked, before = time.monotonic(), await idle.look()
        await asyncio.sleep(chance.random() * 0.3)
        room.server.kill()
        dead, answered = time.monotonic(), len(room.acknowledged)
        spawned = time.monotonic()
        await asyncio.to_thread(room.server.start)
        away.spans.append((dead, spawned))
        await idle.back(0)
        after = await idle.look()
        assert (after["question"], after["number"], after["epoch"]) == (before["question"], 1, idle.epoch)
        lived = (dead - looked) + (time.monotonic() - spawned)
        gained = after["clock"]["left"] - before["clock"]["left"]
        assert -lived - 1 <= gained <= NOTED_S
        await more_than(room, min(answered, total - 1))
        away.back.append(time.monotonic() - spawned)
    return away


async def lead(room: Room, kills: int) -> tuple[list[Candidate], Candidate, Away]:
    """Lead the whole session: one candidate only looks, the others answer everything."""
    people = [Candidate(room, one["last_name"], one["id"]) for one in room.listed()]
    chief = Person(room)
    try:
        await asyncio.gather(*(one.arrive() for one in people))
        await chief.log_in()
        await chief.act("admit", [one.id for one in people])
        idle, *sitting = people
        await idle.begin()
        sat = [one.sit(random.Random(place)) for place, one in enumerate(sitting)]
        led = asyncio.create_task(campaign(room, idle, kills, 32 * len(sitting)))
        await asyncio.gather(led, *sat)
    finally:
        for one in (*people, chief):
            await one.http.close()
        room.server.stop()
    return sitting, idle, led.result()


def check_time(passage: Passage, one: Candidate, away: Away) -> None:
    """Check that no second of the server's absence was taken from who answered, and that none was given back twice."""
    spent_s = one.ended - one.began - away.within(one.began, one.ended)
    assert passage.found.used_ms <= spent_s * 1000 + 1
    spans = sorted((loss.start, loss.end) for loss in passage.credits)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


async def test_no_kill_loses_an_answer_or_takes_time_and_the_room_goes_on_by_itself(
    tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    long = request.config.getoption("--faults")
    count, kills = LONG if long else SHORT
    room = await asyncio.to_thread(planned_room, tmp_path, count)
    room.server.start()
    sitting, idle, away = await lead(room, kills)
    assert len(room.acknowledged) == 32 * len(sitting)

    kept = await passages_of(room, [one.id for one in (*sitting, idle)])
    assert {name: passage.found.code for name, passage in kept.items() if not passage.found.identical} == {}
    answers = [(name, *answer) for name, passage in kept.items() for answer in passage.answers]
    assert sorted(answers) == sorted(room.acknowledged)
    for one in sitting:
        check_time(kept[one.id], one, away)
    assert [loss.cause for loss in kept[idle.id].credits] == ["server"] * kills

    assert preau_json(room.home, "session", "close", room.number)["status"] == "closed"
    assert preau_json(room.home, "log", "check")["verdict"] == "verified"
    assert {one["id"]: one["end_reason"] for one in room.listed()}[idle.id] == "finalised"
    back = sorted(away.back)
    in_time = sum(one < BACK_S for one in back)
    assert not long or 2 * in_time > kills, (
        "a machine that is busy with other things shows more in the figure"
    )
    record_property(
        "figure",
        f"{kills} kills of an open session of {count}: {len(answers)} answers acknowledged, all there once; chains verified; "
        f"restart to first answer: median {back[len(back) // 2]:.2f} s, worst {back[-1]:.2f} s, "
        f"{in_time} of {kills} under {BACK_S} s",
    )
