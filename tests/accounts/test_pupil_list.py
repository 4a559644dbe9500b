"""The list of pupils and their accounts: filters, one-time passwords, slips, files; and who may do none of it."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import secrets
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kiosk_site import OTHER, PASSWORD, open_site
from pupil_room import CHOSEN, add_pupil, became, learner_of, post, teacher_elsewhere, text_of, university

from kiosk.actions.mailbox import new_recovery
from kiosk.actions.throttle import subjects
from kiosk.import_files import keep_format
from kiosk.logins import digest_of
from kiosk.organisations import Organisation, Settings
from kiosk.providers.visitor import Visitor
from kiosk.pupil_list import SIZES, Asked, asked_of, fields_of
from kiosk.store import credentials, memberships, organisations, pupils, recoveries, visits
from kiosk.store import learners as learner_store
from kiosk.store import people as people_store

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Client, Reply, Site

ONCE = re.compile(r"\b[a-hjkmnp-z]{6}[0-9]{2}\b")
LIST = "/staff/pupils"


async def lea_of(site: Site) -> str:
    """Return the id of Léa in the list of the school."""
    found = await site.kiosk.db.read(lambda conn: learner_store.linked_to(conn, "id-lea"))
    return found[0].id


async def names(client: Client, query: str = "") -> list[str]:
    """Return the last names of the page of the list, in its order."""
    reply = await client.get(f"{LIST}{query}")
    assert reply.status == 200
    return re.findall(r'<th scope="row"><a [^>]*><span class="upper">([^<]+)', reply.data.decode())


async def small_school(site: Site) -> None:
    await add_pupil(site, first_name="Chloé", last_name="Étienne", division="4A", birth_date="2012-03-04")
    await add_pupil(site, first_name="Axel", last_name="Ba", division="3A", birth_date="2010-01-02")
    mail = await add_pupil(site, first_name="Nora", last_name="Cid", division="3A")
    await became(site, mail, "id-ines")  # a colleague's account stands for one with an e-mail alone
    await site.kiosk.db.write(lambda tx: tx.execute("UPDATE people SET username = NULL WHERE id = 'id-ines'"))
    await site.kiosk.db.write(lambda tx: credentials.set_email(tx, "id-ines", "nora@example.org"))
    await site.kiosk.db.write(
        lambda tx: visits.add_identity(tx, Visitor("oidc x", "tom", "Tom", "Nguyen"), "id-tom", 0)
    )
    await site.kiosk.db.write(
        lambda tx: tx.execute(
            "UPDATE learners SET certifiable = 1, certifiable_ms = 1 WHERE last_name = 'Ba'"
        )
    )


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


async def test_the_reset_password_is_shown_once_and_must_be_changed(site: Site) -> None:
    wanted = await lea_of(site)
    shown = await post(site.roy, f"{LIST}/{wanted}/password", {})
    once = ONCE.findall(re.sub(r"<svg.*?</svg>", "", shown.data.decode(), flags=re.DOTALL))[0]
    assert once not in (await site.roy.get(f"{LIST}/{wanted}")).data.decode()
    assert (await site.lea.get("/api/v1/me")).status == 401
    fresh = site.client(None)
    signed = await fresh.post("/api/v1/login", {"username": "lea", "password": once})
    assert signed.body["person"]["must_change"] is True
    assert (await fresh.get("/api/v1/participations")).code == "password.must_change"


async def test_a_reset_lifts_the_final_block_that_waiting_does_not(site: Site) -> None:
    subject, now = subjects("id-lea", "")[1][0], site.clock.now_ms()
    await site.kiosk.db.write(lambda tx: people_store.keep_attempts(tx, subject, 49, 0, now))
    login = {"username": "lea", "password": PASSWORD}
    assert (await site.stranger.post("/api/v1/login", {**login, "password": "no"})).status == 401
    assert (await site.stranger.post("/api/v1/login", login)).code == "login.blocked"
    site.clock.pass_s(40 * 86_400)
    assert (await site.stranger.post("/api/v1/login", login)).code == "login.blocked"
    roy = await site.sign_in("roy")
    shown = await post(roy, f"{LIST}/{await lea_of(site)}/password", {})
    once = ONCE.findall(re.sub(r"<svg.*?</svg>", "", shown.data.decode(), flags=re.DOTALL))[0]
    assert (await site.stranger.post("/api/v1/login", {**login, "password": once})).status == 200


async def test_the_old_password_opens_nothing_even_tried_while_it_is_reset(site: Site) -> None:
    old = site.client(None)
    tried = asyncio.create_task(old.post("/api/v1/login", {"username": "lea", "password": PASSWORD}))
    for _ in range(10_000):  # until the try is counted: what remains is to hash it
        if await site.kiosk.db.read(lambda conn: conn.execute("SELECT 1 FROM attempts").fetchone()):
            break
        await asyncio.sleep(0)
    await site.kiosk.db.write(lambda tx: people_store.reset_password(tx, "id-lea", "x"))
    site.kiosk.logins.forget_person("id-lea")
    await tried
    assert (await old.get("/api/v1/me")).status == 401


async def test_a_username_added_keeps_the_password_or_makes_one_for_a_provider_alone(site: Site) -> None:
    pupil = await add_pupil(site, first_name="Léa", last_name="Moreau")
    await became(site, pupil, "id-lea")
    await site.kiosk.db.write(lambda tx: tx.execute("UPDATE people SET username = NULL WHERE id = 'id-lea'"))
    added = await post(site.roy, f"{LIST}/{pupil.id}/username", {})
    assert "lea.moreau0901" in text_of(added)
    assert "ne change pas" in text_of(added)
    login = {"username": "lea.moreau0901", "password": PASSWORD}
    assert (await site.stranger.post("/api/v1/login", login)).status == 200
    await site.kiosk.db.write(
        lambda tx: tx.execute("UPDATE people SET username = NULL, password = NULL WHERE id = 'id-lea'")
    )
    again = await post(site.roy, f"{LIST}/{pupil.id}/username", {})
    once = ONCE.findall(re.sub(r"<svg.*?</svg>", "", again.data.decode(), flags=re.DOTALL))[0]
    assert (await site.stranger.post("/api/v1/login", {**login, "password": once})).status == 200


async def test_a_bulk_reset_says_how_many_then_gives_slips_and_the_file(site: Site) -> None:
    await small_school(site)
    found = await site.kiosk.db.read(lambda conn: pupils.listed(conn, "school", Asked()))
    ticked = [("learner", row.id) for row in found.rows]
    asked = await post(site.roy, f"{LIST}/passwords", ticked)
    assert "2 mots de passe seront réinitialisés, pour 5 élèves cochés" in text_of(asked)
    done = await post(site.roy, f"{LIST}/passwords", [*ticked, ("confirm", "1")])
    at = done.headers["Location"]
    file = await site.roy.get(f"{at}/csv")
    assert file.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Classe", "Nom", "Prénom", "Identifiant", "Mot de passe"]
    assert [row[1] for row in rows[1:]] == ["Moreau", "Nguyen"]
    signed = await site.stranger.post("/api/v1/login", {"username": rows[1][3], "password": rows[1][4]})
    assert signed.status == 200
    assert rows[1][4] in (await site.roy.get(f"{at}/slips")).data.decode()
    for path in site.home.rglob("*"):
        if path.is_file():
            assert rows[1][4].encode() not in path.read_bytes()


async def test_where_a_provider_signs_pupils_in_a_bulk_reset_names_whom_it_must(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"public_address": "https://preau.test", "cas_url": "https://cas.test/cas"}
    async with open_site(tmp_path / "home", **settings) as site:
        pupil = await add_pupil(site)
        await became(site, pupil, "id-lea")
        await site.kiosk.db.write(
            lambda tx: tx.execute("UPDATE people SET username = NULL WHERE id = 'id-lea'")
        )
        ticked = [("learner", pupil.id), ("confirm", "1")]
        at = (await post(site.roy, f"{LIST}/passwords", ticked)).headers["Location"]
        assert '"zoe.lefevre0901"' in (await site.roy.get(f"{at}/csv")).data.decode()


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


async def handed_over(site: Site) -> str:
    ticked = [("learner", await lea_of(site)), ("confirm", "1")]
    return (await post(site.roy, f"{LIST}/passwords", ticked)).headers["Location"]


async def test_what_is_handed_over_is_its_makers_for_an_hour(site: Site) -> None:
    at = await handed_over(site)
    for rest in ("", "/slips", "/csv"):
        assert (await site.diaz.get(at + rest)).status == 404
        assert (await site.roy.get(at + rest)).status == 200
    site.clock.pass_s(3600)
    assert (await site.roy.get(f"{at}/slips")).status == 404


async def test_what_is_handed_over_is_forgotten_when_told(site: Site) -> None:
    at = await handed_over(site)
    assert (await post(site.diaz, f"{at}/drop", {})).status == 303
    assert (await site.roy.get(at)).status == 200
    assert (await post(site.roy, f"{at}/drop", {})).status == 303
    assert (await site.roy.get(at)).status == 404


async def test_missing_accounts_are_made_for_a_class_with_a_username_each(site: Site) -> None:
    made = [await add_pupil(site, first_name="Zoé", last_name="Lefèvre", division="6C") for _ in range(3)]
    await add_pupil(site, first_name="Autre", last_name="Classe", division="6D")
    assert "6C" in text_of(await site.roy.get(f"{LIST}/accounts"))
    done = await post(site.roy, f"{LIST}/accounts", {"group": "6C"})
    rows = (await site.roy.get(f"{done.headers['Location']}/csv")).data.decode().splitlines()[1:]
    usernames = {row.split(";")[3] for row in rows}
    assert len(usernames) == 3
    assert '"zoe.lefevre0901"' in usernames
    for learner in made:
        assert (await learner_of(site, learner)).person is not None
    again = await post(site.roy, f"{LIST}/accounts", {"group": "6C"})
    assert again.headers["Location"] == f"{LIST}?done=none"


async def test_ten_slips_a_sheet_and_no_sheet_mixes_two_classes(site: Site) -> None:
    for number in range(11):
        await add_pupil(site, last_name=f"A{number:02}", division="6C")
    made = await post(site.roy, f"{LIST}/accounts", {"group": "6C"})
    html = (await site.roy.get(f"{made.headers['Location']}/slips")).data.decode()
    sheets = html.split('<section class="paper')[1:]
    assert [sheet.count('<li class="slip">') for sheet in sheets] == [10, 1]


async def test_slips_name_the_organisation_they_are_made_for(site: Site) -> None:
    await add_pupil(site, OTHER, division="2A")
    made = await post(site.other_principal, f"{LIST}/accounts", {"group": "2A"})
    slips = text_of(await site.other_principal.get(f"{made.headers['Location']}/slips"))
    assert "Lycée des Marronniers" in slips


async def test_a_link_handed_over_gives_the_account_to_its_pupil(site: Site) -> None:
    shown = (await post(site.roy, f"{LIST}/{await lea_of(site)}/recovery", {})).data.decode()
    secret = re.findall(r"/recover\?c=([\w-]+)", shown)[0]
    form = {"c": secret, "new": CHOSEN, "again": CHOSEN, "email": "lea@example.org"}
    assert (await post(site.stranger, "/recover", {**form, "email": ""})).status == 422
    assert (await post(site.stranger, "/recover", form)).status == 303
    login = {"username": "lea@example.org", "password": CHOSEN}
    assert (await site.client(None).post("/api/v1/login", login)).status == 200


async def link_handed_over(site: Site) -> dict[str, str]:
    """Have a teacher hand a link over for Léa's account; return the form that spends it."""
    shown = (await post(site.roy, f"{LIST}/{await lea_of(site)}/recovery", {})).data.decode()
    secret = re.findall(r"/recover\?c=([\w-]+)", shown)[0]
    return {"c": secret, "new": CHOSEN, "again": CHOSEN, "email": "lea@example.org"}


