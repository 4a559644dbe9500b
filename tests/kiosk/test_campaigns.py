"""Campaigns: who may make, see, change and archive them, and what a code opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.actions import campaigns
from kiosk.actions.campaigns import Words
from kiosk.codes import DIGITS, LETTERS, new_code, read_code, spaced
from kiosk.errors import Conflict, Forbidden

if TYPE_CHECKING:
    from kiosk_site import Site


async def test_a_campaign_gets_a_code_of_its_own_and_a_signed_record(site: Site) -> None:
    before = site.kiosk.log.records
    made = await site.campaign(name="Rentrée 5B", title="Premiers repères", text="Bonjour **à tous**")
    assert re.fullmatch(f"[{LETTERS}]{{6}}[{DIGITS}]{{3}}", made["code"])
    assert made["participants"] == 0
    assert made["owner_name"] == "Alice Roy"
    assert site.kiosk.log.records == before + 1


async def test_what_nobody_sees_is_left_out_of_the_words_of_a_campaign(site: Site) -> None:
    made = await site.campaign(name="\u202eRentrée\x00\u00a05B ", title="👩\u200d🏫", text="Un\n\nDeux\x07")
    assert (made["name"], made["title"], made["text"]) == ("Rentrée\u00a05B", "👩\u200d🏫", "Un\n\nDeux")


@given(st.text(alphabet=" -\u00a0", max_size=3))
def test_a_code_is_read_as_people_type_it(gap: str) -> None:
    code = new_code()
    assert read_code(gap.join(code.lower())) == code
    assert read_code(spaced(code)) == code


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"course": "toy", "name": " "}, 422, "name"),
        ({"course": "toy", "name": "\u200b\x00\u202e\u00a0"}, 422, "name"),
        ({"course": "toy", "name": "x" * 256}, 422, "name"),
        ({"course": "toy", "name": "x", "title": "x" * 51}, 422, "title"),
        ({"course": "toy", "name": "x", "text": "x" * 5001}, 422, "text"),
        ({"course": "nope", "name": "x"}, 422, "course"),
        ({"name": "x"}, 422, "course"),
    ],
)
async def test_a_campaign_that_breaks_a_rule_is_not_made(
    site: Site, body: dict[str, str], status: int, field: str
) -> None:
    refused = await site.roy.post("/api/v1/campaigns", body)
    assert (refused.status, refused.body["error"]["field"]) == (status, field)
    assert (await site.roy.get("/api/v1/campaigns?filter=all")).body["campaigns"] == []


async def test_pupils_and_strangers_make_and_read_no_campaign(site: Site) -> None:
    made = await site.campaign()
    for path in ("/api/v1/campaigns", "/api/v1/courses", f"/api/v1/campaigns/{made['id']}/activity"):
        assert (await site.lea.get(path)).code == "role.wrong"
        assert (await site.stranger.get(path)).code == "login.needed"
    assert (await site.lea.post("/api/v1/campaigns", {"name": "x", "course": "toy"})).status == 403


async def test_mine_are_mine_and_all_are_all(site: Site) -> None:
    made = await site.campaign()
    assert (await site.ines.get("/api/v1/campaigns")).body["campaigns"] == []
    listed = (await site.ines.get("/api/v1/campaigns?filter=all")).body["campaigns"]
    assert [row["id"] for row in listed] == [made["id"]]
    assert (await site.ines.get("/api/v1/campaigns?filter=none")).status == 400


async def test_only_the_owner_and_the_principal_archive(site: Site) -> None:
    made = await site.campaign()
    path = f"/api/v1/campaigns/{made['id']}"
    assert (await site.ines.post(f"{path}/archive")).code == "campaign.not_owner"
    assert (await site.roy.post(f"{path}/archive")).body["campaign"]["archived"] is True
    assert (await site.roy.get("/api/v1/campaigns?archived=1")).body["campaigns"][0]["id"] == made["id"]
    assert (await site.diaz.post(f"{path}/unarchive")).body["campaign"]["archived"] is False
    assert (await site.diaz.post("/api/v1/campaigns/nope/archive")).code == "campaign.unknown"


async def test_words_of_an_active_campaign_may_change_and_only_by_its_owner(site: Site) -> None:
    made = await site.campaign()
    roy, ines = site.roy.person, site.ines.person
    assert roy is not None
    assert ines is not None
    changed = await campaigns.update(site.kiosk, roy, made["id"], Words("Neuf", "T", "t"))
    assert (changed.name, changed.title, changed.text) == ("Neuf", "T", "t")
    with pytest.raises(Forbidden):
        await campaigns.update(site.kiosk, ines, made["id"], Words("Autre", "", ""))
    await site.roy.post(f"/api/v1/campaigns/{made['id']}/archive")
    with pytest.raises(Conflict):
        await campaigns.update(site.kiosk, roy, made["id"], Words("Autre", "", ""))


async def test_a_code_opens_the_landing_page_without_the_teachers_own_name_for_it(site: Site) -> None:
    made = await site.campaign(name="Classe difficile", text="Bonjour **tous** <script>x</script>")
    typed = spaced(made["code"]).lower()
    landing = (await site.lea.get(f"/api/v1/campaigns/by-code/{typed}")).body["campaign"]
    assert landing["participation"] is None
    assert "difficile" not in str(landing)
    assert "<strong>tous</strong>" in landing["text_html"]
    assert "<script" not in landing["text_html"]
    assert (await site.lea.get("/api/v1/campaigns/by-code/ZZZZZZ222")).code == "campaign.unknown_code"


async def test_joining_twice_gives_the_same_participation(site: Site) -> None:
    made = await site.campaign()
    first = await site.lea.post("/api/v1/participations", {"code": made["code"]})
    second = await site.lea.post("/api/v1/participations", {"code": made["code"].lower()})
    assert first.body == second.body
    assert len((await site.lea.get("/api/v1/participations")).body["participations"]) == 1


async def test_joining_is_refused_without_a_known_open_code_and_to_whoever_is_no_learner_there(
    site: Site,
) -> None:
    made = await site.campaign()
    join = "/api/v1/participations"
    assert (await site.lea.post(join, {"code": "ABCDEF234"})).code == "campaign.unknown_code"
    stranger_here = await site.other_principal.post(join, {"code": made["code"]})
    assert (stranger_here.status, stranger_here.code) == (409, "learner.unlinked")
    await site.roy.post(f"/api/v1/campaigns/{made['id']}/archive")
    refused = await site.lea.post(join, {"code": made["code"]})
    assert (refused.status, refused.code) == (409, "campaign.archived")
    assert (await site.roy.get(f"/api/v1/campaigns/{made['id']}")).body["campaign"]["participants"] == 0
