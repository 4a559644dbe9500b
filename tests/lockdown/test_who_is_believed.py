"""Whose word counts: the machine's own key over a nonce used once. Everything else is refused, counted, and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lockdown_kit import guard_of, locked_day, prepared, spoken_line

from exam.certification.scale import SCALE
from exam.session.replay import replay
from kiosk.actions import lockdown, supervision
from kiosk.actions.waiving import waive
from kiosk.passages import StoredEvent
from kiosk.store import lockdown as store

if TYPE_CHECKING:
    from pathlib import Path

    from exam_site import CandidatePage, Day

    from kiosk.actions.room_machines import Prepared


async def at_machine(day: Day, name: str, machine: Prepared) -> CandidatePage:
    """Return a candidate checked in at a prepared machine."""
    page = day.candidate(name)
    async with spoken_line(day, machine) as line:
        said = await line.say()
        claimed = await page.client.post("/api/v1/machines/claim", {"ticket": said["ticket"]})
        assert claimed.body == {"label": machine.label}
    came = await page.arrive()
    assert came.status == 303, came.data
    return page


async def evidence(day: Day, name: str) -> dict[str, tuple[bool, str]]:
    """Return what the log last says of each source."""
    return {
        source: (found.holds, found.code)
        for source in ("extension", "seb", "page")
        if (found := await lockdown.evidence_of(day.site.kiosk, day.ids[name], source))
    }


async def sweep(day: Day) -> None:
    guard = guard_of(day)
    await lockdown.sweep(day.site.kiosk, guard.watch, guard.seb)


async def refused(day: Day) -> list[str]:
    return [
        one.code for one in await day.site.kiosk.db.read(lambda conn: store.refusals(conn, day.session.id))
    ]


async def give_code(page: CandidatePage) -> int:
    return (await page.form(f"/exam/{page.id}/code", {"code": page.day.session.code})).status


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


async def begun_with(day: Day, name: str, machine: Prepared, line: Any) -> CandidatePage:  # noqa: ANN401 - a spoken line
    """Return a candidate who began while the extension spoke on this line."""
    page = await at_machine(day, name, machine)
    assert (await line.say(page.id))["type"] == "proven"
    assert await give_code(page) == 303
    await day.admit(name)
    await page.begin()
    return page


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


async def events(day: Day, name: str) -> list[bytes]:
    return list(await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.ids[name])))


async def ended(day: Day, page: CandidatePage) -> None:
    """Wait until the server has seen that the line is broken."""
    watch, room = guard_of(day).watch, day.site.kiosk.rooms.get(day.session.id)
    while watch.of(page.id, room.clock.now()).lines:
        await lockdown.evidence_of(day.site.kiosk, page.id, "extension")


async def stopped(day: Day, page: CandidatePage) -> None:
    """Let the loss of the extension stop the candidate."""
    await ended(day, page)
    day.site.clock.pass_s(1)
    await page.beat()
    await sweep(day)
    day.site.clock.pass_s(1)
    await sweep(day)
    assert (await day.row(page.name)).state == "extension_missing"


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
            assert await led_again(day, page)


async def led_again(day: Day, page: CandidatePage) -> bool:
    """Return whether the whole chain, lock-down included, is as the rules decide: what central computes."""
    room = day.site.kiosk.rooms.get(day.session.id)
    chain = [msgspec.json.decode(line, type=StoredEvent).body for line in await events(day, page.name)]
    return replay(room.engine, SCALE, room.paper, chain).identical