async def test_a_link_handed_over_serves_no_more_once_its_pupil_changed_their_password(site: Site) -> None:
    form = await link_handed_over(site)
    changed = {"current": PASSWORD, "new": CHOSEN, "again": CHOSEN}
    assert (await post(site.lea, "/password", changed)).status == 303
    assert (await post(site.stranger, "/recover", form)).status == 404


async def test_a_link_handed_over_is_no_way_into_the_account_of_who_joined_a_staff_since(site: Site) -> None:
    form = await link_handed_over(site)
    await site.kiosk.db.write(lambda tx: memberships.add(tx, OTHER, "id-lea", "member", 0))
    assert (await post(site.stranger, "/recover", form)).status == 404


async def test_once_a_link_gave_the_account_back_no_other_gives_it_again(site: Site) -> None:
    form = await link_handed_over(site)
    asked = new_recovery("password", "id-lea", site.clock.now_ms())
    await site.kiosk.db.write(lambda tx: recoveries.add(tx, asked, digest_of("earlier")))
    assert (await post(site.stranger, "/recover", form)).status == 303
    assert (await post(site.stranger, "/recover", {**form, "c": "earlier"})).status == 404


async def test_asking_as_if_one_had_left_takes_nothing_away_from_a_link_that_staff_handed_over(
    site: Site,
) -> None:
    form = await link_handed_over(site)
    asked = new_recovery("leaving", "id-lea", site.clock.now_ms(), email="other@example.org")
    await site.kiosk.db.write(lambda tx: recoveries.add(tx, asked, digest_of("asked")))
    await site.kiosk.db.write(lambda tx: recoveries.add(tx, asked, None))
    assert (await post(site.stranger, "/recover", form)).status == 303


