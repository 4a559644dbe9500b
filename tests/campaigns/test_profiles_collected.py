"""Collecting profiles: a snapshot with consent, signed, once or again with the same code, blind to what comes after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from campaign_kit import CAMPAIGNS, JOIN, code_of, finished, join, last_record, made

from exam.profile import profile
from kiosk.store import participations
from sync.records import ProfileShared

if TYPE_CHECKING:
    from kiosk_site import Client, Site

YES = {"consent": True}


async def profile_of(client: Client) -> tuple[int, list[tuple[str, int, int]]]:
    body = (await client.get("/api/v1/me/competences")).body
    return body["score"], [(one["code"], one["level"], one["points"]) for one in body["competences"]]


async def test_a_profile_is_sent_with_consent_as_it_is_now_and_what_comes_after_is_not(site: Site) -> None:
    await finished(site.lea, await join(site.lea, await made(site)), "yes")
    campaign = await made(site, kind="collection")
    participation = await join(site.lea, campaign)
    at = f"{JOIN}/{participation}/profile"
    assert await code_of(site.lea, at, {"consent": False}) == "share.no_consent"
    score, competences = await profile_of(site.lea)
    sent = (await site.lea.post(at, YES)).body
    assert (sent["score"], [tuple(one) for one in sent["competences"]]) == (score, competences)
    assert score > 0
    row = await site.kiosk.db.read(lambda conn: participations.by_id(conn, participation))
    assert row is not None
    assert (row.status, msgspec.json.decode(row.shared or "")) == ("shared", sent)


async def test_a_profile_is_worth_what_the_rules_say_of_the_skills_validated(site: Site) -> None:
    await finished(site.lea, await join(site.lea, await made(site)), "yes")
    bank = site.kiosk.banks.current
    everything = {skill for skill, items in bank.items_of_skill.items() if items}
    assert (await profile_of(site.lea))[0] == profile(bank, everything).score


async def test_sending_a_profile_signs_a_record_without_a_name(site: Site) -> None:
    participation = await join(site.lea, await made(site, kind="collection"))
    await site.lea.post(f"{JOIN}/{participation}/profile", YES)
    record = await last_record(site)
    said = msgspec.json.decode(bytes(record.body), type=ProfileShared)
    assert (record.type, said.participation, said.pupil, len(said.competences)) == (
        "profile.shared",
        participation,
        "id-lea",
        16,
    )
    assert b"Moreau" not in bytes(record.body)


async def test_a_profile_is_sent_again_with_the_same_code_only_where_several_sendings_are_allowed(
    site: Site,
) -> None:
    once, often = await made(site, kind="collection"), await made(site, kind="collection", multiple=True)
    first, second = await join(site.lea, once), await join(site.lea, often)
    for participation in (first, second):
        assert (await site.lea.post(f"{JOIN}/{participation}/profile", YES)).status == 200
        assert await code_of(site.lea, f"{JOIN}/{participation}/profile", YES) == "sitting.already_shared"
    assert await code_of(site.lea, f"{JOIN}/{first}/again") == "participation.not_multiple"
    again = (await site.lea.post(f"{JOIN}/{second}/again")).body["participation"]
    assert (again["attempt"], again["status"]) == (2, "to_share")
    assert await join(site.lea, often) == again["id"]
    assert (await site.lea.post(f"{JOIN}/{again['id']}/profile", YES)).status == 200


async def test_the_page_shows_what_was_sent_and_when_and_offers_to_send_again(site: Site) -> None:
    campaign = await made(site, kind="collection", multiple=True, text="Avant le conseil")
    participation = await join(site.lea, campaign)
    resumed = await site.lea.get(f"/participations/{participation}")
    assert resumed.headers["Location"] == f"/participations/{participation}/profile"
    before = (await site.lea.get(f"/participations/{participation}/profile")).data.decode()
    assert "Avant le conseil" in before
    assert 'name="consent"' in before
    await site.lea.post(f"{JOIN}/{participation}/profile", YES)
    after = (await site.lea.get(f"/participations/{participation}/profile")).data.decode()
    assert "Profil envoyé le" in after
    assert f"/participations/{participation}/again" in after


async def test_no_profile_is_sent_to_an_archived_campaign_by_staff_or_in_somebody_elses_name(
    site: Site,
) -> None:
    campaign = await made(site, kind="collection")
    mine, trial = await join(site.lea, campaign), await join(site.ines, campaign)
    assert await code_of(site.tom, f"{JOIN}/{mine}/profile", YES) == "participation.unknown"
    assert await code_of(site.ines, f"{JOIN}/{trial}/profile", YES) == "share.trial"
    await site.roy.post(f"{CAMPAIGNS}/{campaign['id']}/archive")
    assert await code_of(site.lea, f"{JOIN}/{mine}/profile", YES) == "campaign.archived"
    course = await join(site.lea, await made(site))
    assert await code_of(site.lea, f"{JOIN}/{course}/profile", YES) == "participation.unknown"
    assert await code_of(site.lea, f"{JOIN}/{mine}/share", YES) == "participation.unknown"
    assert (await site.lea.post(f"{JOIN}/{mine}/hold")).status == 404
