"""A pupil's first campaign of the school: an account made or linked by saying who one is, and nothing told to others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from kiosk_site import OTHER, PASSWORD
from pupil_room import CHOSEN, ZOE, add_pupil, learner_of, post, text_of

from kiosk.providers.visitor import Visitor
from kiosk.store import credentials, visits
from kiosk.store import learners as learner_store
from kiosk.store import people as people_store

if TYPE_CHECKING:
    from kiosk_site import Reply, Site

    from kiosk.store.learners import Learner
    from sync.db import Tx


async def with_account(site: Site, learner: Learner, person: str) -> None:
    """Link a pupil to this account, which is nobody else then."""
    await unlink(site, person)
    await site.kiosk.db.write(lambda tx: learner_store.link(tx, learner.id, person, 0))


async def register(site: Site, **changed: str) -> Reply:
    form = {**ZOE, "username": "zoe.lefevre0901", "way": "username", "email": "", "next": "/code/X"}
    return await post(site.stranger, "/register", {**form, "new": CHOSEN, "again": CHOSEN, **changed})


async def test_a_code_leads_a_stranger_to_sign_in_or_to_create_an_account(site: Site) -> None:
    code = (await site.campaign())["code"]
    sent = await site.stranger.get(f"/code/{code}")
    assert (sent.status, sent.headers["Location"]) == (303, f"/sign-in?next=/code/{code}")
    html = (await site.stranger.get(sent.headers["Location"])).data.decode()
    assert f'href="/register?next=/code/{code}"' in html
    assert (await site.stranger.get(f"/register?next=/code/{code}")).status == 200


async def test_names_and_birth_date_propose_the_username_of_the_rule(site: Site) -> None:
    await add_pupil(site)
    found = await post(site.stranger, "/register", {**ZOE, "last_name": "Lefevre", "next": "/code/X"})
    assert found.status == 200
    assert "zoe.lefevre0901" in text_of(found)


async def test_the_account_made_is_the_pupils_and_goes_on_to_the_code(site: Site) -> None:
    pupil, campaign = await add_pupil(site), await site.campaign()
    made = await register(site, next=f"/code/{campaign['code']}")
    assert (made.status, made.headers["Location"]) == (303, f"/code/{campaign['code']}")
    assert (await learner_of(site, pupil)).person is not None
    joined = await site.stranger.post("/api/v1/participations", {"code": campaign["code"]})
    assert joined.status == 200


async def test_an_account_may_be_made_with_an_e_mail_instead(site: Site) -> None:
    await add_pupil(site)
    assert (await register(site, way="email", email="Zoe@Example.org")).status == 303
    fresh = site.client(None)
    again = await fresh.post("/api/v1/login", {"username": "zoe@example.org", "password": CHOSEN})
    assert again.status == 200


async def test_a_taken_username_is_replaced_and_said_with_its_code(site: Site) -> None:
    await add_pupil(site)
    await site.kiosk.db.write(lambda tx: credentials.set_username(tx, "id-tom", "zoe.lefevre0901"))
    proposed = text_of(await post(site.stranger, "/register", {**ZOE, "next": "/"}))
    assert "zoe.lefevre0901" not in proposed
    assert "zoe.lefevre" in proposed
    refused = await register(site)
    assert refused.status == 409
    assert "S50" in text_of(refused)


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"new": "court", "again": "court"}, ["8 signes", "une majuscule", "un chiffre"]),
        ({"new": "toutenminuscules1", "again": "toutenminuscules1"}, ["une majuscule"]),
        ({"new": CHOSEN, "again": "autre"}, ["différentes"]),
        ({"way": "email", "email": "pas une adresse"}, ["e-mail n'est pas lisible"]),
    ],
)
async def test_a_refused_choice_says_each_thing_and_makes_nothing(
    site: Site, changed: dict[str, str], missing: list[str]
) -> None:
    pupil = await add_pupil(site)
    refused = await register(site, **changed)
    assert refused.status == 422
    assert all(word in text_of(refused) for word in missing)
    assert (await learner_of(site, pupil)).person is None


async def test_a_username_that_is_not_ones_own_cannot_be_slipped_in(site: Site) -> None:
    pupil = await add_pupil(site)
    assert (await register(site, username="paul.diaz0901")).status == 422
    assert (await learner_of(site, pupil)).person is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_date": "2011-01-10"},
        {"last_name": "Dupont"},
        {"first_name": "Marie"},
        {"birth_date": "31/02/2011"},
    ],
)
async def test_whoever_is_not_in_the_list_makes_no_account_and_learns_nothing(
    site: Site, wrong: dict[str, str]
) -> None:
    pupil = await add_pupil(site)
    refused = await post(site.stranger, "/register", {**ZOE, **wrong, "next": "/"})
    assert refused.status in {404, 422}
    for word in (pupil.ine or "", "5B"):
        assert word not in refused.data.decode()


@pytest.mark.parametrize(
    ("organisation", "way", "short"),
    [
        ("school", "username", "S52"),
        ("school", "email", "S51"),
        ("school", "provider", "S53"),
        (OTHER, "username", "S62"),
        (OTHER, "email", "S61"),
        (OTHER, "provider", "S63"),
    ],
)
async def test_whoever_has_an_account_is_told_by_halves_how_they_sign_in(
    site: Site, organisation: str, way: str, short: str
) -> None:
    here = await add_pupil(site, ine="1234567890A")
    there = here if organisation == "school" else await add_pupil(site, OTHER, ine="1234567890A")
    await with_account(site, there, "id-tom")
    await one_way(site, "id-tom", way)
    refused = await post(site.stranger, "/register", {**ZOE, "next": "/"})
    assert refused.status == 409
    said = text_of(refused)
    assert short in said
    assert "tom.nguyen1203" not in said
    assert "tom@example.org" not in said
    assert {"username": "t•••.n•••1203", "email": "t•••@example.org", "provider": "médiacentre"}[way] in said


async def one_way(site: Site, person: str, way: str) -> None:
    """Leave an account a single way in."""

    def job(tx: Tx) -> None:
        tx.execute("UPDATE people SET username = NULL, email = NULL WHERE id = ?", (person,))
        if way == "username":
            credentials.set_username(tx, person, "tom.nguyen1203")
        elif way == "email":
            credentials.set_email(tx, person, "tom@example.org")
        else:
            visits.add_identity(tx, Visitor("oidc x", "t", "Tom", "Nguyen"), person, 0)

    await site.kiosk.db.write(job)


async def unlink(site: Site, person: str) -> None:
    """Make of an account nobody's in the school, as one made elsewhere is."""
    found = await site.kiosk.db.read(lambda conn: learner_store.linked_to(conn, person))
    for learner in found:
        await site.kiosk.db.write(lambda tx, one=learner: learner_store.link(tx, one.id, None, 0))  # type: ignore[misc] # mypy cannot infer a lambda with a default