async def test_a_request_without_mail_waits_for_the_staff_of_the_school_alone(site: Site) -> None:
    pupil = await add_pupil(site, ine="1234567890A")
    await became(site, pupil, "id-lea")
    form = {"first_name": "Zoé", "last_name": "Lefèvre", "birth_date": "09/01/2011", "ine": "1234567890A"}
    assert (await post(site.stranger, "/leaving", form)).status == 200
    assert "1 compte demandé" in text_of(await site.roy.get(LIST))
    assert "Lefèvre" in text_of(await site.roy.get(f"{LIST}/requests"))
    assert "Lefèvre" not in text_of(await site.other_principal.get(f"{LIST}/requests"))


async def test_an_address_without_mail_is_flagged_until_staff_confirm_it(site: Site) -> None:
    kept = await post(site.lea, "/account/email", {"email": "lea@example.org"})
    assert kept.headers["Location"].endswith("done=kept")
    assert "Pas encore confirmée" in text_of(await site.lea.get("/account/sign-in"))
    assert (await post(site.roy, f"{LIST}/{await lea_of(site)}/email", {})).status == 303
    assert "Pas encore confirmée" not in text_of(await site.lea.get("/account/sign-in"))


async def test_the_only_way_into_an_account_is_not_taken_away(site: Site) -> None:
    await post(site.lea, "/account/email", {"email": "lea@example.org"})
    await site.kiosk.db.write(lambda tx: tx.execute("UPDATE people SET username = NULL WHERE id = 'id-lea'"))
    assert (await post(site.lea, "/account/email/drop", {})).status == 409


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


