"""What the pupil's screens do and refuse, asked as a browser without scripts would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kiosk_site import PASSWORD, Client, Pupil, Reply, Site, open_site

from kiosk.screens.forms import local_address

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path / "home") as opened:
        yield opened


async def _send(client: Client, path: str, **fields: str) -> Reply:
    return await client.ask("POST", path, data=fields, headers={"Origin": client.base})


def _text(reply: Reply) -> str:
    return reply.data.decode("utf-8")


async def _finished(site: Site, client: Client) -> str:
    page = await Pupil(client, await site.joined(client)).take()
    await page.finish()
    return page.id


@pytest.mark.parametrize(
    "hostile",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:1",
        "/a\nb",
        "",
        "/" + "a" * 2000,
    ],
)
def test_nobody_is_ever_sent_to_another_server(hostile: str) -> None:
    assert local_address(hostile) == "/"


async def test_signing_in_leads_where_the_person_was_heading(site: Site) -> None:
    asked = await site.stranger.get("/code/ABCDEF234")
    assert asked.status == 303
    assert asked.headers["Location"] == "/sign-in?next=/code/ABCDEF234"
    done = await _send(site.stranger, "/sign-in", username="lea", password=PASSWORD, next="/code/ABCDEF234")
    assert (done.status, done.headers["Location"]) == (303, "/code/ABCDEF234")


async def test_a_wrong_password_is_refused_in_words_and_the_name_is_kept(site: Site) -> None:
    refused = await _send(site.stranger, "/sign-in", username="lea", password="autre")
    assert refused.status == 401
    assert 'value="lea"' in _text(refused)
    assert "autre" not in _text(refused)


async def test_a_stranger_chooses_a_language_and_a_person_keeps_theirs(site: Site) -> None:
    await _send(site.stranger, "/language", lang="en", next="/sign-in")
    assert '<h1 class="huge">Sign in</h1>' in _text(await site.stranger.get("/sign-in"))
    await _send(site.lea, "/display", lang="en", theme="dark", face="dyslexic", size="large")
    elsewhere = await site.sign_in("lea")
    shown = _text(await elsewhere.get("/"))
    assert '<html lang="en" data-theme="dark" data-face="dyslexic" data-size="large">' in shown


async def test_an_unknown_wish_leaves_the_display_as_it_was(site: Site) -> None:
    await _send(site.lea, "/display", theme="pink")
    assert 'data-theme="light"' in _text(await site.lea.get("/"))


async def test_a_password_changes_only_when_typed_twice_alike(site: Site) -> None:
    new = "Trois-mots-nouveaux-9"
    refused = await _send(site.lea, "/password", current=PASSWORD, new=new, again="autre chose")
    assert refused.status == 422
    done = await _send(site.lea, "/password", current=PASSWORD, new=new, again=new)
    assert (done.status, done.headers["Location"]) == (303, "/")


async def test_staff_are_sent_where_they_work(site: Site) -> None:
    home = await site.roy.get("/")
    assert (home.status, home.headers["Location"]) == (303, "/staff")
    assert (await site.roy.get("/code")).status == 200  # to try a course, or as a learner elsewhere


async def test_a_code_opens_its_page_however_it_is_typed(site: Site) -> None:
    campaign = await site.campaign(title="Rentrée", text="Bonjour **à tous**. <script>x</script>")
    code = campaign["code"]
    sent = await _send(site.lea, "/code", code=f" {code[:3].lower()} {code[3:]} ")
    assert sent.headers["Location"] == f"/code/{code}"
    shown = _text(await site.lea.get(f"/code/{code}"))
    assert "<strong>à tous</strong>" in shown
    assert "<script>x" not in shown
    assert "Alice Roy" in shown


async def test_an_unknown_code_and_an_archived_campaign_are_refused_in_words(site: Site) -> None:
    assert (await _send(site.lea, "/code", code="ZZZZZZ999")).status == 404
    campaign = await site.campaign()
    await site.roy.post(f"/api/v1/campaigns/{campaign['id']}/archive")
    refused = await _send(site.lea, "/code", code=campaign["code"])
    assert refused.status == 409
    assert 'role="alert"' in _text(refused)


async def test_starting_opens_one_participation_and_finds_it_again(site: Site) -> None:
    code = (await site.campaign())["code"]
    first = await _send(site.lea, f"/code/{code}")
    again = await _send(site.lea, f"/code/{code}")
    assert first.headers["Location"] == again.headers["Location"]
    resumed = await site.lea.get(first.headers["Location"])
    assert resumed.headers["Location"] == first.headers["Location"] + "/question"


@pytest.mark.parametrize("page", ["", "/question", "/checkpoint", "/end", "/leave"])
async def test_another_pupil_s_participation_does_not_exist(site: Site, page: str) -> None:
    participation = await site.joined(site.lea)
    assert (await site.tom.get(f"/participations/{participation}{page}")).status == 404


async def test_a_checkpoint_shows_the_asked_five_and_refuses_nonsense(site: Site) -> None:
    page = await Pupil(site.lea, await site.joined(site.lea)).take()
    for _ in range(6):
        await page.answer(None)
    shown = _text(await site.lea.get(f"/participations/{page.id}/checkpoint?until=5"))
    assert shown.count('class="recap"') == 5
    assert (await site.lea.get(f"/participations/{page.id}/checkpoint?until=x")).status == 400


async def test_resuming_after_five_answers_leads_to_the_checkpoint(site: Site) -> None:
    page = await Pupil(site.lea, await site.joined(site.lea)).take()
    for _ in range(5):
        await page.answer(None)
    resumed = await site.lea.get(f"/participations/{page.id}")
    assert resumed.headers["Location"].endswith("/checkpoint")


async def test_results_are_sent_with_consent_and_once(site: Site) -> None:
    participation = await _finished(site, site.lea)
    address = f"/participations/{participation}"
    assert (await _send(site.lea, f"{address}/share")).status == 422
    assert 'name="consent"' in _text(await site.lea.get(f"{address}/end"))
    sent = await _send(site.lea, f"{address}/share", consent="yes")
    again = await _send(site.lea, f"{address}/share", consent="yes")
    assert (sent.status, again.status) == (303, 303)
    assert 'name="consent"' not in _text(await site.lea.get(f"{address}/end"))


async def test_a_form_from_another_site_changes_nothing(site: Site) -> None:
    foreign = await site.lea.ask("POST", "/sign-out", data={}, headers={"Origin": "https://evil.example"})
    assert foreign.status == 403
    assert (await site.lea.get("/account")).status == 200


async def test_signing_out_ends_the_login(site: Site) -> None:
    assert (await _send(site.lea, "/sign-out")).headers["Location"] == "/sign-in"
    assert (await site.lea.get("/account")).status == 303


async def test_every_page_carries_the_strict_headers(site: Site) -> None:
    for path in ("/sign-in", "/help", "/accessibility", "/nothing-here"):
        reply = await site.stranger.get(path)
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"], path
        assert reply.headers["Cache-Control"] == "no-store", path
