"""A pupil's own pages: the home, the rules before the first practice, tutorials kept, useful and recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from bank_kit import bank_of
from campaign_kit import finished, join, made, send
from kiosk_site import Site, open_site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk_site import Client, Reply


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path / "home") as opened:
        yield opened


async def text_of(client: Client, path: str) -> str:
    reply = await client.get(path)
    assert reply.status == 200, reply.headers
    return reply.data.decode()


async def posted(client: Client, path: str, **form: str) -> Reply:
    return await client.ask("POST", path, data=form, headers={"Origin": client.base})


async def test_the_home_calls_for_what_is_not_sent_and_gives_the_score(site: Site) -> None:
    participation = await join(site.lea, await made(site, title="Premier parcours"))
    assert "pas envoyé" not in await text_of(site.lea, "/")
    await finished(site.lea, participation)
    home = await text_of(site.lea, "/")
    assert "1 parcours est terminé et pas envoyé." in home
    assert "pix sur 1" in home
    assert "Premier parcours" in await text_of(site.lea, "/my-campaigns")


async def test_the_rules_of_the_game_come_before_the_first_practice_and_once(site: Site) -> None:
    begin = "/competences/2.1/begin"
    first = await posted(site.lea, begin)
    assert first.headers["Location"] == "/rules?next=/competences/2.1"
    assert "Les règles du jeu" in await text_of(site.lea, first.headers["Location"])
    understood = await posted(site.lea, "/rules", next="/competences/2.1")
    assert understood.headers["Location"] == "/competences/2.1"
    assert (await posted(site.lea, begin)).headers["Location"].startswith("/participations/")


async def test_the_rules_never_lead_elsewhere(site: Site) -> None:
    led = await posted(site.lea, "/rules", next="https://ailleurs.example/")
    assert led.headers["Location"] == "/"


async def test_a_practice_begun_is_offered_again_at_home(site: Site) -> None:
    await site.lea.post("/api/v1/me/competences/2.1/begin")
    assert "Compétences à reprendre" in await text_of(site.lea, "/")


@pytest.mark.parametrize(
    "path", ["/competences", "/competences/2.1", "/my-campaigns", "/tutorials", "/certifications", "/rules"]
)
async def test_each_room_is_open_to_whoever_is_signed_in_and_to_nobody_else(site: Site, path: str) -> None:
    assert (await site.lea.get(path)).status == 200
    assert (await site.roy.get(path)).status == 200
    assert (await site.stranger.get(path)).headers["Location"].startswith("/sign-in")


async def test_an_unknown_competence_has_no_page(site: Site) -> None:
    assert (await site.lea.get("/competences/9.9")).status == 404


async def test_the_preview_shows_the_pupils_page_and_starts_nothing(site: Site) -> None:
    campaign = await made(site, title="Vu d'avance", text="Bienvenue **à tous**")
    page = await text_of(site.roy, f"/staff/campaigns/{campaign['id']}/preview")
    assert "Vu d’avance" in page
    assert "<strong>à tous</strong>" in page
    assert 'aria-disabled="true"' in page
    shown = (await site.roy.get(f"/api/v1/campaigns/{campaign['id']}")).body["campaign"]
    assert shown["participants"] == 0


async def test_tutorials_are_kept_found_useful_and_recommended_from_failures(tmp_path: Path) -> None:
    async with open_site(tmp_path / "tutorials", bank=bank_of()) as site:
        name = next(iter(site.kiosk.banks.current.tutorials))
        at = f"/api/v1/me/tutorials/{name}"
        assert (await site.lea.ask("PUT", at, json={"saved": True, "useful": True})).status == 200
        kept = (await site.lea.get("/api/v1/me/tutorials")).body
        assert (kept["saved"], kept["useful"]) == ([name], [name])
        assert (await site.tom.get("/api/v1/me/tutorials")).body["saved"] == []
        assert "Tuto utile" in await text_of(site.lea, f"/tutorials/{name}")
        await posted(site.lea, f"/tutorials/{name}", saved="no", next="/tutorials")
        await finished(site.lea, await join(site.lea, await made(site, course="parcours")), None)
        after = (await site.lea.get("/api/v1/me/tutorials")).body
        assert (after["saved"], after["recommended"]) == ([], [name])
        unknown = await site.lea.ask("PUT", "/api/v1/me/tutorials/nope", json={"saved": True})
        assert unknown.code == "tutorial.unknown"


async def test_the_start_page_says_who_will_read_what(site: Site) -> None:
    campaign = await made(site)
    page = await text_of(site.lea, f"/code/{campaign['code']}")
    assert "Alice Roy les reçoit sujet par sujet" in page
    assert "Sans envoi, rien n’est transmis" in page


async def test_the_start_page_says_what_comes_next_once_begun_finished_and_sent(site: Site) -> None:
    campaign = await made(site)
    page = f"/code/{campaign['code']}"
    assert "Commencer<" in await text_of(site.lea, page)
    participation = await join(site.lea, campaign)
    assert "Reprendre<" in await text_of(site.lea, page)
    await finished(site.lea, participation)
    after = await text_of(site.lea, page)
    assert "Voir et envoyer<" in after
    assert "en une ou plusieurs fois" not in after
    await send(site.lea, participation)
    assert "Revoir<" in await text_of(site.lea, page)
