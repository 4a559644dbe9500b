"""The team: read by its members, changed by its administrators, never on oneself, never without an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kiosk_site import OTHER
from team_room import EVERYONE, page, send

from kiosk.store import memberships, people

if TYPE_CHECKING:
    from kiosk_site import Client, Site

    from kiosk.people import MemberRole

MEMBERS = "/staff/team/members"
ACTS = ("role", "remove", "password")
ADMIN_ONLY = {"lea": 403, "tom": 403, "roy": 403, "ines": 403, "other_principal": 404, "stranger": 401}


async def role_of(site: Site, person: str, organisation: str = "school") -> MemberRole | None:
    return await site.kiosk.db.read(lambda conn: memberships.role_in(conn, organisation, person))


async def join(site: Site, client: Client, organisation: str, role: MemberRole) -> None:
    assert client.person is not None
    person = client.person.id
    await site.kiosk.db.write(lambda tx: memberships.add(tx, organisation, person, role, 1))
    site.kiosk.logins.forget_person(person)


@pytest.mark.parametrize("who", ["roy", "diaz"])
async def test_every_member_reads_the_team_of_their_organisation(site: Site, who: str) -> None:
    html = await page(getattr(site, who), "/staff/team")
    assert all(name in html for name in ("Roy", "Faure", "Diaz"))
    assert "Garnier" not in html


@pytest.mark.parametrize("who", ["lea", "stranger"])
async def test_nobody_else_reads_it(site: Site, who: str) -> None:
    assert (await getattr(site, who).get("/staff/team")).status in {303, 403}


async def test_administrators_come_first(site: Site) -> None:
    rows = (await page(site.roy, "/staff/team")).partition("<tbody>")[2]
    assert rows.index("Diaz") < rows.index("Faure") < rows.index("Roy")


async def test_only_administrators_see_what_changes_the_team(site: Site) -> None:
    assert MEMBERS in await page(site.diaz, "/staff/team")
    assert MEMBERS not in await page(site.roy, "/staff/team")


async def test_an_administrator_makes_a_member_an_administrator_who_sees_it_at_once(site: Site) -> None:
    done = await send(site.diaz, f"{MEMBERS}/id-roy/role", role="admin")
    assert (done.status, done.headers["Location"]) == (303, "/staff/team?done=role")
    assert await role_of(site, "id-roy") == "admin"
    assert (await site.roy.get("/staff/team/invitations")).status == 200


async def test_one_who_was_demoted_changes_nothing_any_more(site: Site) -> None:
    await send(site.diaz, f"{MEMBERS}/id-roy/role", role="admin")
    await page(site.roy, "/staff/team")
    await send(site.roy, f"{MEMBERS}/id-diaz/role", role="member")
    assert (await send(site.diaz, f"{MEMBERS}/id-roy/role", role="member")).status == 403
    assert await role_of(site, "id-roy") == "admin"


@pytest.mark.parametrize("act", ACTS)
async def test_nobody_does_it_to_themselves(site: Site, act: str) -> None:
    assert (await send(site.diaz, f"{MEMBERS}/id-diaz/{act}", role="member")).status == 409
    assert await role_of(site, "id-diaz") == "admin"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", sorted(ADMIN_ONLY))
async def test_only_an_administrator_of_this_organisation_may(site: Site, who: str, act: str) -> None:
    refused = await send(getattr(site, who), f"{MEMBERS}/id-ines/{act}", role="admin")
    assert refused.status == ADMIN_ONLY[who]
    assert await role_of(site, "id-ines") == "member"


async def test_an_unknown_role_is_refused(site: Site) -> None:
    assert (await send(site.diaz, f"{MEMBERS}/id-roy/role", role="owner")).status == 422


async def test_removal_says_what_follows_and_closes_the_staff_pages_at_once(site: Site) -> None:
    asked = await page(site.diaz, f"{MEMBERS}/id-roy")
    assert "Alice Roy" in asked
    assert await role_of(site, "id-roy") == "member"
    assert (await send(site.diaz, f"{MEMBERS}/id-roy/remove")).status == 303
    assert await role_of(site, "id-roy") is None
    assert (await site.roy.get("/staff")).status == 403
    assert (await site.roy.get("/api/v1/me")).body["person"]["role"] == "pupil"


async def test_campaigns_of_whoever_was_removed_stay_with_the_administrators(site: Site) -> None:
    made = await site.campaign()
    await send(site.diaz, f"{MEMBERS}/id-roy/remove")
    assert (await site.diaz.post(f"/api/v1/campaigns/{made['id']}/archive")).status == 200


async def test_a_member_leaves(site: Site) -> None:
    assert "Collège des Tilleuls" in await page(site.ines, "/staff/team/leave")
    assert (await send(site.ines, "/staff/team/leave")).status == 303
    assert (await site.ines.get("/staff")).status == 403


async def test_the_last_administrator_cannot_leave_until_there_is_another(site: Site) -> None:
    assert (await send(site.diaz, "/staff/team/leave")).status == 409
    await send(site.diaz, f"{MEMBERS}/id-roy/role", role="admin")
    assert (await send(site.diaz, "/staff/team/leave")).status == 303
    assert await role_of(site, "id-diaz") is None


@pytest.mark.parametrize("who", ["lea", "stranger"])
async def test_who_is_in_no_team_leaves_none(site: Site, who: str) -> None:
    assert (await send(getattr(site, who), "/staff/team/leave")).status in {401, 403}


async def test_a_one_time_password_is_shown_once_ends_the_logins_and_must_be_changed(site: Site) -> None:
    shown = (await send(site.diaz, f"{MEMBERS}/id-roy/password")).data.decode()
    once = shown.split("<b>")[-1].split("</b>")[0]
    assert (await site.roy.get("/api/v1/me")).status == 401
    entered = await site.stranger.post("/api/v1/login", {"username": "roy", "password": once})
    assert entered.body["person"]["must_change"] is True
    assert once not in await page(site.diaz, "/staff/team")


async def test_who_also_works_elsewhere_keeps_their_password(site: Site) -> None:
    await join(site, site.roy, OTHER, "admin")
    assert (await send(site.diaz, f"{MEMBERS}/id-roy/password")).status == 409
    assert (await site.roy.get("/api/v1/me")).status == 200


async def test_an_account_closed_from_the_command_line_is_not_the_administrator_that_stays(
    site: Site,
) -> None:
    await send(site.diaz, f"{MEMBERS}/id-roy/role", role="admin")
    await site.kiosk.db.write(lambda tx: people.set_disabled(tx, "id-roy", disabled=True))
    assert (await send(site.diaz, "/staff/team/leave")).status == 409


def test_the_cast_is_whole() -> None:
    assert set(ADMIN_ONLY) | {"diaz"} == set(EVERYONE)
