"""A session goes on through restarts of the server and of the machine, and through jumps of the wall clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import PLAN, Day, authority, exam_day, page_again
from kiosk_site import FrozenClock
from sealed_kit import CHEAP, CODE, certification_bank

from kiosk.actions import incidents, opening, planning, supervision
from kiosk.bank_building import Order, build
from kiosk.errors import Conflict, Refused
from kiosk.room_keeper import note_clocks
from kiosk.room_view import room_view

if TYPE_CHECKING:
    from pathlib import Path


async def room_chain(day: Day) -> list[dict[str, object]]:
    kiosk = day.site.kiosk
    lines = await kiosk.db.read(lambda conn: kiosk.log.events(conn, day.session.id))
    return [msgspec.json.decode(line)["body"] for line in lines]


async def test_after_a_restart_of_the_server_the_same_question_waits_with_the_same_time(
    tmp_path: Path,
) -> None:
    clock = FrozenClock()
    async with exam_day(tmp_path, clock=clock) as day:
        (tom,) = await day.begun("tom")
        clock.pass_s(600)
        await tom.beat()
        await tom.answer()
        await note_clocks(day.site.kiosk)
        shown, left = tom.state["question"], tom.left
    clock.pass_s(47)
    async with exam_day(tmp_path, clock=clock) as again:
        page = page_again(again, tom)
        assert (await page.beat()).body["given_back"] == 47
        assert (await page.refresh())["question"] == shown
        assert page.left == left
        assert (await page.answer()).status == 200
        assert (await again.row("tom")).answered == 2
        assert [event["type"] for event in await room_chain(again)] == ["room_opened", "acted", "clock_went"]


async def test_a_machine_that_was_off_takes_no_time_from_anyone(tmp_path: Path) -> None:
    clock = FrozenClock()
    async with exam_day(tmp_path, clock=clock) as day:
        (tom,) = await day.begun("tom")
        clock.pass_s(60)
        await tom.beat()
        await tom.answer()
        left = tom.left
        await note_clocks(day.site.kiosk)
    clock.reboot()
    clock.wall += 3_600_000
    async with exam_day(tmp_path, clock=clock) as again:
        page = page_again(again, tom)
        assert (await page.refresh())["clock"]["left"] == left
        went = (await room_chain(again))[-1]
        assert (went["why"], went["wall_ms"]) == ("machine_restarted", 3_600_000)


@pytest.mark.parametrize("jump_s", [3600, -3600, 86_400, -86_400])
async def test_a_jump_of_the_wall_clock_changes_nothing_and_is_written(tmp_path: Path, jump_s: int) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        await note_clocks(day.site.kiosk)
        day.site.clock.wall += jump_s * 1000
        await note_clocks(day.site.kiosk)
        assert (await tom.refresh())["clock"]["left"] == 105 * 60
        went = (await room_chain(day))[-1]
        assert (went["why"], went["wall_ms"]) == ("wall_jumped", jump_s * 1000)


async def test_the_day_key_is_on_the_disk_only_while_the_session_is_open(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        kept = tmp_path / "keys" / f"day-{day.session.id}.key"
        assert kept.stat().st_mode & 0o777 == 0o600
        await opening.close_session(day.site.kiosk, day.principal, day.session.id)
        assert not kept.exists()
        assert not (tmp_path / "answers.reserve").exists()


async def test_a_session_whose_key_was_lost_waits_for_the_code_and_then_goes_on(tmp_path: Path) -> None:
    clock = FrozenClock()
    async with exam_day(tmp_path, clock=clock) as day:
        (tom,) = await day.begun("tom")
        shown = tom.state["question"]
    (tmp_path / "keys" / f"day-{day.session.id}.key").unlink()
    async with exam_day(tmp_path, clock=clock) as again:
        page = page_again(again, tom)
        assert (await page.client.get(f"{page.api}/next?epoch={page.epoch}")).code == "session.not_open"
        with pytest.raises(Refused):
            await opening.open_session(
                again.site.kiosk, again.principal, again.session.id, "un autre code du jour"
            )
        await opening.open_session(again.site.kiosk, again.principal, again.session.id, CODE)
        assert (await page.refresh())["question"] == shown


async def test_a_bank_that_was_changed_does_not_open(tmp_path: Path) -> None:
    async with exam_day(tmp_path, opened=False) as day:
        (path,) = (tmp_path / "banks" / "sealed").glob("*.bundle")
        data = bytearray(path.read_bytes())
        data[-10] ^= 1
        path.write_bytes(data)
        with pytest.raises(Refused, match=r"session\.no_bank"):
            await opening.open_session(day.site.kiosk, day.principal, day.session.id, CODE)


async def test_closing_ends_what_is_open_and_sends_every_chain(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        tom, _ = await day.begun("tom", "zoe")
        await tom.answer()
        await supervision.end(day.site.kiosk, day.supervisor(), day.session.id, day.ids["zoe"], "malade")
        closed = await opening.close_session(day.site.kiosk, day.principal, day.session.id)
        assert closed.status == "closed"
        row = await day.row("tom")
        assert (row.state, row.end_reason) == ("ended", "finalised")
        assert row.record is not None
        with pytest.raises(Conflict):
            await room_view(day.site.kiosk, day.supervisor(), day.session.id)
        kinds = await day.site.kiosk.db.read(
            lambda conn: [one[0] for one in conn.execute("SELECT type FROM log_records ORDER BY seq")]
        )
        assert kinds[-4:] == [
            "session.manifest",
            "certification.sealed",
            "certification.sealed",
            "supervisor.acts",
        ]


async def test_no_name_is_in_any_record_or_chain_of_a_session(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        await ines.answer()
        kiosk, who, session = day.site.kiosk, day.supervisor(), day.session.id
        await supervision.add_time(kiosk, who, session, [ines.id], 5, "INES BENALI a perdu son d'Hérouville")
        await incidents.note(kiosk, who, session, incidents.Noted("C7", "Tom Nguyen a toussé", ines.id))
        await opening.close_session(day.site.kiosk, day.principal, day.session.id)
        stored = await day.site.kiosk.db.read(
            lambda conn: (
                [bytes(one[0]) for one in conn.execute("SELECT bytes FROM log_records")]
                + [bytes(one[0]) for one in conn.execute("SELECT bytes FROM log_events")]
            )
        )
        text = b"\n".join(stored).decode().lower()
        assert "a toussé" in text
        assert not [name for name in ("benali", "inès", "nguyen", "hérouville", "2012-03-14") if name in text]


async def test_open_items_rehearse_and_never_certify(tmp_path: Path) -> None:
    order = Order(CODE, (), rehearsal=True, rough=True, costs=CHEAP)
    made = build(certification_bank(), authority(), order)
    async with exam_day(tmp_path, made=made, opened=False) as day:
        kiosk = day.site.kiosk
        with pytest.raises(Refused, match=r"session\.rehearsal_bank"):
            await opening.open_session(kiosk, day.principal, day.session.id, CODE)
        plan = msgspec.structs.replace(PLAN, mode="rehearsal")
        await planning.change(kiosk, day.chief, day.session.id, plan)
        opened = await opening.open_session(kiosk, day.principal, day.session.id, CODE)
        assert opened.mode == "rehearsal"
        (tom,) = await day.begun("tom")
        assert tom.state["question"]["kind"] == "short_text"
