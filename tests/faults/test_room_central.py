"""Fault 20: the central instance is away for days, answers errors, pages of a portal, 413 or byte by byte.

The days are those of the clock given to the daemon's courier and to the school's server; every try is a real upload.
"""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from aiohttp.web import Request, Response, StreamResponse
from central_double import Central, serve
from exam_site import exam_day
from finalisation_kit import over

from sync.daemon import open_courier
from sync.enrolment import EnrolmentFile, save_enrolment
from sync.keys import load_or_make
from sync.transport import RECEIPTS_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exam_site import Day

DAY_MS = 24 * 3_600_000
MOST_GROWTH = 65_536
"""Bytes that days of failures may add to the daemon's own file."""


async def error(_: Request) -> StreamResponse:
    return Response(status=500, text="Internal Server Error")


async def busy(_: Request) -> StreamResponse:
    return Response(status=503, headers={"Retry-After": "30"})


async def portal(_: Request) -> StreamResponse:
    return Response(text="<html><h1>Bienvenue sur le Wi-Fi</h1></html>", content_type="text/html")


async def too_large(_: Request) -> StreamResponse:
    return Response(status=413)


async def cut_short(request: Request) -> StreamResponse:
    reply = StreamResponse(headers={"Content-Type": RECEIPTS_TYPE})
    await reply.prepare(request)
    await reply.write(b"0" * 100)
    return reply


def slow(central: Central) -> Callable[[Request], object]:
    """Return a handler whose every byte comes alone."""

    async def dribble(request: Request) -> StreamResponse:
        answer = central.answer(await request.read())
        assert isinstance(answer.body, bytes)
        reply = StreamResponse(headers={"Content-Type": RECEIPTS_TYPE})
        await reply.prepare(request)
        for byte in answer.body:
            await reply.write(bytes([byte]))
        return reply

    return dribble


async def days_without(day: Day, central: Central, days: int) -> list[int]:
    """Let the daemon try for so many days, against another failure each time; return how long it waited between tries."""
    waits, failures = [], cycle([error, busy, portal, cut_short])
    clock = day.site.clock
    until = clock.now_ms() + days * DAY_MS
    async with open_courier(day.site.home, clock.now_ms) as (courier, *_):
        while clock.now_ms() < until:
            central.misbehave = next(failures)
            report = await courier.carry_all()
            assert report.sent == report.refused == 0
            waited = courier.next_try - clock.now_ms()
            waits.append(waited)
            clock.wall += waited
            clock.mono += waited
    return waits


def size_of(home: Path) -> int:
    """Return the bytes of the daemon's own files."""
    return sum(one.stat().st_size for one in home.glob("sync.db*"))


async def shown(day: Day, path: str) -> str:
    return (await day.site.diaz.get(path)).data.decode()


@pytest.mark.journey
async def test_days_without_a_central_instance_lose_nothing_fill_nothing_and_are_told(
    tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    days = 14 if request.config.getoption("--faults") else 3
    async with exam_day(tmp_path / "school") as day, serve(load_or_make(tmp_path / "central.key")) as central:
        home, kiosk = day.site.home, day.site.kiosk
        save_enrolment(home, EnrolmentFile(central.url, kiosk.identity.site, ""), central.signer.public)
        async with open_courier(home, day.site.clock.now_ms) as (courier, *_):
            await courier.carry_all()
        (tom,) = await day.begun("tom")
        await tom.answer()
        await over(day)
        before, first = size_of(home), len(central.stored)
        waits = await days_without(day, central, days)
        grown, waiting = size_of(home) - before, kiosk.log.records - first
        assert grown < MOST_GROWTH
        # Longer each time up to five minutes, and never in step with the other schools.
        assert max(waits) <= 300_000
        assert len({wait for wait in waits if wait > 150_000}) > len(waits) // 2
        assert waiting > 0
        day.site.diaz = await day.site.sign_in("diaz")  # the old login is over since the first evening
        for page in ("/staff/server", f"/staff/sessions/{day.session.id}"):
            said = await shown(day, page)
            assert f"il y a {days} jours" in said, page
            assert f"{waiting} envois attendent ici" in said, page
        central.misbehave = too_large
        async with open_courier(home, day.site.clock.now_ms) as (courier, *_):
            assert (await courier.carry_all()).refused == waiting
        central.misbehave = slow(central)  # type: ignore[assignment] # what it returns is awaited by the double
        day.site.clock.pass_s(3_700)
        async with open_courier(home, day.site.clock.now_ms) as (courier, *_):
            report = await courier.carry_all()
        assert (report.state, report.pending) == ("ok", 0)
        assert len(central.stored) == len(central.receipts) == kiosk.log.records
        said = await shown(day, "/staff/server")
        assert "il y a moins d’une heure" in said
        assert "attendent ici" not in said
        record_property(
            "figure",
            f"{days} days, {len(waits)} tries, {grown} bytes more on the disk, {waiting} records late, none lost",
        )
