"""What staff see and may do, asked over HTTP as a browser does."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from page_site import PASSWORD
from staff_room import username_of

from kiosk.actions.accounts import change_display, sign_in
from kiosk.people import Display

if TYPE_CHECKING:
    from staff_room import Room

    from kiosk.people import Person


async def get(room: Room, person: Person | None, path: str) -> tuple[int, str]:
    async with room.client(person) as client, client.get(path, allow_redirects=False) as reply:
        return reply.status, await reply.text()


async def post(room: Room, person: Person | None, path: str, **form: str) -> tuple[int, str, str]:
    async with room.client(person) as client, client.post(path, data=form, allow_redirects=False) as reply:
        return reply.status, reply.headers.get("Location", ""), await reply.text()


def at(room: Room, rest: str = "") -> str:
    return f"/staff/campaigns/{room.campaign.id}{rest}"


async def test_a_teacher_finds_their_campaign_with_its_counts(room: Room) -> None:
    status, html = await get(room, room.teacher, "/staff")
    assert status == 200
    assert "<sup>e</sup> B rentrée</a>" in html
    assert re.search(r'<td class="num">3</td><td class="num">1</td>', html)


async def test_a_colleague_sees_it_only_among_all_campaigns(room: Room) -> None:
    assert "B rentrée" not in (await get(room, room.colleague, "/staff"))[1]
    assert "B rentrée" in (await get(room, room.colleague, "/staff?filter=all"))[1]


async def test_the_principal_first_sees_everyones_campaigns(room: Room) -> None:
    assert "B rentrée" in (await get(room, room.principal, "/staff"))[1]
    assert "B rentrée" not in (await get(room, room.principal, "/staff?filter=mine"))[1]


async def test_a_name_or_a_code_finds_a_campaign(room: Room) -> None:
    for searched in ("RENTRÉE", room.campaign.code.lower()):
        assert "B rentrée" in (await get(room, room.teacher, f"/staff?q={searched}"))[1]
    assert "B rentrée" not in (await get(room, room.teacher, "/staff?q=zzz"))[1]


async def test_creating_a_campaign_leads_to_its_page(room: Room) -> None:
    form = {"name": "Essai", "course": "rentree-5e", "title": "Titre", "text": "Bonjour"}
    status, where, _ = await post(room, room.colleague, "/staff/campaigns/new", **form)
    assert status == 303
    assert "Titre" in (await get(room, room.colleague, where.split("?")[0] + "/code"))[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 256), ("title", "x" * 51), ("text", "x" * 5001), ("course", "?")],
)
async def test_a_refused_field_says_why_beside_it_and_keeps_the_rest(
    room: Room, field: str, value: str
) -> None:
    form = {"name": "Gardé", "course": "rentree-5e", "title": "", "text": "", field: value}
    status, _, html = await post(room, room.teacher, "/staff/campaigns/new", **form)
    assert status == 422
    assert f'id="{field}-error"' in html
    assert field == "name" or 'value="Gardé"' in html


async def test_the_activity_shows_each_pupil_and_where_they_are(room: Room) -> None:
    _, html = await get(room, room.teacher, at(room))
    rows = re.findall(r'data-participation="\w+".*?</tr>', html, re.DOTALL)
    assert ["Bakary" in rows[0], "Benali" in rows[1], "Clément" in rows[2]] == [True, True, True]
    assert [re.findall(r'data-status="(\w+)"', row)[0] for row in rows] == ["to_share", "shared", "started"]


async def test_before_sharing_staff_see_no_result(room: Room) -> None:
    _, html = await get(room, room.teacher, at(room, "/results"))
    assert "Benali" in html
    assert "Bakary" not in html
    assert "Clément" not in html


def participation_of(html: str, name: str) -> str:
    """Return the participation of a name in a list."""
    found = re.search(rf'participations/(\w+)"><span class="upper">{name}<', html)
    assert found is not None
    return found[1]


async def test_one_pupils_shared_result_is_shown_by_competence_and_their_topics_apart(room: Room) -> None:
    _, html = await get(room, room.teacher, at(room, "/results"))
    path = at(room, f"/participations/{participation_of(html, 'Benali')}")
    status, page = await get(room, room.principal, path)
    assert status == 200
    assert page.count('<th scope="row">') >= 3
    assert "Benali</span> Inès" in page
    status, page = await get(room, room.principal, path + "/analysis")
    assert status == 200
    assert page.count("/tutorials/") >= 4


async def test_a_participation_not_sent_shows_its_progress_and_nothing_of_its_results(room: Room) -> None:
    pid = room.take(room.rose, 0)
    status, page = await get(room, room.teacher, at(room, f"/participations/{pid}"))
    assert status == 200
    assert "Pas encore de résultats" in page
    assert 'class="figure"' not in page
    assert (await get(room, room.teacher, at(room, f"/participations/{pid}/analysis")))[0] == 404


async def test_a_participation_of_another_campaign_does_not_exist_there(room: Room) -> None:
    other = room.new_campaign(room.colleague, "Autre")
    shared = re.findall(r"participations/(\w+)", (await get(room, room.teacher, at(room, "/results")))[1])[0]
    for rest in ("", "/analysis", "/delete"):
        path = f"/staff/campaigns/{other.id}/participations/{shared}{rest}"
        assert (await get(room, room.teacher, path))[0] == 404


async def test_a_band_and_a_class_filter_the_results(room: Room) -> None:
    _, html = await get(room, room.teacher, at(room, "/results?band=0"))
    assert "Benali" not in html
    assert "Benali" in (await get(room, room.teacher, at(room, "/results?band=3&division=5B&q=ines")))[1]


async def test_the_csv_holds_everyone_and_results_only_once_sent(room: Room) -> None:
    async with room.client(room.teacher) as client, client.get(at(room, "/results.csv")) as reply:
        text = (await reply.read()).decode("utf-8-sig")
        assert reply.headers["Content-Disposition"].startswith('attachment; filename="Resultats-')
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row["Nom du Participant"] for row in rows] == ["Bakary", "Benali", "Clément"]
    assert [row["Partage (O/N)"] for row in rows] == ["Non", "Oui", "Non"]
    assert rows[0]["% maitrise de l'ensemble des acquis du profil"] == "NA"


async def test_the_code_page_shows_the_code_by_three_its_address_and_a_square(room: Room) -> None:
    _, html = await get(room, room.teacher, at(room, "/code"))
    code = room.campaign.code
    assert f"<b>{code[:3]} {code[3:6]} {code[6:]}</b>" in html
    assert room.site.url in html
    assert 'class="qr"' in html


async def test_the_owner_changes_the_texts_and_a_colleague_cannot(room: Room) -> None:
    made = room.new_campaign(room.teacher, "À renommer")
    path = f"/staff/campaigns/{made.id}/settings"
    assert (await post(room, room.teacher, path, name="Renommée", title="", text=""))[0] == 303
    assert (await post(room, room.colleague, path, name="Volée", title="", text=""))[0] == 403
    html = (await get(room, room.colleague, path))[1]
    assert "Renommée" in html
    assert "<textarea" not in html


async def test_only_the_owner_and_the_principal_archive(room: Room) -> None:
    made = room.new_campaign(room.teacher, "À archiver")
    path = f"/staff/campaigns/{made.id}"
    assert (await post(room, room.colleague, f"{path}/archive"))[0] == 403
    assert (await post(room, room.principal, f"{path}/archive"))[0] == 303
    assert (await post(room, room.teacher, f"{path}/settings", name="x", title="", text=""))[0] == 409
    assert (await post(room, room.teacher, f"{path}/unarchive"))[0] == 303


STAFF_PAGES = ("/staff", "/staff/campaigns/new", "", "/results", "/results.csv", "/settings", "/code")


@pytest.mark.parametrize("page", STAFF_PAGES)
async def test_pupils_and_strangers_are_refused_every_staff_page(room: Room, page: str) -> None:
    path = page if page.startswith("/staff") else at(room, page)
    assert (await get(room, room.ines, path))[0] == 403
    assert (await get(room, None, path))[0] == 303


@pytest.mark.parametrize("act", ["/archive", "/unarchive", "/settings"])
async def test_pupils_and_strangers_are_refused_every_staff_act(room: Room, act: str) -> None:
    assert (await post(room, room.ines, at(room, act), name="x"))[0] == 403
    assert (await post(room, None, at(room, act), name="x"))[0] == 401


@pytest.mark.parametrize("rest", ["", "/results", "/results.csv", "/settings", "/code", "/participations/zz"])
async def test_an_unknown_campaign_is_not_found(room: Room, rest: str) -> None:
    assert (await get(room, room.teacher, f"/staff/campaigns/ffffffffffffffff{rest}"))[0] == 404


async def test_a_form_of_a_foreign_page_is_refused(room: Room) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with (
        room.client(room.teacher) as client,
        client.post(at(room, "/archive"), headers=headers) as reply,
    ):
        assert reply.status == 403


async def test_the_principals_settings_are_closed_to_teachers(room: Room) -> None:
    assert (await get(room, room.teacher, "/staff/server"))[0] == 403
    status, html = await get(room, room.principal, "/staff/server")
    assert status == 200
    assert "Pas encore inscrit" in html


async def test_anyone_reads_the_servers_fingerprint_in_words(room: Room) -> None:
    status, html = await get(room, None, "/server")
    assert status == 200
    assert room.kiosk.identity.signer.key_id in html


async def test_a_server_without_encryption_has_no_authority_to_give(room: Room) -> None:
    assert (await get(room, None, "/ca.crt"))[0] == 404


ENGLISH_PAGES = tuple(page for page in STAFF_PAGES if not page.endswith(".csv"))  # the file is French for all


@pytest.fixture(scope="module")
def english(room: Room) -> Person:
    """Give a principal who reads English."""
    made = room.site.person("jane.austen", "principal", "Jane", "Austen")
    login, _ = room.site.run(sign_in(room.kiosk, username_of(made), PASSWORD, "127.0.0.1"))
    return room.site.run(change_display(room.kiosk, login, "en", Display()))


@pytest.mark.parametrize("page", [*ENGLISH_PAGES, "/results?band=3", "/staff/server", "/server"])
async def test_every_page_is_complete_in_english(room: Room, english: Person, page: str) -> None:
    path = page if page.startswith(("/staff", "/server")) else at(room, page)
    status, html = await get(room, english, path)
    assert (status, '<html lang="en"' in html) == (200, True)
    assert not re.findall(r"\b(?:staff|common|errors)\.[a-z_]+\.[a-z_]+", html)
    for word in ("Campagne", "Élèves", "Réglages", "Envoyé", "Afficher"):
        assert word not in html