async def test_whoever_comes_by_a_code_with_a_slip_goes_on_to_the_code_with_a_password_of_their_own(
    site: Site,
) -> None:
    code = (await site.campaign())["code"]
    shown = await post(site.roy, f"{LIST}/{await lea_of(site)}/password", {})
    once = ONCE.findall(re.sub(r"<svg.*?</svg>", "", shown.data.decode(), flags=re.DOTALL))[0]
    fresh = site.client(None)
    form = {"username": "lea", "password": once, "next": f"/code/{code}"}
    asked = await post(fresh, "/sign-in", form)
    assert asked.headers["Location"] == f"/password?next=/code/{code}"
    assert (await fresh.get("/tutorials")).headers["Location"] == "/password?next=/tutorials"
    page = (await fresh.get(asked.headers["Location"])).data.decode()
    assert f'name="next" value="/code/{code}"' in page
    changed = {"current": once, "new": CHOSEN, "again": CHOSEN}
    assert (await post(fresh, "/password", {**changed, "next": f"/code/{code}"})).headers[
        "Location"
    ] == f"/code/{code}"


async def test_a_password_form_never_leads_elsewhere(site: Site) -> None:
    changed = {"current": PASSWORD, "new": CHOSEN, "again": CHOSEN, "next": "https://ailleurs.example/"}
    assert (await post(site.lea, "/password", changed)).headers["Location"] == "/"
