"""How a supervisor's phone comes into a session: one ticket, one key, one number on both screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from exam_site import PLAN, exam_day
from sealed_kit import CODE
from supervise_kit import Phone, phone_in, ticket

from kiosk.actions import opening, planning, supervisor_tickets, supervisors
from kiosk.store import supervisors as store

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2026-09-21"
"""The day of the tests' clock."""


async def test_both_screens_show_the_same_number_and_the_right_one_lets_in(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = Phone(day, day.site.client(None), day.session.id)
        await phone.ask(await ticket(day))
        assert (await phone.row()).number == phone.number
        seen = await day.site.diaz.get(f"/api/v1/sessions/{day.session.id}/supervisors")
        assert [one["number"] for one in seen.body["supervisors"]] == [phone.number]
        let = await day.site.diaz.post(
            f"/api/v1/sessions/{day.session.id}/supervisors/{phone.id}/let-in", {"number": phone.number}
        )
        assert let.status == 200
        room = await phone.client.get(f"/api/v1/sessions/{day.session.id}/room")
        assert room.status == 200


async def test_another_number_lets_nobody_in(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = Phone(day, day.site.client(None), day.session.id)
        await phone.ask(await ticket(day))
        other = f"{(int(phone.number) + 1) % 1_000_000:06}"
        let = await day.site.diaz.post(
            f"/api/v1/sessions/{day.session.id}/supervisors/{phone.id}/let-in", {"number": other}
        )
        assert let.code == "supervisor.other_number"
        assert (
            await phone.client.get(f"/api/v1/sessions/{day.session.id}/room")
        ).code == "supervisor.not_yet"


async def test_a_ticket_is_good_once(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        shown = await ticket(day)
        assert (await Phone(day, day.site.client(None), day.session.id).ask(shown)).status == 200
        assert (
            await Phone(day, day.site.client(None), day.session.id).ask(shown)
        ).code == "supervisor.bad_ticket"


async def test_a_ticket_is_good_for_a_minute(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        shown = await ticket(day)
        day.site.clock.pass_s(60)
        assert (
            await Phone(day, day.site.client(None), day.session.id).ask(shown)
        ).code == "supervisor.bad_ticket"


async def test_a_kits_ticket_is_good_on_the_sessions_day_only_and_once(tmp_path: Path) -> None:
    today = msgspec.structs.replace(PLAN, date=TODAY)
    async with exam_day(tmp_path, plan=today) as day:
        kits = [
            await supervisor_tickets.kit_ticket(day.site.kiosk, day.principal, day.session.id)
            for _ in range(2)
        ]
        assert (await Phone(day, day.site.client(None), day.session.id).ask(kits[0])).status == 200
        assert (
            await Phone(day, day.site.client(None), day.session.id).ask(kits[0])
        ).code == "supervisor.bad_ticket"
        day.site.clock.pass_s(24 * 3600)
        assert (
            await Phone(day, day.site.client(None), day.session.id).ask(kits[1])
        ).code == "supervisor.bad_ticket"


async def test_kits_that_were_called_in_are_no_good(tmp_path: Path) -> None:
    today = msgspec.structs.replace(PLAN, date=TODAY)
    async with exam_day(tmp_path, plan=today) as day:
        kit = await supervisor_tickets.kit_ticket(day.site.kiosk, day.principal, day.session.id)
        await supervisor_tickets.call_in_kits(day.site.kiosk, day.principal, day.session.id)
        assert (
            await Phone(day, day.site.client(None), day.session.id).ask(kit)
        ).code == "supervisor.bad_ticket"


async def test_the_secret_of_a_ticket_is_nowhere_on_the_server(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        shown = await ticket(day)
        kept = await day.site.kiosk.db.read(lambda conn: list(conn.iterdump()))
        assert not [line for line in kept if shown in line]


async def test_a_malformed_key_is_refused_and_the_ticket_stays_good(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        shown = await ticket(day)
        bad = await day.site.stranger.post(
            "/api/v1/supervise/keys", {"ticket": shown, "algorithm": "p256", "public_key": "00" * 65}
        )
        assert bad.code == "supervisor.bad_key"
        assert (await Phone(day, day.site.client(None), day.session.id).ask(shown)).status == 200


async def test_a_phone_lets_a_colleague_in_and_takes_a_lost_one_out(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        first = await phone_in(day)
        asked = await first.tell(f"/api/v1/sessions/{day.session.id}/tickets", b"{}")
        second = Phone(day, day.site.client(None), day.session.id)
        await second.ask(asked.body["address"].split("#")[1])
        at = f"/api/v1/sessions/{day.session.id}/supervisors/{second.id}"
        assert (await first.tell(f"{at}/let-in", f'{{"number":"{second.number}"}}'.encode())).status == 200
        assert (await second.client.get(f"/api/v1/sessions/{day.session.id}/room")).status == 200
        assert (await first.tell(f"{at}/put-out", b"{}")).status == 200
        assert (
            await second.client.get(f"/api/v1/sessions/{day.session.id}/room")
        ).code == "supervisor.revoked"


async def test_what_happens_to_keys_is_in_the_sessions_chain(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = await phone_in(day)
        await supervisors.put_out(day.site.kiosk, day.principal, day.session.id, phone.id)
        lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.session.id))
        acts = [msgspec.json.decode(line)["body"] for line in lines]
        assert [(one["act"], one["by"], one["reason"]) for one in acts if one["type"] == "acted"] == [
            ("join", day.principal.key, f"supervisor:{phone.id} ed25519 {phone.public}"),
            ("revoke", day.principal.key, f"supervisor:{phone.id}"),
        ]


async def test_a_phone_that_came_in_before_the_opening_is_in_the_chain_before_its_first_act(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path, opened=False) as day:
        phone = await phone_in(day)
        assert not (await phone.row()).chained
        await opening.open_session(day.site.kiosk, day.principal, day.session.id, CODE)
        assert (await phone.tell(phone.acts, b'{"act":"message","text":"Bonjour"}')).status == 200
        lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.session.id))
        kinds = [msgspec.json.decode(line)["body"].get("act", "opened") for line in lines]
        assert kinds == ["opened", "join", "message"]


async def test_nobody_in_charge_of_something_else_may_bring_supervisors_in(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        at = f"/api/v1/sessions/{day.session.id}/tickets"
        others = (day.site.other_principal, day.site.roy, day.site.lea, day.site.stranger)
        refused = [(await one.post(at)).status for one in others]
        assert refused == [404, 403, 403, 401]
        rows = await day.site.kiosk.db.read(lambda conn: store.of_session(conn, day.session.id))
        assert rows == []


async def test_nobody_in_charge_of_something_else_lets_in_or_puts_out(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        inside, asking = await phone_in(day), Phone(day, day.site.client(None), day.session.id)
        await asking.ask(await ticket(day))
        [ines] = await day.begun("ines")
        at = f"/api/v1/sessions/{day.session.id}/supervisors"
        cast = (
            day.site.other_principal,
            day.site.roy,
            day.site.lea,
            ines.client,
            day.site.stranger,
            asking.client,
        )
        for one in cast:
            assert (await one.post(f"{at}/{asking.id}/let-in", {"number": asking.number})).status in {
                401,
                403,
                404,
            }
            assert (await one.post(f"{at}/{inside.id}/put-out")).status in {401, 403, 404}
            assert (await one.get(at)).status in {401, 403, 404}
            assert (await one.get(f"/staff/sessions/{day.session.id}/phones")).status in {303, 403, 404}
            assert (await one.get(f"/supervise/{day.session.id}/phones")).status in {303, 403, 404}
        assert ((await inside.row()).status, (await asking.row()).status) == ("in", "asking")


async def test_a_phone_of_another_session_is_not_found_in_this_one(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = await phone_in(day)
        other = await planning.create(day.site.kiosk, day.chief, PLAN)
        at = f"/api/v1/sessions/{other.id}/supervisors/{phone.id}"
        assert (await day.site.diaz.post(f"{at}/put-out")).code == "supervisor.unknown"
        assert (await phone.row()).status == "in"


async def test_a_teacher_who_came_in_by_nothing_is_shown_the_door(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        for one in (day.site.roy, day.site.lea, day.site.stranger):
            assert (await one.get(f"/supervise/{day.session.id}")).headers["Location"] == "/supervise"
        assert (await day.site.other_principal.get(f"/supervise/{day.session.id}")).status == 404


async def test_a_phone_is_out_of_a_closed_room_and_of_no_more_use(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = await phone_in(day)
        await opening.close_session(day.site.kiosk, day.principal, day.session.id)
        assert (await phone.tell(phone.acts, b'{"act":"pause_all"}')).code == "session.not_open"
        assert "close" in (await phone.client.get(f"/supervise/{day.session.id}")).data.decode()
        assert (
            await Phone(day, day.site.client(None), day.session.id).ask("rien")
        ).code == "supervisor.bad_ticket"
