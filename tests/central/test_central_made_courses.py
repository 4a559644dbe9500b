"""A course a school made travels as a record, proves itself by its id, and lets central verify the sittings on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from campaign_kit import finished, join, made, send
from central_kit import START, Pupils, a_bank, shared
from kiosk_site import open_site

from exam.campaign.engine import CampaignEngine
from exam.content import TopLevel
from exam.courses import definition_of, made_course
from exam.simulate import Pupil, simulate
from sync.central.store import participations
from sync.identity import Identity
from sync.records import CampaignCreated, CourseCreated

if TYPE_CHECKING:
    from pathlib import Path

    from central_room import Central

PICKED = definition_of("Réviser", "", [TopLevel("mail", 3), TopLevel("texts", 4)])
COURSE = made_course(PICKED)
ANNOUNCED = CourseCreated(
    COURSE.id, PICKED.name, PICKED.description, [("mail", 3), ("texts", 4)], a_bank().digest, "school", "u-7"
)


def sitting(school: Pupils, name: str = "p-1") -> bytes:
    engine = CampaignEngine(a_bank(), COURSE.id, {COURSE.id: COURSE})
    return school.record(shared(name, simulate(engine, name, Pupil.drawn(name.encode()))))


async def verdict_of(central: Central, name: str = "p-1") -> tuple[str, str]:
    async with central.instance.database.read() as conn:
        found = await participations.read_participation(conn, central.pupils.site, name)
    assert found is not None
    return found.verdict, found.code


async def test_a_sitting_is_verified_when_its_course_came_before(central: Central) -> None:
    await central.add_bank()
    school = await central.enrol()
    await central.send(school.record(ANNOUNCED))
    await central.send(sitting(school))
    assert await verdict_of(central) == ("verified", "")


async def test_a_sitting_is_verified_when_its_course_comes_in_the_same_body(central: Central) -> None:
    await central.add_bank()
    school = await central.enrol()
    await central.send(school.record(ANNOUNCED), sitting(school))
    assert await verdict_of(central) == ("verified", "")


async def test_a_sitting_waits_for_its_course_and_is_judged_once_it_has_come(central: Central) -> None:
    await central.add_bank()
    school = await central.enrol()
    course, sat = school.record(ANNOUNCED), sitting(school)
    await central.send(sat)
    assert await verdict_of(central) == ("waiting", "course.unknown")
    await central.send(course)
    await asyncio.wait_for(central.instance.reverify.run(START), 20)
    assert await verdict_of(central) == ("verified", "")


async def test_a_course_that_is_not_what_its_id_says_is_a_problem_and_serves_no_sitting(
    central: Central,
) -> None:
    await central.add_bank()
    school = await central.enrol()
    lies = CourseCreated(COURSE.id, "Réviser", "", [("mail", 3)], a_bank().digest, "school", "u-7")
    await central.send(school.record(lies), sitting(school))
    assert await verdict_of(central) == ("waiting", "course.unknown")
    async with central.instance.database.read() as conn:
        codes = (await conn.exec_driver_sql("SELECT code FROM problems")).scalars().all()
    assert list(codes) == ["course.other_id"]


async def test_a_campaign_that_collects_profiles_has_no_course_and_is_kept(central: Central) -> None:
    school = await central.enrol()
    said = CampaignCreated("c-9", "ABCDEF239", "Profils", "", a_bank().digest, "u-7", "collection", "school")
    reply = await central.send(school.record(said))
    assert len(reply["receipts"]) == 1
    async with central.instance.database.read() as conn:
        rows = (await conn.exec_driver_sql("SELECT campaign, course FROM campaigns")).all()
        assert [tuple(row) for row in rows] == [("c-9", "")]


async def test_what_a_real_server_signed_of_a_made_course_and_a_sitting_on_it_is_verified(
    central: Central, tmp_path: Path
) -> None:
    await central.add_bank()
    async with open_site(tmp_path / "home", bank=a_bank()) as site:
        school = Identity.load(site.home)
        central.pupils.signer, central.pupils.site = school.signer, school.site
        await central.enrol()
        topics = [{"id": "mail", "level": 3}, {"id": "files", "level": 2}]
        course = await site.roy.post("/api/v1/courses", {"name": "À nous", "topics": topics})
        campaign = await made(site, course=course.body["course"]["id"])
        participation = await join(site.lea, campaign)
        await finished(site.lea, participation)
        await send(site.lea, participation)
        rows = await site.kiosk.db.read(
            lambda conn: conn.execute("SELECT sig, bytes FROM log_records ORDER BY seq").fetchall()
        )
    reply = await central.send(*(sig.hex().encode() + b" " + data + b"\n" for sig, data in rows))
    assert reply["refused"] == []
    assert await verdict_of(central, participation) == ("verified", "")
