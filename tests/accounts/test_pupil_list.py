"""The list of pupils: filters, columns, what each organisation sees; and who may do none of it."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kiosk_site import OTHER, PASSWORD
from pupil_room import (
    LIST,
    add_pupil,
    became,
    lea_of,
    learner_of,
    post,
    small_school,
    teacher_elsewhere,
    text_of,
    university,
)

from kiosk.import_files import keep_format
from kiosk.organisations import Organisation, Settings
from kiosk.pupil_list import SIZES, asked_of, fields_of
from kiosk.store import organisations

if TYPE_CHECKING:
    from kiosk_site import Client, Reply, Site


async def names(client: Client, query: str = "") -> list[str]:
    """Return the last names of the page of the list, in its order."""
    reply = await client.get(f"{LIST}{query}")
    assert reply.status == 200
    return re.findall(r'<th scope="row"><a [^>]*><span class="upper">([^<]+)', reply.data.decode())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ba", "Cid", "Étienne", "Moreau", "Nguyen"]),
        ("?last=etie", ["Étienne"]),
        ("?first=CHLOE", ["Étienne"]),
        ("?group=3A", ["Ba", "Cid"]),
        ("?group=3A&certifiable=certifiable", ["Ba"]),
        ("?method=none", ["Ba", "Étienne"]),
        ("?method=username", ["Moreau", "Nguyen"]),
        ("?method=email", ["Cid"]),
        ("?method=provider", ["Nguyen"]),
        ("?method=no_provider", ["Ba", "Cid", "Étienne", "Moreau"]),
        ("?certifiable=not_communicated&group=3A", ["Cid"]),
        ("?group=3A&last=cid&first=nora&method=email", ["Cid"]),
        ("?sort=group&down=1", ["Moreau", "Nguyen", "Étienne", "Ba", "Cid"]),
        ("?last=nobody", []),
    ],
)
async def test_filters_combine_and_the_count_says_how_many(
    site: Site, query: str, expected: list[str]
) -> None:
    await small_school(site)
    assert await names(site.roy, query) == expected
    count = text_of(await site.roy.get(f"{LIST}{query}"))
    assert f"{len(expected)} élève{'s' if len(expected) > 1 else ''}" in count


async def test_pages_hold_what_is_asked_and_the_last_one_the_rest(site: Site) -> None:
    for number in range(23):
        await add_pupil(site, last_name=f"P{number:02}")
    assert len(await names(site.roy, "?size=10")) == 10
    assert len(await names(site.roy, "?size=10&page=3")) == 5
    assert await names(site.roy, "?size=10&page=99") == await names(site.roy, "?size=10&page=3")
    assert len(await names(site.roy, "?size=7")) == 25


async def test_the_list_shows_how_each_pupil_signs_in_and_a_dash_for_who_has_no_account(site: Site) -> None:
    await small_school(site)
    html = (await site.roy.get(f"{LIST}?last=nguyen")).data.decode()
    assert "Identifiant, Médiacentre" in html
    html = (await site.roy.get(f"{LIST}?last=ba")).data.decode()
    assert "Aucun compte relié" in html


async def test_participations_are_counted_and_dated(site: Site) -> None:
    await site.joined()
    html = (await site.roy.get(f"{LIST}?last=moreau")).data.decode()
    assert re.search(r'<td class="num">1</td><td class="nowrap">\d\d/\d\d/2026</td>', html)


FORMAT = """
name = "Le nôtre"
unicity = ["clé"]
column = [
  {heading = "nom", property = "last_name", required = true},
  {heading = "prénom", property = "first_name", required = true},
  {heading = "clé", required = true},
  {heading = "options", displayed = true, filterable = true},
  {heading = "secret"},
]
"""


async def test_the_columns_of_a_schools_own_format_are_shown_and_filtered(site: Site) -> None:
    made = Organisation("school", "school", None, "Collège", "custom", Settings(), 0)
    await site.kiosk.db.write(lambda tx: organisations.change(tx, made))
    keep_format(site.home, "school", FORMAT.encode())
    await add_pupil(site, last_name="Un", extra='{"options":"Théâtre","secret":"non"}')
    await add_pupil(site, last_name="Deux", extra='{"options":"Latin"}')
    html = (await site.roy.get(LIST)).data.decode()
    assert "Théâtre" in html
    assert "options" in html
    assert "secret" not in html
    assert await names(site.roy, "?x0=THEATRE") == ["Un"]


PAGES = (LIST, f"{LIST}/accounts", f"{LIST}/requests", f"{LIST}/{{id}}")
ACTS = ("password", "username", "recovery", "email")


@pytest.mark.parametrize("page", PAGES)
async def test_pupils_and_strangers_see_no_list(site: Site, page: str) -> None:
    path = page.format(id=await lea_of(site))
    assert (await site.lea.get(path)).status == 403
    assert (await site.stranger.get(path)).status == 303


@pytest.mark.parametrize("act", ACTS)
async def test_whoever_is_not_of_the_school_changes_no_account(site: Site, act: str) -> None:
    path = f"{LIST}/{await lea_of(site)}/{act}"
    assert (await post(site.tom, path, {})).status == 403
    assert (await post(site.stranger, path, {})).status == 401
    assert (await post(site.other_principal, path, {})).status == 404
    assert (
        await site.stranger.post("/api/v1/login", {"username": "lea", "password": PASSWORD})
    ).status == 200


async def test_another_organisations_pupil_is_neither_shown_nor_reset_in_bulk(site: Site) -> None:
    lea = await lea_of(site)
    assert (await site.other_principal.get(f"{LIST}/{lea}")).status == 404
    assert await names(site.other_principal) == []
    refused = await post(site.other_principal, f"{LIST}/passwords", [("learner", lea), ("confirm", "1")])
    assert refused.status == 404
    assert (await site.lea.get("/api/v1/me")).status == 200


@pytest.mark.parametrize("act", ACTS)
async def test_helping_a_pupil_is_no_way_into_a_colleagues_account(site: Site, act: str) -> None:
    await teacher_elsewhere(site, "lea")
    reply = await post(site.roy, f"{LIST}/{await lea_of(site)}/{act}", {})
    assert reply.status in {403, 409}
    assert (
        await site.stranger.post("/api/v1/login", {"username": "lea", "password": PASSWORD})
    ).status == 200


async def test_nobody_ticked_or_too_many_is_refused(site: Site) -> None:
    assert (await post(site.roy, f"{LIST}/passwords", {})).status == 422
    many = [("learner", secrets.token_hex(8)) for _ in range(201)]
    assert (await post(site.roy, f"{LIST}/passwords", many)).status == 422


async def number(client: Client, learner: str, value: str) -> Reply:
    return await post(client, f"{LIST}/{learner}/number", {"student_number": value})


async def test_a_student_number_is_corrected_by_an_administrator_and_never_twice(site: Site) -> None:
    await university(site)
    one = await add_pupil(site, OTHER, student_number="E1", class_group="L1")
    two = await add_pupil(site, OTHER, student_number="E2", class_group="L1")
    assert (await number(site.other_principal, one.id, "E-3_a")).status == 303
    assert (await learner_of(site, one)).student_number == "E-3_a"
    assert (await number(site.other_principal, two.id, "E-3_a")).status == 409
    assert (await number(site.other_principal, two.id, "E 4")).status == 422
    assert (await number(site.roy, two.id, "E5")).status == 403
    assert (await number(site.diaz, await lea_of(site), "E5")).status == 403, "a school has no such numbers"
    html = (await site.other_principal.get(f"{LIST}?number=e2")).data.decode()
    assert "E2" in html
    assert "E-3_a" not in html


async def test_students_are_deleted_after_a_confirmation_and_keep_their_account(site: Site) -> None:
    await university(site)
    student = await add_pupil(site, OTHER, student_number="E1", class_group="L1")
    await became(site, student, "id-tom")
    ticked = [("learner", student.id)]
    assert "définitif" in text_of(await post(site.other_principal, f"{LIST}/delete", ticked))
    assert (await post(site.roy, f"{LIST}/delete", [*ticked, ("confirm", "1")])).status == 403
    assert (await post(site.other_principal, f"{LIST}/delete", [*ticked, ("confirm", "1")])).status == 303
    assert await names(site.other_principal) == []
    assert (await site.tom.get("/api/v1/me")).status == 200
    assert (await site.other_principal.get(f"{LIST}/{student.id}")).status == 404


async def test_a_student_gives_the_number_too_whatever_its_case(site: Site) -> None:
    await university(site)
    student = await add_pupil(site, OTHER, student_number="ab-12")
    course = next(iter(site.kiosk.banks.current.courses))
    made = await site.other_principal.post("/api/v1/campaigns", {"name": "SUP", "course": course})
    at = f"/code/{made.body['campaign']['code']}"
    who = {"first_name": "Zoé", "last_name": "Lefèvre", "birth_date": "2011-01-09", "next": at}
    assert (await post(site.stranger, "/register", who)).status == 422
    assert (await post(site.stranger, "/register", {**who, "student_number": "AB-13"})).status == 404
    assert (await post(site.lea, "/reconcile", {**who, "student_number": "AB-12"})).status == 303
    assert (await learner_of(site, student)).person == "id-lea"


async def test_students_are_listed_and_filtered_by_number_and_group(site: Site) -> None:
    await university(site)
    await add_pupil(site, OTHER, last_name="Un", student_number="E1", class_group="L1")
    await add_pupil(site, OTHER, last_name="Deux", student_number="E22", class_group="L2")
    html = (await site.other_principal.get(LIST)).data.decode()
    for shown in ("Numéro étudiant", "Groupe", "E22", "L1"):
        assert shown in html
    assert await names(site.other_principal, "?number=e22") == ["Deux"]
    assert await names(site.other_principal, "?group=L1") == ["Un"]
    assert await names(site.other_principal, "?number=e1&group=L2") == []


async def test_whoever_no_list_names_leaves_it_with_their_last_participation(site: Site) -> None:
    made = Organisation(OTHER, "open", None, "Médiathèque", "none", Settings(), 0)
    await site.kiosk.db.write(lambda tx: organisations.change(tx, made))
    campaign = await site.other_principal.post("/api/v1/campaigns", {"name": "Libre", "course": "toy"})
    campaign = campaign.body["campaign"]
    joined = await site.lea.post("/api/v1/participations", {"code": campaign["code"]})
    assert await names(site.other_principal) == ["Moreau"]
    taken = f"/api/v1/campaigns/{campaign['id']}/participations/{joined.body['participation']['id']}/delete"
    assert (await site.other_principal.post(taken)).status == 200
    assert await names(site.other_principal) == []


@given(
    st.dictionaries(
        st.sampled_from(
            ["last", "first", "number", "group", "method", "certifiable", "sort", "down", "page", "size"]
        ),
        st.text(max_size=120),
    )
)
def test_whatever_an_address_says_is_read_as_a_list_that_can_be_asked(query: dict[str, str]) -> None:
    asked = asked_of(query)
    assert asked.size in SIZES
    assert asked.page >= 1
    assert asked_of(fields_of(asked)) == asked_of({**fields_of(asked)})
    again = asked_of(fields_of(asked))
    assert (again.last_name, again.method, again.sort, again.down, again.size) == (
        asked.last_name,
        asked.method,
        asked.sort,
        asked.down,
        asked.size,
    )