async def test_an_account_signed_in_is_linked_once_and_goes_on(site: Site) -> None:
    await unlink(site, "id-lea")
    pupil, campaign = await add_pupil(site), await site.campaign()
    at = f"/code/{campaign['code']}"
    begun = await post(site.lea, at, {})
    assert (begun.status, begun.headers.get("Location")) == (303, f"/reconcile?next={quote(at, safe='')}")
    assert (await site.lea.get(f"/reconcile?next={at}")).status == 200
    linked = await post(site.lea, "/reconcile", {**ZOE, "next": at})
    assert (linked.status, linked.headers["Location"]) == (303, at)
    assert (await learner_of(site, pupil)).person == "id-lea"
    assert (await site.lea.post("/api/v1/participations", {"code": campaign["code"]})).status == 200


@pytest.mark.parametrize(
    ("organisation", "way", "short"),
    [
        ("school", "username", "R32"),
        ("school", "email", "R31"),
        ("school", "provider", "R33"),
        (OTHER, "username", "R12"),
        (OTHER, "email", "R11"),
        (OTHER, "provider", "R13"),
    ],
)
async def test_linking_to_a_pupil_who_has_another_account_is_refused_with_its_code(
    site: Site, organisation: str, way: str, short: str
) -> None:
    await unlink(site, "id-lea")
    here = await add_pupil(site, ine="1234567890A")
    there = here if organisation == "school" else await add_pupil(site, OTHER, ine="1234567890A")
    await with_account(site, there, "id-tom")
    await one_way(site, "id-tom", way)
    refused = await post(site.lea, "/reconcile", {**ZOE, "next": "/"})
    assert refused.status == 409
    assert short in text_of(refused)


