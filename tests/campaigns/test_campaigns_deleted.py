"""Deleting campaigns and participations: who may, what goes, what stays, and that it cannot be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_kit import CAMPAIGNS, JOIN, code_of, finished, join, made, send, sent

from kiosk.store import people

if TYPE_CHECKING:
    from kiosk_site import Client, Reply, Site

DELETE = f"{CAMPAIGNS}/delete"


async def listed(client: Client) -> list[str]:
    found = (await client.get(f"{CAMPAIGNS}?filter=all")).body["campaigns"]
    return [str(row["id"]) for row in found]


async def deleted(client: Client, *campaigns: str, sure: bool = True) -> Reply:
    return await client.post(DELETE, {"campaigns": list(campaigns), "sure": sure})


async def test_a_teacher_deletes_their_own_and_the_principal_any_but_never_without_the_box(
    site: Site,
) -> None:
    mine, theirs = await made(site), await made(site, by=site.ines)
    assert (await deleted(site.roy, mine["id"], sure=False)).code == "campaign.not_confirmed"
    assert (await deleted(site.roy)).code == "campaign.none_chosen"
    assert (await deleted(site.roy, mine["id"], theirs["id"])).code == "campaign.delete_own_only"
    assert (await deleted(site.lea, mine["id"])).code == "role.wrong"
    assert sorted(await listed(site.roy)) == sorted([mine["id"], theirs["id"]]), "all or none"
    assert (await deleted(site.diaz, mine["id"], theirs["id"])).body == {"deleted": 2}
    assert await listed(site.roy) == []


async def test_everything_of_a_deleted_campaign_disappears_and_the_log_stays(site: Site) -> None:
    campaign, participation = await sent(site)
    records = site.kiosk.log.records
    await deleted(site.roy, campaign["id"])
    assert (await site.lea.get(JOIN)).body["participations"] == []
    assert await code_of(site.lea, JOIN, {"code": campaign["code"]}) == "campaign.unknown_code"
    assert (await site.roy.get(f"/staff/campaigns/{campaign['id']}")).status == 404
    assert (await site.lea.get(f"/participations/{participation}/end")).status == 404
    assert await code_of(site.roy, f"{CAMPAIGNS}/{campaign['id']}/unarchive") == "campaign.unknown"
    assert site.kiosk.log.records == records
    verdict = await site.kiosk.db.read(site.kiosk.log.check_tail)
    assert verdict.failures == []


async def test_deleting_a_participation_takes_all_of_that_learner_and_leaves_the_others(site: Site) -> None:
    campaign, first = await sent(site, multiple=True)
    tom = await join(site.tom, campaign)
    at = f"{CAMPAIGNS}/{campaign['id']}"
    for client, code in (
        (site.ines, "campaign.not_owner"),
        (site.lea, "role.wrong"),
        (site.other_principal, "campaign.unknown"),
    ):
        assert await code_of(client, f"{at}/participations/{first}/delete") == code
    assert (await site.roy.post(f"{at}/participations/{first}/delete")).body == {"deleted": 1}
    people_left = (await site.roy.get(f"{at}/activity")).body["participants"]
    assert [row["participation"] for row in people_left] == [tom]
    assert await code_of(site.roy, f"{at}/participations/{first}/delete") == "participation.unknown"


async def test_a_pupil_whose_participation_was_deleted_may_finish_but_neither_send_nor_join_again(
    site: Site,
) -> None:
    campaign = await made(site)
    participation = await join(site.lea, campaign)
    await site.roy.post(f"{CAMPAIGNS}/{campaign['id']}/participations/{participation}/delete")
    assert await finished(site.lea, participation) > 0
    end = await site.lea.get(f"/participations/{participation}/end")
    assert end.status == 200
    assert "a été supprimée" in end.data.decode()
    assert (
        await code_of(site.lea, f"{JOIN}/{participation}/share", {"consent": True}) == "participation.deleted"
    )
    assert await code_of(site.lea, JOIN, {"code": campaign["code"]}) == "participation.deleted"


async def test_what_a_pupil_learnt_stays_theirs_when_the_participation_goes(site: Site) -> None:
    campaign, participation = await sent(site, answer="yes")
    before = (await site.lea.get("/api/v1/me/competences")).body
    assert before["score"] > 0
    await site.roy.post(f"{CAMPAIGNS}/{campaign['id']}/participations/{participation}/delete")
    assert (await site.lea.get("/api/v1/me/competences")).body == before


async def test_an_archived_campaign_lets_pupils_finish_and_send_only_once_it_is_open_again(
    site: Site,
) -> None:
    campaign = await made(site)
    participation = await join(site.lea, campaign)
    at = f"{CAMPAIGNS}/{campaign['id']}"
    await site.roy.post(f"{at}/archive")
    assert await code_of(site.tom, JOIN, {"code": campaign["code"]}) == "campaign.archived"
    assert (await site.roy.ask("PUT", at, json={"name": "Neuf"})).code == "campaign.archived_edit"
    await finished(site.lea, participation)
    assert await code_of(site.lea, f"{JOIN}/{participation}/share", {"consent": True}) == "campaign.archived"
    await site.roy.post(f"{at}/unarchive")
    await send(site.lea, participation)


async def test_a_disabled_account_does_not_join(site: Site) -> None:
    campaign = await made(site)
    await site.kiosk.db.write(lambda tx: people.set_disabled(tx, "id-lea", disabled=True))
    reply = await site.lea.post(JOIN, {"code": campaign["code"]})
    assert (reply.status, reply.code) in {(403, "account.disabled"), (401, "login.needed")}
