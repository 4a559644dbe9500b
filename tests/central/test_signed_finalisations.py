"""The central instance checks who signed a finalisation, from the record alone, and shows it to officers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import exam_day
from finalisation_kit import answer_right, over
from jury_kit import add_sealed_bank, enrol, hand_in, lines_of
from signing_kit import Browser, countersign, head_of
from supervise_kit import phone_in

from sync import frames
from sync.canonical import canonical
from sync.central.publication import facts_of
from sync.central.session_checks import reasons
from sync.central.store import problems
from sync.records import Record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central_room import Central
    from exam_site import Day


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """Give a day that the principal and one supervisor signed, each with their key."""
    async with exam_day(tmp_path / "school") as opened:
        phone = await phone_in(opened)
        (ines,) = await opened.begun("ines")
        await answer_right(ines)
        await over(opened)
        assert (await countersign(phone, await head_of(opened))).status == 200
        chief = Browser(opened)
        chief.said["reasons"] = {}
        chief.said["comment"] = ""
        assert (await chief.both()).status == 200
        yield opened


async def spoilt(day: Day) -> list[bytes]:
    """Return the school's records, the finalisation changed after it was signed and signed again by the school."""
    signer, lines = day.site.kiosk.identity.signer, []
    for line in await lines_of(day):
        record = msgspec.json.decode(frames.parse(line).body, type=Record)
        if record.type != "session.finalised":
            lines.append(line)
            continue
        said = msgspec.json.decode(record.body, type=dict[str, object])
        said["has_incident"] = True
        changed = msgspec.structs.replace(record, body=msgspec.Raw(canonical(said)))
        lines.append(frames.frame(signer, frames.RECORD, canonical(changed)))
    return lines


async def test_officers_see_who_signed_with_which_key_and_nobody_has_to_look(
    central: Central, day: Day
) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    central.clock.now = day.site.clock.now_ms()
    await hand_in(central, day)
    async with central.instance.database.read() as conn:
        facts = await facts_of(conn, site, day.session.id)
    assert [(one.kind, one.fault) for one in facts.signatories] == [("principal", ""), ("supervisor", "")]
    assert reasons(facts) == []
    await central.sign_in()
    page = await central.page(f"/schools/{site}/sessions/{day.session.id}")
    assert page.count("A signé") == 2
    assert facts.signatories[0].public_key[:16] in page


async def test_a_finalisation_changed_by_the_school_after_it_was_signed_is_seen(
    central: Central, day: Day
) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    central.clock.now = day.site.clock.now_ms()
    await central.send(*await spoilt(day))
    async with central.instance.database.read() as conn:
        facts = await facts_of(conn, site, day.session.id)
        noted = [one.code for one in await problems.read_problems(conn, site)]
    assert [one.fault for one in facts.signatories] == ["other_content", ""]
    assert [(one.code, one.blocks) for one in reasons(facts)] == [("bad_signature", False)]
    assert "session.bad_signature" in noted
    await central.sign_in()
    assert "Signature fausse" in await central.page(f"/schools/{site}/sessions/{day.session.id}")


async def test_a_phone_that_was_not_in_the_room_signs_for_nothing(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    central.clock.now = day.site.clock.now_ms()
    await hand_in(central, day)
    async with central.instance.database.read() as conn:
        facts = await facts_of(conn, site, day.session.id)
    assert facts.room is not None
    (known,) = facts.room.public_keys.values()
    assert known == facts.signatories[1].public_key
    for keys in ("{}", facts.room.keys.replace(known, "00" * 32)):
        other = replace(facts, room=replace(facts.room, keys=keys))
        assert [(one.code, one.about) for one in reasons(other)] == [
            ("unknown_signer", facts.signatories[1].key)
        ]