async def test_an_account_that_is_already_a_pupil_here_cannot_become_another(site: Site) -> None:
    await add_pupil(site)
    refused = await post(site.lea, "/reconcile", {**ZOE, "next": "/"})
    assert (refused.status, "R70" in text_of(refused)) == (409, True)


async def test_an_account_known_elsewhere_under_another_birth_date_is_somebody_elses(site: Site) -> None:
    await unlink(site, "id-lea")
    elsewhere = await add_pupil(site, OTHER, birth_date="2010-05-05")
    await with_account(site, elsewhere, "id-lea")
    await add_pupil(site)
    refused = await post(site.lea, "/reconcile", {**ZOE, "next": "/"})
    assert (refused.status, "R90" in text_of(refused)) == (409, True)


async def test_an_account_known_elsewhere_as_the_same_pupil_is_linked(site: Site) -> None:
    await unlink(site, "id-lea")
    await with_account(site, await add_pupil(site, OTHER, ine="1234567890A"), "id-lea")
    here = await add_pupil(site, ine="1234567890A")
    assert (await post(site.lea, "/reconcile", {**ZOE, "next": "/"})).status == 303
    assert (await learner_of(site, here)).person == "id-lea"


async def test_guessing_who_is_in_the_list_is_slowed_even_across_a_right_guess(site: Site) -> None:
    await add_pupil(site)
    for day in range(10, 20):
        tried = await post(site.stranger, "/register", {**ZOE, "birth_date": f"2011-01-{day}", "next": "/"})
        assert tried.status == 404
    blocked = await post(site.stranger, "/register", {**ZOE, "next": "/"})
    assert (blocked.status, blocked.headers["Retry-After"]) == (429, "120")
    site.clock.pass_s(121)
    assert (await post(site.stranger, "/register", {**ZOE, "next": "/"})).status == 200


async def test_a_disabled_pupil_is_nobody(site: Site) -> None:
    pupil = await add_pupil(site)
    await site.kiosk.db.write(
        lambda tx: tx.execute("UPDATE learners SET disabled_ms = 1 WHERE id = ?", (pupil.id,))
    )
    assert (await post(site.stranger, "/register", {**ZOE, "next": "/"})).status == 404


async def test_the_password_of_a_new_account_rests_nowhere_in_clear(site: Site) -> None:
    await add_pupil(site)
    await register(site)
    for path in site.home.rglob("*"):
        if path.is_file():
            assert CHOSEN.encode() not in path.read_bytes()


async def test_a_campaign_of_another_organisation_reads_that_organisations_list(site: Site) -> None:
    course = next(iter(site.kiosk.banks.current.courses))
    made = await site.other_principal.post("/api/v1/campaigns", {"name": "Ailleurs", "course": course})
    at = f"/code/{made.body['campaign']['code']}"
    await add_pupil(site)
    assert (await post(site.stranger, "/register", {**ZOE, "next": at})).status == 404
    there = await add_pupil(site, OTHER)
    assert (await register(site, next=at)).status == 303
    assert (await learner_of(site, there)).person is not None


async def test_a_person_keeps_one_account_whichever_name_they_sign_in_with(site: Site) -> None:
    await site.kiosk.db.write(lambda tx: credentials.set_email(tx, "id-lea", "lea@example.org"))
    for name in ("lea", "LEA@example.org "):
        client = site.client(None)
        reply = await client.post("/api/v1/login", {"username": name, "password": PASSWORD})
        assert reply.body["person"]["id"] == "id-lea"
    found = await site.kiosk.db.read(lambda conn: people_store.person_by_id(conn, "id-lea"))
    assert found is not None
