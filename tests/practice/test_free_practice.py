"""Free practice: begin, go on, complete, improve after four days, start again after seven; it feeds the profile alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from campaign_kit import JOIN, code_of, days_later, finished, join, made
from kiosk_site import Pupil

if TYPE_CHECKING:
    from kiosk_site import Client, Site

COMPETENCES = "/api/v1/me/competences"


async def competence(client: Client, code: str = "2.1") -> dict[str, Any]:
    body = (await client.get(COMPETENCES)).body
    return next(one for one in body["competences"] if one["code"] == code)


async def begun(client: Client, code: str = "2.1", act: str = "begin") -> str:
    reply = await client.post(f"{COMPETENCES}/{code}/{act}")
    assert reply.status == 200, reply.body
    return str(reply.body["participation"]["id"])


async def test_a_practice_is_begun_once_gone_on_with_and_completed(site: Site) -> None:
    assert (await competence(site.lea))["status"] == "not_started"
    first = await begun(site.lea)
    assert await begun(site.lea) == first
    shown = await competence(site.lea)
    assert (shown["status"], shown["running"]) == ("started", first)
    assert await finished(site.lea, first) > 0
    shown = await competence(site.lea)
    assert (shown["status"], shown["running"], shown["points"] > 0) == ("completed", None, True)
    assert await code_of(site.lea, f"{COMPETENCES}/2.1/begin") == "practice.completed"


async def test_a_competence_without_questions_or_that_does_not_exist_is_not_practised(site: Site) -> None:
    assert (await competence(site.lea, "5.2"))["available"] is False
    for code in ("5.2", "9.9"):
        assert await code_of(site.lea, f"{COMPETENCES}/{code}/begin") == "practice.unknown"


async def test_a_completed_competence_is_improved_four_days_later_on_what_was_failed(site: Site) -> None:
    participation = await begun(site.lea)
    asked = await finished(site.lea, participation, "no")
    shown = await competence(site.lea)
    assert (shown["improve_in"], shown["reset_in"]) == (4, 7)
    refused = await site.lea.post(f"{COMPETENCES}/2.1/improve")
    assert (refused.code, refused.status) == ("practice.too_early", 409)
    await days_later(site, 4)
    again = await begun(site.lea, act="improve")
    assert again != participation
    assert await finished(site.lea, again, "yes") == asked + 1 or asked > 0
    assert (await competence(site.lea))["points"] > 0


async def test_a_competence_is_not_improved_before_it_is_completed_nor_when_nothing_is_left(
    site: Site,
) -> None:
    assert await code_of(site.lea, f"{COMPETENCES}/2.1/improve") == "practice.not_completed"
    await finished(site.lea, await begun(site.lea), "yes")
    await days_later(site, 4)
    assert await code_of(site.lea, f"{COMPETENCES}/2.1/improve") == "practice.nothing_left"


async def test_a_competence_is_started_again_from_nothing_seven_days_later(site: Site) -> None:
    assert await code_of(site.lea, f"{COMPETENCES}/2.1/reset") == "practice.nothing_to_forget"
    asked = await finished(site.lea, await begun(site.lea), "yes")
    assert await code_of(site.lea, f"{COMPETENCES}/2.1/reset") == "practice.too_early"
    await days_later(site, 7, -1)
    assert await code_of(site.lea, f"{COMPETENCES}/2.1/reset") == "practice.too_early"
    site.clock.pass_s(1)
    assert (await site.lea.post(f"{COMPETENCES}/2.1/reset")).status == 200
    shown = await competence(site.lea)
    assert (shown["status"], shown["points"], shown["level"]) == ("not_started", 0, 0)
    assert await finished(site.lea, await begun(site.lea), "yes") == asked


async def test_practice_feeds_campaigns_and_campaigns_feed_practice(site: Site) -> None:
    await finished(site.lea, await begun(site.lea), "yes")
    campaign = await join(site.lea, await made(site))
    assert (await site.lea.get(f"{JOIN}/{campaign}")).body["participation"]["progress"] > 0
    await finished(site.lea, campaign, "yes")
    assert (await competence(site.lea, "1.1"))["status"] == "started"
    assert await finished(site.lea, await begun(site.lea, "1.1")) == 0


async def test_a_practice_belongs_to_its_pupil_and_is_never_sent(site: Site) -> None:
    participation = await begun(site.lea)
    assert (await site.tom.get(f"{JOIN}/{participation}")).code == "participation.unknown"
    await finished(site.lea, participation)
    assert await code_of(site.lea, f"{JOIN}/{participation}/share", {"consent": True}) == "campaign.unknown"
    assert await code_of(site.lea, f"{JOIN}/{participation}/retry") == "participation.unknown"
    end = (await site.lea.get(f"/participations/{participation}/end")).data.decode()
    assert "Compétence terminée" in end
    assert 'name="consent"' not in end


async def test_a_practice_survives_a_page_that_is_reloaded(site: Site) -> None:
    participation = await begun(site.lea)
    pupil = await Pupil(site.lea, participation).take()
    assert (await pupil.answer("yes")).status == 200
    assert (await (await Pupil(site.lea, participation).take()).answer("yes")).status == 200


async def test_strangers_have_no_space(site: Site) -> None:
    for path in (COMPETENCES, "/api/v1/me/tutorials"):
        assert (await site.stranger.get(path)).code == "login.needed"
