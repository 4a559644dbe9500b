"""Every field of a campaign, its limits, and the refusal that names it; who may make, change and own one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from campaign_kit import CAMPAIGNS, code_of, made

if TYPE_CHECKING:
    from kiosk_site import Site

COLLECTION: dict[str, Any] = {"name": "Profils", "kind": "collection"}
ASSESSMENT: dict[str, Any] = {"name": "Rentrée", "course": "toy"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**ASSESSMENT, "kind": "exam"}, "campaign.kind_required"),
        ({"name": "Rentrée"}, "campaign.course_required"),
        ({**COLLECTION, "course": "toy"}, "campaign.course_not_allowed"),
        ({**COLLECTION, "title": "Titre"}, "campaign.title_not_allowed"),
        ({**ASSESSMENT, "owner": "id-lea"}, "campaign.owner_not_member"),
        ({**ASSESSMENT, "owner": "id-garnier"}, "campaign.owner_not_member"),
        ({**ASSESSMENT, "external_label": "Numéro"}, "campaign.external_type_required"),
        ({**ASSESSMENT, "external_type": "text"}, "campaign.external_label_required"),
        ({**ASSESSMENT, "external_label": "x" * 256, "external_type": "text"}, "campaign.too_long"),
        ({**ASSESSMENT, "reset_allowed": True}, "campaign.reset_needs_multiple"),
        ({**COLLECTION, "multiple": True, "reset_allowed": True}, "campaign.reset_needs_multiple"),
        ({**ASSESSMENT, "course": "practice:2.1"}, "campaign.unknown_course"),
        ({**ASSESSMENT, "course": "custom:" + "0" * 32}, "campaign.unknown_course"),
    ],
)
async def test_each_rule_of_a_campaign_refuses_by_its_code(
    site: Site, body: dict[str, object], code: str
) -> None:
    assert await code_of(site.roy, CAMPAIGNS, body) == code


async def test_a_campaign_keeps_every_field_and_says_them_to_the_staff(site: Site) -> None:
    fields: dict[str, Any] = {
        "title": "Pour commencer",
        "text": "Bienvenue",
        "owner": "id-ines",
        "multiple": True,
        "reset_allowed": True,
        "external_label": "Numéro de candidat",
        "external_type": "email",
    }
    campaign = await made(site, **fields)
    assert {name: campaign[name] for name in fields} == fields
    assert (campaign["owner_name"], campaign["kind"]) == ("Inès Faure", "assessment")


async def test_a_collection_has_no_course_and_is_always_offered_several_sendings(site: Site) -> None:
    campaign = await made(site, kind="collection", multiple=True)
    assert (campaign["course"], campaign["kind"], campaign["multiple"]) == (None, "collection", True)


async def test_what_an_organisation_does_not_allow_is_refused(site: Site) -> None:
    await site.kiosk.db.write(
        lambda tx: tx.execute(
            "UPDATE organisations SET settings = ?",
            ('{"multiple_assessment": false, "external_ids": false}',),
        )
    )
    assert (
        await code_of(site.roy, CAMPAIGNS, {**ASSESSMENT, "multiple": True})
        == "campaign.multiple_not_allowed"
    )
    asks = {**ASSESSMENT, "external_label": "Numéro", "external_type": "text"}
    assert await code_of(site.roy, CAMPAIGNS, asks) == "campaign.external_not_allowed"
    assert (await site.roy.post(CAMPAIGNS, {**COLLECTION, "multiple": True})).status == 200


async def test_the_owner_and_the_principal_change_words_and_owner_and_nobody_else(site: Site) -> None:
    campaign = await made(site)
    at = f"{CAMPAIGNS}/{campaign['id']}"
    words = {"name": "Neuf", "title": "Titre", "text": "Texte", "owner": "id-ines"}
    assert (await site.ines.ask("PUT", at, json=words)).code == "campaign.not_owner"
    assert (await site.lea.ask("PUT", at, json=words)).code == "role.wrong"
    assert (await site.other_principal.ask("PUT", at, json=words)).code == "campaign.unknown"
    assert (await site.roy.ask("PUT", at, json=words)).body["campaign"]["owner"] == "id-ines"
    assert (await site.roy.ask("PUT", at, json=words)).code == "campaign.not_owner"
    kept = await site.diaz.ask("PUT", at, json={**words, "name": "Encore", "owner": ""})
    assert (kept.body["campaign"]["name"], kept.body["campaign"]["owner"]) == ("Encore", "id-ines")
    outsider = await site.diaz.ask("PUT", at, json={**words, "owner": "id-garnier"})
    assert outsider.code == "campaign.owner_not_member"


async def test_another_organisation_knows_nothing_of_a_campaign(site: Site) -> None:
    campaign = await made(site)
    at = f"{CAMPAIGNS}/{campaign['id']}"
    other = site.other_principal
    assert (await other.get(at)).code == "campaign.unknown"
    assert (await other.get(f"{CAMPAIGNS}?filter=all")).body["campaigns"] == []
    for act in ("archive", "unarchive"):
        assert await code_of(other, f"{at}/{act}") == "campaign.unknown"
    assert await code_of(other, f"{CAMPAIGNS}/delete", {"campaigns": [campaign["id"]], "sure": True}) == (
        "campaign.unknown"
    )
    for page in ("", "/settings", "/preview", "/code"):
        assert (await other.get(f"/staff/campaigns/{campaign['id']}{page}")).status == 404
