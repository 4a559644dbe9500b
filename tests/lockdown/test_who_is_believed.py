"""Whose word counts: the machine's own key over a nonce used once. Everything else is refused, counted, and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lockdown_kit import (
    at_machine,
    begun_with,
    evidence,
    give_code,
    guard_of,
    locked_day,
    prepared,
    spoken_line,
    sweep,
)

from kiosk.store import lockdown as store

if TYPE_CHECKING:
    from pathlib import Path

    from exam_site import Day


async def refused(day: Day) -> list[str]:
    return [
        one.code for one in await day.site.kiosk.db.read(lambda conn: store.refusals(conn, day.session.id))
    ]


async def test_a_signature_by_another_key_is_refused_counted_and_written(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        page = await at_machine(day, "ines", machine)
        cookies = {one.key: one.value for one in page.client.session.cookie_jar}
        async with spoken_line(day, machine, cookies) as line:
            for _ in range(3):
                forged = line.signed(line.statement(page.id), Ed25519PrivateKey.generate())
                await line.stream.send_str(forged)
                assert await line.answer() == {"type": "refused", "code": "bad_signature"}
        assert not guard_of(day).watch.holds(page.id, day.site.kiosk.rooms.get(day.session.id).clock.now())
        assert await evidence(day, "ines") == {"page": (False, "bad_signature")}
        assert await refused(day) == ["bad_signature"]
        assert await give_code(page) == 422


async def test_a_page_that_says_it_is_the_extension_proves_nothing(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        page = await at_machine(day, "ines", await prepared(day, "P07"))
        told = await page.client.post(f"{page.api}/lockdown", {"heard": True})
        assert told.body == {"mode": "extension", "vouched": False, "waived": False}
        assert await evidence(day, "ines") == {"page": (False, "unproven")}
        assert await refused(day) == ["unproven"]
        assert await give_code(page) == 422


async def test_a_nonce_is_answered_once_and_on_its_own_line(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        page = await at_machine(day, "ines", machine)
        async with spoken_line(day, machine) as line, spoken_line(day, machine) as other:
            first = line.signed(line.statement(page.id))
            await line.stream.send_str(first)
            assert (await line.answer())["type"] == "proven"
            await line.stream.send_str(first)
            assert (await line.answer())["code"] == "replayed"
            await other.stream.send_str(first)
            assert (await other.answer())["code"] == "replayed"
        assert set(await refused(day)) <= {"replayed"}
        assert await give_code(page) == 422


async def test_another_machines_key_vouches_for_nobody_elses_passage(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        mine, other = await prepared(day, "P07"), await prepared(day, "P08")
        page = await at_machine(day, "ines", mine)
        async with spoken_line(day, other) as line:
            assert await line.say(page.id) == {"type": "refused", "code": "other_machine"}
        assert await refused(day) == ["other_machine"]
        assert (await evidence(day, "ines"))["page"] == (False, "other_machine")
        assert await give_code(page) == 422


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"version": "0.9.0"}, "old_version"),
        ({"version": "1.0.0-dev"}, "old_version"),
        ({"machine": "f" * 16}, "unknown_machine"),
        ({"nonce": "0" * 32}, "replayed"),
        ({"protocol": 2}, "unreadable"),
        ({"facts": {"windows": -1}}, "unreadable"),
    ],
)
async def test_a_statement_that_does_not_hold_is_refused_by_name(
    tmp_path: Path, changed: dict[str, Any], code: str
) -> None:
    async with locked_day(tmp_path) as day:
        async with spoken_line(day, await prepared(day, "P07")) as line:
            assert await line.say(**changed) == {"type": "refused", "code": code}
        assert guard_of(day).machines.total() == 0


async def test_a_line_that_only_says_nonsense_is_closed(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day, spoken_line(day, await prepared(day, "P07")) as line:
        for _ in range(5):
            await line.stream.send_str("{}")
        kinds = [(await line.hear())["type"] for _ in range(6)]
        assert kinds == ["refused"] * 5 + ["closed"]


async def test_an_attack_is_not_written_line_by_line(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        guard, now = guard_of(day), day.site.clock.now_ms()
        assert sum(guard.may_count(now) for _ in range(1000)) == 120
        assert guard.may_count(now + 60_000)


async def test_a_key_given_again_makes_the_former_one_worthless(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        old = await prepared(day, "P07")
        new = await prepared(day, "P07")
        assert (new.id, new.key != old.key) == (old.id, True)
        async with spoken_line(day, old) as line:
            assert (await line.say())["code"] == "bad_signature"
        async with spoken_line(day, new) as line:
            assert (await line.say())["type"] == "proven"


async def test_a_ticket_is_good_once_and_for_a_minute(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        async with spoken_line(day, machine) as line:
            ticket = (await line.say())["ticket"]
            late = (await line.say(nonce=line.nonce))["ticket"]
        client, thief = day.site.client(None), day.site.client(None)
        assert (await client.post("/api/v1/machines/claim", {"ticket": ticket})).body == {"label": "P07"}
        assert (await thief.post("/api/v1/machines/claim", {"ticket": ticket})).code == "lockdown.old_ticket"
        day.site.clock.pass_s(61)
        assert (await thief.post("/api/v1/machines/claim", {"ticket": late})).code == "lockdown.old_ticket"
        assert (await client.get("/api/v1/machines/check")).body["label"] == "P07"


async def test_what_the_extension_sees_is_in_the_chain_and_stops_nobody(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        async with spoken_line(day, machine) as line:
            page = await begun_with(day, "ines", machine, line)
            for seen, code in (
                ({"focus": False}, "1.0.0 unfocused"),
                ({"windows": 2, "tabs": 3}, "1.0.0 windows=2 tabs=3"),
                ({"copies": 1, "pastes": 2, "others": 4}, "1.0.0 copies=1 pastes=2 others=4"),
            ):
                day.site.clock.pass_s(3)
                await line.say(page.id, facts=seen)
                await sweep(day)
                assert (await evidence(day, "ines"))["extension"] == (True, code)
        assert (await day.row("ines")).state == "in_progress"


async def test_after_a_restart_the_log_says_who_was_vouched_for(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day:
        machine = await prepared(day, "P07")
        async with spoken_line(day, machine) as line:
            page = await begun_with(day, "ines", machine, line)
            clock, cookies = day.site.clock, page.client.session.cookie_jar
            name, epoch, state = page.name, page.epoch, page.state
    async with locked_day(tmp_path, clock=clock) as day:
        again = day.candidate(name)
        again.client.session.cookie_jar.update_cookies({one.key: one.value for one in cookies})
        again.epoch, again.state = epoch, state
        for _ in range(6):
            clock.pass_s(3)
            await again.beat()
            await sweep(day)
        await sweep(day)
        assert (await day.row("ines")).state == "extension_missing"
