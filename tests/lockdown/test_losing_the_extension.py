"""An extension asked for, lost, cleared, or wrong about a whole room: one stop, one word of the supervisor, nobody stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam_site import led_again
from lockdown_kit import (
    at_machine,
    begun_with,
    ended,
    events,
    evidence,
    give_code,
    locked_day,
    prepared,
    spoken_line,
    stopped,
    sweep,
)

from kiosk.actions import supervision
from kiosk.actions.waiving import waive

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_required_extension_is_asked_for_before_the_code_and_again_before_the_start(
    tmp_path: Path,
) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        page = await at_machine(day, "ines", machine)
        assert await give_code(page) == 422
        async with spoken_line(day, machine) as line:
            assert (await line.say(page.id))["type"] == "proven"
            assert await give_code(page) == 303
            await day.admit("ines")
        await page.client.post(f"{page.api}/lockdown", {"heard": False})
        early = await page.client.post(f"{page.api}/start")
        assert (early.status, early.code) == (422, "lockdown.extension_missing")
        async with spoken_line(day, machine) as line:
            await line.say(page.id)
            assert (await page.client.post(f"{page.api}/start")).status == 200
        assert await evidence(day, "ines") == {"extension": (True, "1.0.0")}


async def test_a_supervisor_may_let_a_candidate_begin_without_and_it_is_written(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        page = await at_machine(day, "ines", await prepared(day, "P07"))
        who, kiosk = day.supervisor(), day.site.kiosk
        nothing = await waive(kiosk, who, day.session.id, [page.id], " ")
        assert nothing[0].code == "session.needs_reason"
        assert (await waive(kiosk, who, day.session.id, [page.id], "poste de secours"))[0].code == ""
        assert await give_code(page) == 303
        await day.admit("ines")
        await page.begin()
        assert await evidence(day, "ines") == {"extension": (False, "waived")}
        day.site.clock.pass_s(60)
        await page.beat()
        await sweep(day)
        assert (await day.row("ines")).state == "in_progress"
        acts = await kiosk.db.read(lambda conn: kiosk.log.events(conn, day.session.id))
        assert any(b'"waive_lockdown"' in line and b"poste de secours" in line for line in acts)


async def test_a_recommended_extension_stops_nobody(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "recommended") as day:
        [page] = await day.begun("ines")
        day.site.clock.pass_s(60)
        await page.beat()
        await sweep(day)
        assert (await day.row("ines")).state == "in_progress"
        assert await evidence(day, "ines") == {"extension": (False, "absent")}


async def test_a_line_that_breaks_while_the_page_speaks_stops_the_candidate_once(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        async with spoken_line(day, machine) as line:
            page = await begun_with(day, "ines", machine, line)
            await sweep(day)
            assert (await day.row("ines")).state == "in_progress"
        await ended(day, page)
        day.site.clock.pass_s(1)
        await page.beat()
        await sweep(day)
        day.site.clock.pass_s(1)
        await sweep(day)
        row = await day.row("ines")
        assert (row.state, row.stopped) == ("extension_missing", "lockdown")
        answer = await page.answer()
        assert answer.status == 409
        length = len(await events(day, "ines"))
        for _ in range(5):
            day.site.clock.pass_s(2)
            await page.beat()
            await sweep(day)
        assert len(await events(day, "ines")) == length


async def test_once_cleared_without_the_extension_a_candidate_is_not_stopped_for_the_same_loss(
    tmp_path: Path,
) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        async with spoken_line(day, machine) as line:
            page = await begun_with(day, "ines", machine, line)
        await stopped(day, page)
        done = await supervision.clear_lockdown(
            day.site.kiosk, day.supervisor(), day.session.id, None, "réseau"
        )
        assert [one.code for one in done] == [""]
        day.site.clock.pass_s(30)
        await page.beat()
        await sweep(day)
        assert (await day.row("ines")).state == "in_progress"
        async with spoken_line(day, machine) as line:
            await line.say(page.id)
            await sweep(day)
            assert (await evidence(day, "ines"))["extension"][0] is False, "back, and not steady yet"
            day.site.clock.pass_s(8)
            await line.say(page.id, nonce=line.nonce)
            day.site.clock.pass_s(8)
            await line.say(page.id)
            await sweep(day)
            assert (await evidence(day, "ines"))["extension"] == (True, "1.0.0")
        await stopped(day, page)


async def test_a_browser_that_crashed_is_an_outage_and_not_a_missing_extension(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        async with spoken_line(day, machine) as line:
            page = await begun_with(day, "ines", machine, line)
            await page.beat()
        await ended(day, page)
        for _ in range(10):
            day.site.clock.pass_s(5)
            await sweep(day)
        assert (await day.row("ines")).state == "in_progress"
        await page.beat()
        await sweep(day)
        async with spoken_line(day, machine) as line:
            await line.say(page.id)
            day.site.clock.pass_s(5)
            await page.beat()
            await sweep(day)
        assert (await day.row("ines")).state == "in_progress"


async def test_flapping_writes_little(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        async with spoken_line(day, machine) as line:
            page = await begun_with(day, "ines", machine, line)
        await stopped(day, page)
        length = len(await events(day, "ines"))
        for _ in range(30):
            async with spoken_line(day, machine) as line:
                await line.say(page.id)
                day.site.clock.pass_s(3)
                await sweep(day)
            await ended(day, page)
            day.site.clock.pass_s(3)
            await page.beat()
            await sweep(day)
        assert len(await events(day, "ines")) == length


async def test_a_false_alarm_of_the_whole_room_is_cleared_at_once_with_a_reason(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        pages = []
        for name, label in (("ines", "P07"), ("tom", "P08"), ("zoe", "P09")):
            machine = await prepared(day, label)
            async with spoken_line(day, machine) as line:
                pages.append(await begun_with(day, name, machine, line))
        for page in pages:
            await ended(day, page)
        for _ in range(2):
            day.site.clock.pass_s(1)
            for page in pages:
                await page.beat()
            await sweep(day)
        assert {(await day.row(page.name)).state for page in pages} == {"extension_missing"}
        kiosk, who = day.site.kiosk, day.supervisor()
        nothing = await supervision.clear_lockdown(kiosk, who, day.session.id, None, "")
        assert {one.code for one in nothing} == {"session.needs_reason"}
        done = await supervision.clear_lockdown(
            kiosk, who, day.session.id, None, "mise à jour de l’antivirus"
        )
        assert [one.code for one in done] == ["", "", ""]
        for page in pages:
            await page.refresh()
            assert (await page.answer()).status == 200
            assert (await led_again(day, page.name)).identical
