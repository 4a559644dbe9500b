"""Nobody reads what is not theirs: every address of results, asked by the whole cast and by another organisation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from kiosk_site import Site, open_site
from results_room import bank_of_6e, new_campaign, send

from exam.attestation import COURSES, MEF_6E

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk_site import Client

CAMPAIGN = (
    "/staff/campaigns/{id}",
    "/staff/campaigns/{id}/results",
    "/staff/campaigns/{id}/results.csv",
    "/staff/campaigns/{id}/analysis",
    "/staff/campaigns/{id}/participations/{pid}",
    "/staff/campaigns/{id}/participations/{pid}/analysis",
    "/staff/campaigns/{id}/participations/{pid}/delete",
)
STAFF = ("/staff/attestations", "/staff/documentation", "/staff/documentation/courses/bilan-6e")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, bank=bank_of_6e()) as opened:
        yield opened


async def shared_campaign(site: Site) -> dict[str, str]:
    made = await new_campaign(site, COURSES[0])
    return {"id": made.id, "pid": await send(site, site.lea, made.code)}


async def statuses(client: Client, paths: tuple[str, ...], known: dict[str, str]) -> set[int]:
    return {(await client.get(path.format(**known))).status for path in paths}


async def test_members_of_the_organisation_read_everything(site: Site) -> None:
    known = await shared_campaign(site)
    for client in (site.roy, site.ines, site.diaz):
        assert await statuses(client, (*CAMPAIGN, *STAFF), known) == {200}


async def test_pupils_are_refused_and_strangers_are_asked_to_sign_in(site: Site) -> None:
    known = await shared_campaign(site)
    assert await statuses(site.tom, (*CAMPAIGN, *STAFF), known) == {403}
    assert await statuses(site.stranger, (*CAMPAIGN, *STAFF), known) == {303}


async def test_for_another_organisation_the_campaign_does_not_exist(site: Site) -> None:
    known = await shared_campaign(site)
    assert await statuses(site.other_principal, CAMPAIGN, known) == {404}
    path = f"/api/v1/campaigns/{known['id']}"
    for rest in ("/activity", "/results", "/results.csv", f"/participations/{known['pid']}"):
        assert (await site.other_principal.get(path + rest)).status == 404


async def token(client: Client, path: str) -> str:
    found = re.findall(r'name="token" value="([^"]+)"', (await client.get(path)).data.decode())
    return str(found[0])


async def test_only_the_owner_and_the_principal_delete_a_participation(site: Site) -> None:
    known = await shared_campaign(site)
    path = CAMPAIGN[-1].format(**known)
    for client, status in ((site.ines, 403), (site.diaz, 303)):
        reply = await client.ask("POST", path, data={"token": await token(client, path)})
        assert reply.status == status


async def test_a_deletion_that_does_not_come_from_our_page_is_refused(site: Site) -> None:
    known = await shared_campaign(site)
    path = CAMPAIGN[-1].format(**known)
    assert (await site.roy.ask("POST", path, data={"token": "forged"})).status == 403
    assert (await site.roy.get(CAMPAIGN[4].format(**known))).status == 200


async def test_an_attestation_is_given_to_its_pupil_and_to_the_staff_of_the_school_alone(site: Site) -> None:
    await site.kiosk.db.write(lambda tx: tx.execute("UPDATE learners SET mef = ?", (MEF_6E,)))
    for course in COURSES:
        made = await new_campaign(site, course)
        await send(site, site.lea, made.code)
    rows = await site.kiosk.db.read(lambda conn: conn.execute("SELECT learner FROM attestations").fetchall())
    own = f"/attestations/{rows[0][0]}.pdf"
    assert own in (await site.lea.get("/certifications")).data.decode()
    assert "attestations/" not in (await site.tom.get("/certifications")).data.decode()
    assert (await site.lea.get(own)).headers["Content-Type"] == "application/pdf"
    assert (await site.tom.get(own)).status == 404
    assert (await site.roy.get(own)).status == 404
    assert (await site.roy.get("/staff/attestations.pdf")).status == 200
    assert (await site.roy.get("/staff/attestations.pdf?division=5B")).status == 200
    assert (await site.roy.get("/staff/attestations.pdf?division=6A")).status == 404
    assert (await site.other_principal.get("/staff/attestations.pdf")).status == 404
    assert "Moreau" not in (await site.other_principal.get("/staff/attestations")).data.decode()
    assert "Moreau" in (await site.roy.get("/staff/attestations")).data.decode()


async def test_what_is_not_there_is_not_found(site: Site) -> None:
    known = await shared_campaign(site)
    for path in CAMPAIGN[4:]:
        assert (await site.roy.get(path.format(id=known["id"], pid="0" * 16))).status == 404
    assert (await site.roy.get("/staff/documentation/courses/nothing")).status == 404
    assert (await site.lea.get(f"/attestations/{'0' * 16}.pdf")).status == 404
