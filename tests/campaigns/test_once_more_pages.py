"""What the end page offers, and when: wait, take again, try again, start from nothing; nothing of it once archived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_kit import CAMPAIGNS, days_later, finished, join, made, sent

if TYPE_CHECKING:
    from kiosk_site import Client, Site

AGAIN, RETRY, RESET = "/again", "/retry", 'name="reset"'


async def end_of(client: Client, participation: str) -> str:
    reply = await client.get(f"/participations/{participation}/end")
    assert reply.status == 200
    return reply.data.decode().replace("\u202f", " ")


async def pressed(client: Client, path: str, **form: str) -> str:
    reply = await client.ask("POST", path, data=form, headers={"Origin": client.base})
    assert reply.status == 303, reply.data
    return reply.headers["Location"]


async def test_the_end_page_says_how_long_to_wait_then_offers_to_take_the_course_again(site: Site) -> None:
    _, first = await sent(site, multiple=True)
    early = await end_of(site.lea, first)
    assert "Possible dans 4 j et 0 h." in early
    assert f"{first}{AGAIN}" not in early
    await days_later(site, 4)
    later = await end_of(site.lea, first)
    assert f"{first}{AGAIN}" in later
    assert RESET not in later
    there = await pressed(site.lea, f"/participations/{first}{AGAIN}")
    assert there != f"/participations/{first}"
    assert "Une tentative plus récente" not in await end_of(site.lea, first), "it was sent: it says so"
    assert "tentative 2" in (await site.lea.get("/my-campaigns")).data.decode()


async def test_the_end_page_offers_a_start_from_nothing_only_where_the_campaign_allows_it(site: Site) -> None:
    _, first = await sent(site, answer="yes", multiple=True, reset_allowed=True)
    await days_later(site, 4)
    page = await end_of(site.lea, first)
    assert RESET in page
    there = await pressed(site.lea, f"/participations/{first}{AGAIN}", reset="yes")
    assert (await site.lea.get(there)).headers["Location"].endswith("/question")


async def test_a_course_not_sent_offers_to_try_again_once_something_may_be_asked(site: Site) -> None:
    campaign = await made(site)
    first = await join(site.lea, campaign)
    await finished(site.lea, first, "no")
    assert f"{first}{RETRY}" not in await end_of(site.lea, first)
    await days_later(site, 4)
    assert f"{first}{RETRY}" in await end_of(site.lea, first)
    await pressed(site.lea, f"/participations/{first}{RETRY}")
    assert "Une tentative plus récente" in await end_of(site.lea, first)


async def test_an_archived_campaign_offers_nothing_and_says_why_nothing_can_be_sent(site: Site) -> None:
    campaign = await made(site, multiple=True)
    first = await join(site.lea, campaign)
    await site.roy.post(f"{CAMPAIGNS}/{campaign['id']}/archive")
    await finished(site.lea, first, "no")
    await days_later(site, 4)
    page = await end_of(site.lea, first)
    assert "Cette campagne est archivée." in page
    assert 'name="consent"' not in page
    assert f"{first}{AGAIN}" not in page
    assert f"{first}{RETRY}" not in page


async def test_a_missing_identifier_is_asked_for_beside_its_field_and_what_was_typed_stays(
    site: Site,
) -> None:
    campaign = await made(site, external_label="Courriel du parent", external_type="email")
    page = (await site.lea.get(f"/code/{campaign['code']}")).data.decode()
    assert "Courriel du parent" in page
    reply = await site.lea.ask(
        "POST",
        f"/code/{campaign['code']}",
        data={"external_id": "sans arobase"},
        headers={"Origin": site.lea.base},
    )
    assert reply.status == 422
    assert 'value="sans arobase"' in reply.data.decode()
    assert "adresse e-mail" in reply.data.decode()
    assert (await site.lea.get("/api/v1/participations")).body["participations"] == []
