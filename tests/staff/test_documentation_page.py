"""The documentation of the staff: courses with their duration and topics, the year, words, troubles, the four bands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kiosk.bank_files import load_bank, starter_bank

if TYPE_CHECKING:
    from staff_room import Room

AT = "/staff/documentation"


async def read(room: Room, path: str = AT) -> str:
    async with room.client(room.teacher) as client, client.get(path) as reply:
        assert reply.status == 200
        return await reply.text()


async def test_every_course_is_listed_with_its_duration(room: Room) -> None:
    html = await read(room)
    listed = re.findall(r"documentation/courses/([\w-]+)\"", html)
    assert sorted(listed) == sorted(file.stem for file in (starter_bank() / "courses").glob("*.toml"))
    assert len(re.findall(r'<td class="num">\d+.min</td>', html)) == len(listed)


async def test_a_course_gives_its_duration_and_its_topics_by_competence(room: Room) -> None:
    html = await read(room, f"{AT}/courses/tour-complet")
    assert re.search(r"\d+.min", html)
    bank = load_bank(starter_bank())
    topics = bank.courses["tour-complet"].topics
    codes = sorted({bank.topics[one.id].competence for one in topics})
    assert re.findall(r'<h2><span class="soft">([\d.]+)</span>', html) == codes
    assert html.count('<th scope="row">') == len(topics)
    assert "Créez une campagne par classe" in html


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("words", ("Domaine", "Compétence", "Sujet", "Acquis", "Épreuve", "Palier", "Tutoriel")),
        ("year", ("De septembre à octobre", "De mars à mai", "certification")),
        ("troubles", ("Le code est refusé", "La connexion est coupée", "À qui s’adresser")),
        ("messages", ("Aux familles", "Aux élèves", "Relance")),
    ],
)
async def test_words_the_year_and_troubles_are_explained(
    room: Room, section: str, told: tuple[str, ...]
) -> None:
    found = re.search(rf'id="{section}".*?</section>', await read(room), re.DOTALL)
    assert found is not None
    for words in told:
        assert words in found[0]


async def test_the_four_bands_are_explained(room: Room) -> None:
    html = await read(room)
    for name in ("insuffisante", "fragile", "satisfaisante", "Très bonne"):
        assert name in html
