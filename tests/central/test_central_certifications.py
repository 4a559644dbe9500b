"""Certifications at the central instance: chains led again, tampering caught, statuses, the jury's acts, publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import exam_day
from finalisation_kit import answer_all, over
from jury_kit import (
    add_sealed_bank,
    certification,
    do,
    enrol,
    hand_in,
    lines_of,
    order,
    results,
    sheets_of,
    taken_in,
)
from sqlalchemy import text

from kiosk.actions import finalisation, incidents
from kiosk.actions.incidents import Noted
from kiosk.finalisation_rules import Finalisation
from sync import frames
from sync.canonical import canonical
from sync.central.errors import Refused
from sync.central.publication import facts_of
from sync.central.session_checks import reasons
from sync.central.store import problems
from sync.records import Record

if TYPE_CHECKING:
    from pathlib import Path

    from central_room import Central
    from exam_site import Day


async def why(central: Central, site: str, day: Day) -> list[str]:
    """Return the reasons why a person must look."""
    async with central.instance.database.read() as conn:
        return [one.code for one in reasons(await facts_of(conn, site, day.session.id))]


async def test_a_whole_day_is_led_again_scored_and_publishable_without_anybody(
    central: Central, day: Day
) -> None:
    site = await taken_in(central, day)
    for who in ("ines", "tom"):
        found = await certification(central, day, who)
        assert (found.verdict, found.code, found.found) == ("verified", "", "")
    assert await results(central, site, day, "ines") == [("validated", "", "")]
    # twenty answers and a technical reason: scored as they stand
    assert (await results(central, site, day, "tom"))[0][0] in {"validated", "rejected"}
    assert await why(central, site, day) == []


async def test_a_chain_waits_for_its_bank_and_is_judged_when_it_comes(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    central.clock.now = day.site.clock.now_ms()
    await hand_in(central, day)
    assert (await certification(central, day, "ines")).verdict == "waiting"
    assert "waiting" in await why(central, site, day)
    with pytest.raises(Refused, match="waiting"):
        await do(central, order(site, day, "publish"))
    await add_sealed_bank(central)
    assert (await certification(central, day, "ines")).verdict == "verified"
    assert await why(central, site, day) == []


async def test_records_may_come_in_any_order_and_twice(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    lines = await lines_of(day)
    for line in [*reversed(lines), *lines]:
        assert (await central.send(line))["refused"] == []
    assert (await certification(central, day, "tom")).abandonment == "technical"
    assert await why(central, site, day) == []


def resigned(day: Day, line: bytes, body: object) -> bytes:
    """Return a record with another body, signed by the school's own key."""
    record = msgspec.json.decode(frames.parse(line).body, type=Record)
    said = canonical(msgspec.structs.replace(record, body=msgspec.Raw(canonical(body))))
    return frames.frame(day.site.kiosk.identity.signer, frames.RECORD, said)


def chained_again(sealed: dict[str, object], events: list[dict[str, object]]) -> dict[str, object]:
    """Return a sealed certification whose chain was made again by who holds the key, with other events."""
    from sync.chain import first_prev, link  # noqa: PLC0415 - what a forger would use

    links, head = [], first_prev(str(sealed["candidate"]))
    for seq, event in enumerate(events, start=1):
        raw = msgspec.Raw(canonical(event["body"]))
        data, head = link(str(sealed["candidate"]), seq, head, int(str(event["at"])), raw)
        links.append(msgspec.Raw(data))
    return {**sealed, "events": links, "head": head}


async def test_a_grade_changed_by_the_schools_own_key_is_caught(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    sent = []
    for line in await lines_of(day):
        record = msgspec.json.decode(frames.parse(line).body, type=Record)
        body = msgspec.json.decode(record.body)
        if record.type == "certification.sealed" and body["candidate"] == day.ids["tom"] and body["final"]:
            graded = [event for event in body["events"] if event["body"]["type"] == "graded"]
            graded[4]["body"]["outcome"] = "ok"
            line = resigned(day, line, chained_again(body, body["events"]))  # noqa: PLW2901 - the forged one
        elif record.type == "certification.sealed" and body["candidate"] == day.ids["tom"]:
            continue  # the forger holds the honest one back
        sent.append(line)
    assert (await central.send(*sent))["refused"] == []
    found = await certification(central, day, "tom")
    assert (found.verdict, found.step) == ("failed", 5)
    assert (await results(central, site, day, "tom"))[0][0] == "error"
    assert {"failed", "other_head", "error"} <= set(await why(central, site, day))
    with pytest.raises(Refused, match="error"):
        await do(central, order(site, day, "publish"))


async def test_another_chain_for_the_same_candidate_changes_nothing_and_is_named(
    central: Central, day: Day
) -> None:
    site = await taken_in(central, day)
    before = await certification(central, day, "tom")
    line = next(
        one
        for one in await lines_of(day)
        if msgspec.json.decode(frames.parse(one).body, type=Record).type == "certification.sealed"
        and day.ids["tom"].encode() in one
    )
    record = msgspec.json.decode(frames.parse(line).body, type=Record)
    body = msgspec.json.decode(record.body)
    body["events"][1]["at"] += 1
    forged = msgspec.structs.replace(
        record, body=msgspec.Raw(canonical(chained_again(body, body["events"]))), seq=record.seq + 1000
    )
    await central.send(frames.frame(day.site.kiosk.identity.signer, frames.RECORD, canonical(forged)))
    assert await certification(central, day, "tom") == before
    async with central.instance.database.read() as conn:
        assert "certification.fork" in {one.code for one in await problems.read_problems(conn, site)}


async def test_a_missing_chain_is_a_named_hole(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    kept = [
        line
        for line in await lines_of(day)
        if not (
            b'"type":"certification.sealed"' in line and f'"candidate":"{day.ids["ines"]}"'.encode() in line
        )
    ]
    await central.send(*kept)
    assert await why(central, site, day) == ["no_chain"]
    with pytest.raises(Refused, match="no_chain"):
        await do(central, order(site, day, "publish"))


async def test_a_comment_a_report_and_people_who_could_not_join_ask_for_a_person(
    central: Central, tmp_path: Path
) -> None:
    async with exam_day(tmp_path / "school") as day:
        (ines,) = await day.begun("ines")
        await answer_all(ines)
        await incidents.note(
            day.site.kiosk, day.principal, day.session.id, Noted("C6", candidate=day.ids["ines"])
        )
        await incidents.note(day.site.kiosk, day.principal, day.session.id, Noted("R2", "Travaux"))
        await over(day)
        said = Finalisation(comment="À relire", has_joining_issue=True)
        await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, said)
        site = await taken_in(central, day)
        assert await why(central, site, day) == ["comment", "joining_issue", "incident"]
        async with central.instance.database.read() as conn:
            (incident,) = (await facts_of(conn, site, day.session.id)).to_resolve
        await do(
            central, order(site, day, "resolve", about=incident.incident, text="Vu avec l'établissement")
        )
        assert await why(central, site, day) == ["comment", "joining_issue"]


async def test_an_identity_that_the_finalisation_did_not_name_is_refused(central: Central, day: Day) -> None:
    await enrol(central, day)
    lines = await sheets_of(central, day)
    early = await central.client.post("/api/v1/identities", data=lines[0])
    assert b"identity.not_announced" in await early.read()
    await central.send(*await lines_of(day))
    kept = await central.client.post("/api/v1/identities", data=lines[0])
    assert b"refused" not in await kept.read()
    async with central.instance.database.read() as conn:
        raw = (await conn.execute(text("SELECT sealed FROM identities"))).scalar_one()
    assert b"Benali" not in bytes(raw)
