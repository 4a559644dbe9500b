"""The disk fills up during a session: those in charge are told in three steps, answers live on their reserve, and all goes on after."""

from __future__ import annotations

import asyncio
import resource
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from exam_site import exam_day
from processes import preau_json
from session_room import Candidate, Person, Room, passages_of, planned_room
from small_disk import MEBI, SmallDisk, small_disk

from kiosk import disk_reserve
from kiosk.room_keeper import watch_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DISK = 300


async def level_is(chief: Person, level: int) -> None:
    """Wait until the supervisors' screen shows this level: the server looks every two seconds."""
    path = f"/api/v1/sessions/{chief.room.session['id']}/room"
    async with asyncio.timeout(60):
        while (await chief.ask("GET", path))[1]["disk"] != level:  # noqa: ASYNC110 - another process' work
            await asyncio.sleep(0.1)  # polls the condition above


class Sitting:
    """A candidate and what is shown."""

    def __init__(self, one: Candidate) -> None:
        self.one = one
        self.state: dict[str, Any] = {}

    async def begin(self) -> None:
        """Come in and begin."""
        await self.one.arrive()

    async def answer(self, count: int = 1) -> None:
        """Answer so many questions, each until it is saved."""
        for _ in range(count):
            self.state = await self.one.answer(self.state)


async def use_the_reserve_up(disk: SmallDisk) -> None:
    """Fill the disk again each time the server gives a piece of the reserve, until there is none."""
    async with asyncio.timeout(90):
        while (disk.seen / "answers.reserve").stat().st_size or disk.free > 64 * 1024:
            disk.fill(0)
            await asyncio.sleep(0.05)  # polls the condition above: the server looks every two seconds


async def lead(room: Room, disk: SmallDisk, listed: list[dict[str, Any]]) -> tuple[int, int]:
    """Lead the day; return how many answers were saved on the reserve, and how often the full disk was told."""
    chief = Person(room)
    people = [Sitting(Candidate(room, one["last_name"], one["id"])) for one in listed]
    try:
        await chief.log_in()
        await asyncio.gather(*(sat.begin() for sat in people))
        await chief.act("admit", [sat.one.id for sat in people])
        for sat in people:
            sat.state = await sat.one.begin()
        await asyncio.gather(*(sat.answer(3) for sat in people))
        await level_is(chief, 0)

        disk.fill(100 * MEBI)
        await level_is(chief, 1)
        disk.fill(8 * MEBI)
        await level_is(chief, 2)
        before = len(room.acknowledged)
        await asyncio.gather(*(sat.answer(5) for sat in people))
        on_reserve = len(room.acknowledged) - before
        assert sum(sat.one.refused for sat in people) == 0

        await use_the_reserve_up(disk)
        stuck = [asyncio.create_task(sat.answer(8)) for sat in people]
        await level_is(chief, 3)
        async with asyncio.timeout(60):
            while not all(sat.one.refused for sat in people):  # noqa: ASYNC110 - what is waited for is other tasks' work
                await asyncio.sleep(0.05)  # polls the condition above
        disk.empty()
        await asyncio.gather(*stuck)
        await level_is(chief, 0)
        assert (disk.seen / "answers.reserve").stat().st_size >= disk_reserve.AT_LEAST
        await asyncio.gather(*(sat.answer(16) for sat in people))
        assert {sat.state["state"] for sat in people} == {"finished"}
        return on_reserve, sum(sat.one.refused for sat in people)
    finally:
        for person in (chief, *(sat.one for sat in people)):
            await person.http.close()
        room.server.stop()


@pytest.mark.journey
async def test_a_disk_that_fills_up_is_told_in_three_steps_and_loses_no_acknowledged_answer(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    room = await asyncio.to_thread(planned_room, tmp_path, 3)
    listed = room.listed()
    with small_disk(room.home, DISK) as disk:
        room.server.before = disk.enter
        room.server.start()
        on_reserve, told = await lead(room, disk, listed)
        shutil.copytree(disk.seen, tmp_path / "after")
    kept = await passages_of(room, [one["id"] for one in listed], tmp_path / "after")
    assert all(passage.found.identical for passage in kept.values())
    answers = [(name, *answer) for name, passage in kept.items() for answer in passage.answers]
    assert sorted(answers) == sorted(room.acknowledged)
    assert preau_json(tmp_path / "after", "log", "check")["verdict"] == "verified"
    record_property(
        "figure",
        f"a disk of {DISK} MiB filled to the last byte: {on_reserve} answers saved on the reserve, "
        f"{told} refusals told while it was full, {len(answers)} answers acknowledged, all there once",
    )


@pytest.mark.parametrize(
    ("free", "reserved", "level"),
    [(128, 64, 0), (127, 64, 1), (48, 64, 1), (47, 64, 2), (0, 32, 2), (0, 31, 3), (31, 0, 3)],
)
async def test_the_page_of_a_supervisor_says_how_full_the_disk_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, reserved: int, level: int
) -> None:
    async with exam_day(tmp_path) as day:
        kiosk = day.site.kiosk
        with (tmp_path / "answers.reserve").open("r+b") as file:
            file.truncate(reserved * MEBI)
        usage = shutil.disk_usage(tmp_path)._replace(free=free * MEBI)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
        monkeypatch.setattr(disk_reserve, "give_way", lambda _: reserved)
        await watch_disk(kiosk)
        page = (await day.site.diaz.get(f"/supervise/{day.session.id}")).data.decode()
        shown = [one for one in (1, 2, 3) if f'data-disk="{one}" hidden' not in page]
        assert shown == ([level] if level else [])


def hold(room: Room, size: int) -> None:
    """Let no file of the server grow beyond a size: the kernel refuses what goes further."""
    assert room.server.child is not None
    _, hard = resource.prlimit(room.server.child.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(room.server.child.pid, resource.RLIMIT_FSIZE, (size, hard))


@pytest.mark.journey
async def test_a_server_that_may_write_no_more_says_so_and_goes_on_once_it_may(tmp_path: Path) -> None:
    room = await asyncio.to_thread(planned_room, tmp_path, 2)
    room.server.start()
    chief = Person(room)
    people = [Sitting(Candidate(room, one["last_name"], one["id"])) for one in room.listed()]
    try:
        await chief.log_in()
        await asyncio.gather(*(sat.begin() for sat in people))
        await chief.act("admit", [sat.one.id for sat in people])
        for sat in people:
            sat.state = await sat.one.begin()
        await asyncio.gather(*(sat.answer(2) for sat in people))
        hold(room, 4096)
        stuck = [asyncio.create_task(sat.answer(30)) for sat in people]
        await level_is(chief, 3)
        hold(room, resource.RLIM_INFINITY)
        await asyncio.gather(*stuck)
        await level_is(chief, 0)
    finally:
        for person in (chief, *(sat.one for sat in people)):
            await person.http.close()
        room.server.stop()
    assert all(sat.one.refused for sat in people)
    kept = await passages_of(room, [sat.one.id for sat in people])
    assert all(passage.found.identical for passage in kept.values())
    answers = [(name, *answer) for name, passage in kept.items() for answer in passage.answers]
    assert sorted(answers) == sorted(room.acknowledged)
    assert len(answers) == 32 * len(people)
