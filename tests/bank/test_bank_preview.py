"""The contact sheet: every item of the bank can be shown, filters keep what they say, and only this machine is answered."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from bank_kit import bank_of
from sealed_kit import certification_bank

from kiosk.bank_files import load_whole, starter_bank
from kiosk.preview.app import build_preview
from kiosk.preview.cards import Wish, chosen

Client = TestClient[Request, Application]


@pytest.fixture
async def starter() -> AsyncIterator[Client]:
    async with TestClient(TestServer(build_preview(load_whole(starter_bank())))) as client:
        yield client


async def text_of(client: Client, path: str, status: int = 200) -> str:
    reply = await client.get(path)
    assert reply.status == status, path
    return await reply.text()


async def test_a_page_of_each_kind_and_language_is_shown_with_its_expected_answers(starter: Client) -> None:
    for kind in ("single_choice", "simulator", "hand_back", "matching"):
        for lang, label in (("fr", "Réponse attendue"), ("en", "Expected answer")):
            page = await text_of(starter, f"/?kind={kind}&lang={lang}&seed=2&page=2")
            assert page.count(label) == 12
            assert f'lang="{lang}"' in page


async def test_an_item_is_shown_in_both_languages_on_two_seeds_with_its_files(starter: Client) -> None:
    page = await text_of(starter, "/items/accessibilite-documents-3-b")
    assert page.count('class="specimen') == 4
    address = page.split('class="file" href="')[1].split('"')[0].replace("&amp;", "&")
    reply = await starter.get(address)
    assert reply.status == 200
    assert reply.headers["Content-Disposition"].startswith("attachment")


async def test_tutorials_and_tools_are_shown(starter: Client) -> None:
    assert "<article" in await text_of(starter, "/tutorials/phrase-de-passe?lang=en")
    assert 'id="tool"' in await text_of(starter, "/simulators/mailbox?lang=en")


async def test_what_does_not_exist_is_not_found(starter: Client) -> None:
    for path in (
        "/items/aucun",
        "/tutorials/aucun",
        "/simulators/aucun",
        "/items/accessibilite-documents-3-b/documents/aucun.odt",
    ):
        await text_of(starter, path, 404)


async def test_a_stranger_s_name_for_this_machine_is_refused() -> None:
    async with TestClient(TestServer(build_preview(bank_of()))) as client:
        reply = await client.get("/", headers={"Host": "elsewhere.example:8090"})
        assert reply.status == 403
        assert "frame-src 'self'" in (await client.get("/")).headers["Content-Security-Policy"]


async def test_an_address_that_means_nothing_shows_everything() -> None:
    async with TestClient(TestServer(build_preview(bank_of()))) as client:
        page = await text_of(client, "/?kind=essay&level=x&lang=de&seed=9&page=-4")
        assert "1 question" in page


def test_filters_keep_what_they_say() -> None:
    bank = certification_bank()
    sealed = chosen(bank, Wish.read({"part": "certification", "competence": "1.1"}))
    assert {item.id for item in sealed} == {
        f"sujet-a-{half}-scelle{more}" for half in (0, 1) for more in ("", "-2")
    }
    assert len(chosen(bank, Wish.read({}))) == 128
    assert [item.id for item in chosen(bank, Wish.read({"words": "SUJET-B-1-OUVERT-2"}))] == [
        "sujet-b-1-ouvert-2"
    ]
