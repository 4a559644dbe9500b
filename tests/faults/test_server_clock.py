"""The server's clock is set right, or wrong, in the middle of a session: nobody's time moves, and the chain says what happened."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import Day, exam_day, led_again, page_again
from kiosk_site import FrozenClock
from supervise_kit import phone_in

from kiosk.room_keeper import note_clocks
from kiosk.room_view import room_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

JUMPS_S = (3600, -3600, -86_400, 86_400)
WHOLE_S = 105 * 60


async def jumps(day: Day) -> list[int]:
    """Return by how many seconds the session's chain says that the wall clock jumped, restarts included."""
    kiosk = day.site.kiosk
    lines = await kiosk.db.read(lambda conn: kiosk.log.events(conn, day.session.id))
    bodies = [msgspec.json.decode(line)["body"] for line in lines]
    return [one["wall_ms"] // 1000 for one in bodies if one["type"] == "clock_went"]


async def test_every_jump_leaves_the_time_alone_and_signatures_and_chains_good(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    clock, used = FrozenClock(), 0
    async with exam_day(tmp_path, clock=clock) as day:
        (tom,) = await day.begun("tom")
        phone = await phone_in(day)
        await note_clocks(day.site.kiosk)
        for jump in JUMPS_S:
            clock.pass_s(60)
            used += 60
            clock.wall += jump * 1000
            await note_clocks(day.site.kiosk)
            await tom.beat()
            assert (await tom.answer()).status == 200
            assert tom.left == WHOLE_S - used
            told = await phone.tell(phone.acts, b'{"act":"message","text":"Bonjour"}')
            assert told.status == 200, told.body
        assert await jumps(day) == list(JUMPS_S)
    clock.pass_s(20)
    clock.wall += 7200 * 1000  # set while the server was down
    async with exam_day(tmp_path, clock=clock) as again:
        page = page_again(again, tom)
        assert (await page.beat()).body["given_back"] == 20
        await page.refresh()
        assert page.left == WHOLE_S - used
        assert await jumps(again) == [*JUMPS_S, 7200]
        found = await led_again(again, "tom")
        assert (found.identical, found.code) == (True, "")
    record_property(
        "figure",
        f"{len(JUMPS_S) + 1} jumps of 1 h to 1 day, one across a restart: 0 s moved, each in the chain",
    )


@pytest.mark.parametrize("instant", [(2026, 3, 29), (2026, 10, 25)])
async def test_the_night_clocks_change_takes_and_gives_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instant: tuple[int, int, int]
) -> None:
    clock = FrozenClock()
    clock.wall = int(datetime(*instant, 0, 59, tzinfo=UTC).timestamp()) * 1000
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        before = datetime.fromtimestamp(clock.wall / 1000).astimezone().utcoffset()
        async with exam_day(tmp_path, clock=clock) as day:
            (tom,) = await day.begun("tom")
            await note_clocks(day.site.kiosk)
            clock.pass_s(120)
            assert datetime.fromtimestamp(clock.wall / 1000).astimezone().utcoffset() != before
            await note_clocks(day.site.kiosk)
            await tom.beat()
            await tom.answer()
            assert tom.left == WHOLE_S - 120
            assert await jumps(day) == []
            room = await room_view(day.site.kiosk, day.principal, day.session.id)
            (seen,) = [one for one in room.candidates if one.id == tom.id]
            assert seen.ends_at == clock.wall + (WHOLE_S - 120) * 1000
            assert (await led_again(day, "tom")).identical
    finally:
        monkeypatch.undo()
        time.tzset()
