"""What a teacher finds to test when creating a campaign: ready-made courses by category, found by name, with advice beside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam.framework import COMPETENCES

if TYPE_CHECKING:
    from staff_room import Room

NEW = "/staff/campaigns/new"


async def form(room: Room, **typed: str) -> str:
    """Return the form of a new campaign, as filtered by what is typed."""
    async with room.client(room.teacher) as client:
        asked = client.post(NEW, data={"act": "filter", **typed}) if typed else client.get(NEW)
        async with asked as reply:
            assert reply.status == 200, reply.status
            return await reply.text()


def courses(html: str) -> list[str]:
    """Return the courses offered, in order."""
    return re.findall(r'name="course" value="([\w-]+)"', html)


async def test_each_of_the_sixteen_competences_can_be_tested_and_themes_and_subjects_too(room: Room) -> None:
    offered = courses(await form(room))
    assert {f"competence-{code.replace('.', '-')}" for code in COMPETENCES} <= set(offered)
    assert {"publier-sans-risque", "programmer"} <= set(offered)


async def test_forty_courses_and_more_are_ready_made(room: Room) -> None:
    offered = courses(await form(room))
    assert len(set(offered)) == len(offered) >= 40


async def test_each_level_has_its_course_of_the_new_year(room: Room) -> None:
    offered = courses(await form(room, category="BACK_TO_SCHOOL"))
    levels = ("6e", "5e", "4e", "3e", "2nde", "1re", "terminale", "cap")
    assert sorted(offered) == sorted(f"rentree-{level}" for level in levels)


async def test_a_category_and_a_search_narrow_the_courses_and_count_them(room: Room) -> None:
    html = await form(room, category="COMPETENCES", search="données")
    assert set(courses(html)) < {f"competence-{code.replace('.', '-')}" for code in COMPETENCES}
    assert f">{len(courses(html))} parcours<" in html
    assert 'href="/staff/documentation"' in html
    assert re.search(r"\d+ sujets", html)


async def test_the_form_advises_on_naming_and_on_a_trial(room: Room) -> None:
    aside = (await form(room)).partition("<aside")[2]
    for title in ("Bien nommer", "Essayer avant"):
        assert title in aside
