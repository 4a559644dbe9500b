"""Courses a school makes: who may, what is refused, their file, their use in campaigns, their signed definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import FormData
from campaign_kit import CAMPAIGNS, JOIN, code_of, finished, join, last_record, made, send
from kiosk_site import open_site

from exam.content import TopLevel
from exam.courses import definition_of, made_course
from exam.replay import Replayer
from kiosk.sittings import read_events
from sync.records import CourseCreated

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Client, Site

COURSES = "/api/v1/courses"
PICKED: dict[str, Any] = {
    "name": "Réviser",
    "description": "Deux sujets",
    "topics": [{"id": "mail", "level": 2}, {"id": "files", "level": 3}],
}


async def a_course(client: Client, **changes: object) -> str:
    reply = await client.post(COURSES, {**PICKED, **changes})
    assert reply.status == 200, reply.body
    return str(reply.body["course"]["id"])


async def test_a_course_made_here_is_offered_here_and_nowhere_else(site: Site) -> None:
    course = await a_course(site.roy)
    shown = {one["id"]: one for one in (await site.ines.get(COURSES)).body["courses"]}
    assert (shown[course]["made_here"], shown[course]["topics"], shown[course]["stages"]) == (True, 2, 0)
    other = (await site.other_principal.get(COURSES)).body["courses"]
    assert course not in {one["id"] for one in other}
    assert (await site.other_principal.get(f"{COURSES}/{course}")).code == "course.unknown"
    body = {"name": "Copie", "course": course}
    assert await code_of(site.other_principal, CAMPAIGNS, body) == "campaign.unknown_course"


async def test_pupils_and_strangers_make_no_course(site: Site) -> None:
    assert await code_of(site.lea, COURSES, PICKED) == "role.wrong"
    assert await code_of(site.stranger, COURSES, PICKED) == "login.needed"


async def test_a_course_with_a_defect_is_refused_by_its_code(site: Site) -> None:
    for changes, code in (
        ({"name": " "}, "course.name_required"),
        ({"name": "x" * 256}, "course.too_long"),
        ({"topics": []}, "course.topics_required"),
        ({"topics": [{"id": "nowhere", "level": 1}]}, "course.unknown_topic"),
        ({"topics": [{"id": "mail", "level": 9}]}, "course.bad_level"),
        ({"topics": [{"id": "mail", "level": 1}] * 2}, "course.topic_twice"),
    ):
        assert await code_of(site.roy, COURSES, {**PICKED, **changes}) == code
    await a_course(site.roy)
    assert await code_of(site.ines, COURSES, PICKED) == "course.already_there"


async def test_the_definition_is_signed_and_names_itself(site: Site) -> None:
    course = await a_course(site.roy)
    record = await last_record(site)
    said = msgspec.json.decode(bytes(record.body), type=CourseCreated)
    told = definition_of(said.name, said.description, [TopLevel(*top) for top in said.topics])
    assert (record.type, said.course, said.teacher) == ("course.created", course, "id-roy")
    assert made_course(told).id == course


async def test_a_sitting_on_a_made_course_is_sent_and_replays_with_what_was_signed(site: Site) -> None:
    course = await a_course(site.roy)
    participation = await join(site.lea, await made(site, course=course))
    assert await finished(site.lea, participation) > 0
    await send(site.lea, participation)
    lines = await site.kiosk.db.read(lambda conn: site.kiosk.log.events(conn, participation))
    definition = definition_of("Réviser", "Deux sujets", [TopLevel("mail", 2), TopLevel("files", 3)])
    found = made_course(definition)
    verdict = Replayer().replay(site.kiosk.banks.current, read_events(lines), {found.id: found})
    assert verdict.identical


async def test_a_made_course_is_known_again_after_a_restart_even_when_withdrawn(tmp_path: Path) -> None:
    async with open_site(tmp_path / "home") as site:
        course = await a_course(site.roy)
        participation = await join(site.lea, await made(site, course=course))
        for client, code in ((site.ines, "course.not_owner"), (site.other_principal, "course.unknown")):
            assert await code_of(client, f"{COURSES}/{course}/withdraw") == code
        assert (await site.diaz.post(f"{COURSES}/{course}/withdraw")).status == 200
        assert (
            await code_of(site.roy, CAMPAIGNS, {"name": "x", "course": course}) == "campaign.unknown_course"
        )
    async with open_site(tmp_path / "home") as site:
        assert await finished(site.lea, participation) > 0
        assert await a_course(site.ines) == course, "the same definition is the same course, offered again"


async def test_the_file_of_a_course_is_downloaded_and_taken_back_elsewhere(site: Site) -> None:
    course = await a_course(site.roy)
    file = await site.roy.get(f"/staff/courses/{course}/file")
    assert "attachment" in file.headers["Content-Disposition"]
    for client, expected in ((site.other_principal, 303), (site.roy, 409)):
        reply = await uploaded(client, file.data)
        assert reply == expected
    assert await uploaded(site.roy, b"not json") == 422
    assert await uploaded(site.roy, b"x" * 33_000) == 422
    offered = (await site.other_principal.get(COURSES)).body["courses"]
    assert course in {one["id"] for one in offered}


async def uploaded(client: Client, data: bytes) -> int:
    form = FormData()
    form.add_field("file", data, filename="selection.json", content_type="application/json")
    reply = await client.ask("POST", "/staff/courses/upload", data=form, headers={"Origin": client.base})
    return reply.status


async def test_what_is_picked_elsewhere_in_the_form_is_not_lost_by_a_search(site: Site) -> None:
    form = {"name": "Réviser", "search": "search", "act": "filter", "level-mail": "2"}
    page = await site.roy.ask("POST", "/staff/courses/new", data=form, headers={"Origin": site.roy.base})
    text = page.data.decode()
    assert '<input type="hidden" name="level-mail" value="2">' in text
    assert 'id="level-search"' in text
    assert (await site.lea.get("/staff/courses/new")).status == 403


async def test_a_course_of_a_collection_is_no_course(site: Site) -> None:
    campaign = await made(site, kind="collection")
    landing = (await site.lea.get(f"{CAMPAIGNS}/by-code/{campaign['code']}")).body["campaign"]
    assert (landing["course"], landing["kind"]) == (None, "collection")
    assert (await site.lea.get(JOIN)).status == 200
