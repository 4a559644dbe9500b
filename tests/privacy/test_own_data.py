"""One's own data, a pupil's data, and the pages around them: what is in, what is not, and who is refused."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import msgspec
from kiosk_site import OTHER, open_site
from two_schools import INE, known, played

from kiosk.actions.accounts import new_learner
from kiosk.store import learners

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Client, Reply, Site


def opened(reply: Reply) -> dict[str, bytes]:
    """Return the files of an archive by name."""
    assert reply.status == 200
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_a_pupil_takes_away_everything_about_them_and_nothing_about_others(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        await known(site)
        await played(site)
        await site.joined(site.tom)
        files = opened(await site.lea.get("/account/data.zip"))
        assert {"lisez-moi.html", "donnees.json", "tables/people.csv", "tables/learners.csv"} <= files.keys()
        whole = msgspec.json.decode(files["donnees.json"])
        assert whole["tables"]["learners"][0]["ine"] == INE
        assert len(next(iter(whole["sittings"].values()))) > 3
        assert "password" not in whole["tables"]["people"][0]
        everything = b"".join(files.values())
        assert b"Moreau" in everything
        for other in ("Nguyen", "Tom", "id-tom", "Diaz", "Faure"):
            assert other.encode() not in everything, other
        assert "Léa Moreau" in files["lisez-moi.html"].decode()


async def test_the_principal_hands_over_the_same_and_nobody_else_can(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        learner = await known(site)
        address = f"/staff/pupils/{learner}/data.zip"
        assert b"Moreau" in opened(await site.diaz.get(address))["donnees.json"]
        for client, status in (
            (site.lea, 403),
            (site.tom, 403),
            (site.roy, 403),
            (site.other_principal, 404),
        ):
            assert (await client.get(address)).status == status
        assert (await site.stranger.get(address)).status in {303, 401}
        assert (await site.stranger.get("/account/data.zip")).status in {303, 401}


async def token_of(client: Client, address: str) -> str:
    """Return the token of the forms of a page."""
    page = (await client.get(address)).data.decode()
    return page.partition('name="token" value="')[2].partition('"')[0]


async def test_erasing_says_what_stays_and_asks_to_be_sure(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        learner = await known(site)
        address = f"/staff/pupils/{learner}/erase"
        page = (await site.diaz.get(address)).data.decode()
        assert "Ce qui reste" in page
        assert "Léa" in page
        token = await token_of(site.diaz, address)
        unsure = await site.diaz.ask("POST", address, data={"token": token})
        assert unsure.status == 422
        done = await site.diaz.ask("POST", address, data={"token": token, "sure": "1"})
        assert (done.status, done.headers["Location"]) == (303, "/staff/privacy?done=erased")
        after = (await site.diaz.get("/staff/privacy?done=erased")).data.decode()
        assert "La personne est effacée" in after
        assert (await site.diaz.get(address)).status == 404


async def test_pages_of_personal_data_refuse_who_they_are_not_for(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        learner = await known(site)
        for path in ("/staff/privacy", "/staff/pupils/profiles", f"/staff/pupils/{learner}/erase"):
            for client in (site.lea, site.roy):
                assert (await client.get(path)).status == 403, path
            assert (await site.diaz.get(path)).status == 200, path
        assert (await site.other_principal.get(f"/staff/pupils/{learner}/erase")).status == 404


async def test_a_server_without_central_instance_says_that_no_profile_can_come(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        learner = await known(site)
        page = (await site.diaz.get("/staff/pupils/profiles")).data.decode()
        assert "relié à aucune instance centrale" in page
        token = await token_of(site.diaz, f"/staff/pupils/{learner}/erase")
        refused = await site.diaz.ask("POST", f"/staff/pupils/{learner}/profile", data={"token": token})
        assert refused.status == 409


async def test_a_pupils_page_leads_to_their_data(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        page = await shown(site, await known(site))
        assert "Rien n’est venu d’un autre établissement" in page
        assert "data.zip" in page
        assert "/account/data" in (await site.lea.get("/account")).data.decode()
        assert "Mes données" in (await site.lea.get("/account/data")).data.decode()


async def shown(site: Site, learner: str) -> str:
    """Return the page of a pupil as the principal sees it."""
    return (await site.diaz.get(f"/staff/pupils/{learner}")).data.decode()


async def test_what_another_organisation_knows_of_a_pupil_is_not_handed_over_here(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        await known(site)
        await played(site)
        here = await also_at_the_lycee(site, site.lea)
        files = opened(await site.other_principal.get(f"/staff/pupils/{here}/data.zip"))
        assert msgspec.json.decode(files["donnees.json"])["sittings"] == {}
        everything = b"".join(files.values())
        assert b"Moreau" in everything
        for theirs in (INE, "5B"):
            assert theirs.encode() not in everything, theirs


async def test_what_a_member_of_another_team_does_there_is_not_handed_over_here(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        campaign = await site.campaign()
        here = await also_at_the_lycee(site, site.roy)
        files = opened(await site.other_principal.get(f"/staff/pupils/{here}/data.zip"))
        assert "tables/memberships.csv" not in files
        assert str(campaign["id"]).encode() not in b"".join(files.values())


async def also_at_the_lycee(site: Site, client: Client) -> str:
    """Put somebody on the list of the second organisation too; return who they are there."""
    assert client.person is not None
    added = new_learner(OTHER, client.person, site.clock.now_ms())
    assert await site.kiosk.db.write(lambda tx: learners.add(tx, added))
    return added.id
