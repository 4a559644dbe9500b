"""One server, several organisations: each sees its own, and a person acts for one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from kiosk_site import OTHER, Pupil

from kiosk.actions.accounts import NewPerson, add_account
from kiosk.people import Display
from kiosk.store import learners, memberships, organisations

if TYPE_CHECKING:
    from kiosk_site import Client, Site

JOIN = "/api/v1/participations"


async def principal_of_both(site: Site) -> Client:
    person = site.diaz.person
    assert person is not None
    site.clock.pass_s(1)  # it joins the second one later
    now = site.clock.now_ms()
    await site.kiosk.db.write(lambda tx: memberships.add(tx, OTHER, person.id, "member", now))
    await site.kiosk.db.write(lambda tx: memberships.accept_terms(tx, OTHER, person.id, now))
    return await site.sign_in("diaz")


async def switch(client: Client, organisation: str) -> int:
    headers = {"Sec-Fetch-Site": "same-origin"}
    form = {"organisation": organisation}
    return (await client.ask("POST", "/account/organisation", data=form, headers=headers)).status


async def test_the_servers_school_takes_its_name_from_its_identity(site: Site) -> None:
    school = await site.kiosk.db.read(lambda conn: organisations.by_id(conn, "school"))
    assert school is not None
    assert (school.name, school.uai, school.manages_learners) == ("Collège des Tilleuls", "0750001U", True)


@pytest.mark.parametrize("path", ["", "/activity", "/results", "/results.csv", "/participations/{pid}"])
async def test_a_campaign_does_not_exist_for_another_organisation(site: Site, path: str) -> None:
    campaign = await site.campaign()
    joined = await site.lea.post(JOIN, {"code": campaign["code"]})
    pid = joined.body["participation"]["id"]
    address = f"/api/v1/campaigns/{campaign['id']}{path.format(pid=pid)}"
    assert (await site.other_principal.get(address)).status == 404
    assert (await site.diaz.get(address)).status in {200, 409}


@pytest.mark.parametrize("path", ["", "/results", "/settings", "/code", "/results.csv"])
async def test_nor_do_its_pages(site: Site, path: str) -> None:
    campaign = await site.campaign()
    assert (await site.other_principal.get(f"/staff/campaigns/{campaign['id']}{path}")).status == 404


async def test_another_organisations_principal_changes_nothing(site: Site) -> None:
    campaign = await site.campaign()
    refused = await site.other_principal.post(f"/api/v1/campaigns/{campaign['id']}/archive")
    assert (refused.status, refused.code) == (404, "campaign.unknown")


async def test_lists_hold_the_campaigns_of_ones_organisation(site: Site) -> None:
    await site.campaign()
    asked = "/api/v1/campaigns?filter=all"
    assert len((await site.diaz.get(asked)).body["campaigns"]) == 1
    assert (await site.other_principal.get(asked)).body["campaigns"] == []


async def test_a_person_acts_for_the_organisation_they_choose(site: Site) -> None:
    both = await principal_of_both(site)
    assert (await both.get("/api/v1/me")).body["person"]["role"] == "principal"
    assert await switch(both, OTHER) == 303
    assert (await both.get("/api/v1/me")).body["person"]["role"] == "teacher"
    assert "Lycée des Marronniers" in (await both.get("/staff")).data.decode()


async def test_the_next_sign_in_begins_where_the_last_choice_was(site: Site) -> None:
    await switch(await principal_of_both(site), OTHER)
    again = await site.sign_in("diaz")
    assert again.person is not None
    assert again.person.organisation == OTHER


async def test_each_browser_keeps_its_own_choice(site: Site) -> None:
    first = await principal_of_both(site)
    second = await site.sign_in("diaz")
    await switch(first, OTHER)
    assert (await second.get("/api/v1/me")).body["person"]["role"] == "principal"


async def test_acting_for_nobody_is_being_a_pupil(site: Site) -> None:
    assert await switch(site.diaz, "") == 303
    assert (await site.diaz.get("/api/v1/me")).body["person"]["role"] == "pupil"
    assert (await site.diaz.get("/staff")).status == 403
    assert await switch(site.diaz, "school") == 303
    assert (await site.diaz.get("/staff")).status == 200


@pytest.mark.parametrize("who", ["lea", "tom", "roy", "diaz"])
async def test_nobody_acts_for_an_organisation_they_are_no_member_of(site: Site, who: str) -> None:
    assert await switch(getattr(site, who), OTHER) == 404


async def test_a_stranger_acts_for_nobody(site: Site) -> None:
    assert await switch(site.stranger, OTHER) == 401


async def test_a_membership_that_ends_closes_the_staff_pages_at_once(site: Site) -> None:
    person = site.roy.person
    assert person is not None
    await site.kiosk.db.write(lambda tx: memberships.end(tx, "school", person.id, 1))
    site.kiosk.logins.forget_person(person.id)
    assert (await site.roy.get("/staff")).status == 403


async def test_staff_try_their_own_campaign_without_being_counted(site: Site) -> None:
    campaign = await site.campaign()
    joined = await site.ines.post(JOIN, {"code": campaign["code"]})
    trial = await Pupil(site.ines, joined.body["participation"]["id"]).take()
    await trial.finish()
    sent = await site.ines.post(f"{trial.at}/share", {"consent": True})
    assert (sent.status, sent.code) == (409, "share.trial")
    shown = (await site.roy.get(f"/api/v1/campaigns/{campaign['id']}")).body["campaign"]
    assert (shown["participants"], shown["shared"]) == (0, 0)
    activity = (await site.roy.get(f"/api/v1/campaigns/{campaign['id']}/activity")).body
    assert activity["participants"] == []


async def test_a_learner_of_one_school_is_nobody_in_another(site: Site) -> None:
    course = next(iter(site.kiosk.banks.current.courses))
    made = await site.other_principal.post("/api/v1/campaigns", {"name": "Seconde", "course": course})
    refused = await site.lea.post(JOIN, {"code": made.body["campaign"]["code"]})
    assert (refused.status, refused.code) == (409, "learner.unlinked")


async def test_an_open_organisation_makes_a_learner_of_whoever_comes(site: Site) -> None:
    lycee = await site.kiosk.db.read(lambda conn: organisations.by_id(conn, OTHER))
    assert lycee is not None
    opened = msgspec.structs.replace(lycee, kind="open")
    await site.kiosk.db.write(lambda tx: organisations.change(tx, opened))
    course = next(iter(site.kiosk.banks.current.courses))
    made = await site.other_principal.post("/api/v1/campaigns", {"name": "Seconde", "course": course})
    joined = await site.lea.post(JOIN, {"code": made.body["campaign"]["code"]})
    assert joined.status == 200
    found = await site.kiosk.db.read(lambda conn: learners.of_person(conn, OTHER, "id-lea"))
    assert found is not None
    assert (found.first_name, found.last_name) == ("Léa", "Moreau")


async def test_staff_read_the_class_of_the_learner(site: Site) -> None:
    campaign = await site.campaign()
    await site.lea.post(JOIN, {"code": campaign["code"]})
    activity = (await site.roy.get(f"/api/v1/campaigns/{campaign['id']}/activity")).body
    assert [one["division"] for one in activity["participants"]] == ["5B"]


async def test_an_account_made_for_a_pupil_comes_with_its_learner(site: Site) -> None:
    made, _ = await add_account(
        site.kiosk, NewPerson("zoe", "Zoé", "Petit", "pupil", "6A"), "Carte-du-ciel-9"
    )
    found = await site.kiosk.db.read(lambda conn: learners.of_person(conn, "school", made.id))
    assert found is not None
    assert (found.division, made.role, made.organisation) == ("6A", "pupil", None)
    assert made.display == Display()
