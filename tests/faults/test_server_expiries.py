"""Tickets, logins and certificates end some day; a session that began by them does not end with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import exam_day, led_again
from kiosk_site import FrozenClock
from supervise_kit import Phone, phone_in, ticket

from kiosk.lan.ca import ensure_certificate, leaf_end
from kiosk.readiness.examine import examine
from kiosk.readiness.look import Place, known_of
from kiosk.readiness.notes import is_go

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOURS = 14


async def test_a_session_outlives_every_ticket_and_login_it_began_by(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    clock = FrozenClock()
    async with exam_day(tmp_path, clock=clock) as day:
        (tom,) = await day.begun("tom")
        phone = await phone_in(day)
        unused = await ticket(day)
        for _ in range(HOURS):
            clock.pass_s(3600)
            assert (await tom.beat()).status == 200
        assert (await tom.answer()).status == 200
        paused = await phone.tell(phone.acts, b'{"act":"pause_all","reason":"Repas"}')
        assert paused.status == 200, paused.body
        assert (await phone.tell(phone.acts, b'{"act":"resume_all"}')).status == 200
        assert (await tom.refresh())["number"] == 2

        late = Phone(day, day.site.client(None), day.session.id)
        assert (await late.ask(unused)).status >= 400, "a ticket of a minute lets nobody in hours later"
        room = f"/api/v1/sessions/{day.session.id}/room"
        assert (await day.site.diaz.get(room)).status in {401, 403}, "a login has its own end"
        back = await day.site.sign_in("diaz")
        assert (await back.get(room)).status == 200
        assert (await led_again(day, "tom")).identical
    record_property("figure", f"{HOURS} h: candidate and phone go on; the login of 12 h is opened again")


@pytest.mark.parametrize(("days", "go"), [(1, True), (0, False), (-1, False)])
async def test_a_certificate_that_ends_before_the_day_is_over_is_no_go(
    tmp_path: Path, days: int, *, go: bool
) -> None:
    clock = FrozenClock()
    async with exam_day(tmp_path, clock=clock, opened=False) as day:
        kiosk = day.site.kiosk
        ensure_certificate(
            tmp_path,
            ["preau.local"],
            [ip_address("192.168.4.10")],
            datetime.fromtimestamp(clock.wall / 1000, UTC),
        )
        end = leaf_end(tmp_path)
        assert end is not None
        planned = msgspec.structs.replace(day.session, date=(end - timedelta(days=days)).date().isoformat())
        place = Place(tmp_path, kiosk.rooms.shelf, clock.now_ms(), secure=True)
        notes = examine(await kiosk.db.read(lambda conn: known_of(conn, place, planned)))
        (told,) = [one for one in notes if one.check == "certificate"]
        assert (told.level == "ok") is go
        assert is_go([told]) is go
        assert told.params["end"] == f"{end:%d/%m/%Y}"
