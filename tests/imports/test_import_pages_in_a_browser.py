"""The pages of imports in a real browser: from the file to the pupils, in every look, with and without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_browser import ARGUMENTS, CHROMIUM, in_every_look, signed_in
from page_site import Site, running_site
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright
from pupil_kit import siecle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.people import Person

pytestmark = pytest.mark.journey
SCHOOL = "0330001X"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("school")) as made:
        yield made


@pytest.fixture(scope="module")
def principal(site: Site) -> Person:
    return site.person("diaz", "principal", "Paul", "Diaz")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(site: Site, principal: Person, browser: Browser) -> Iterator[Page]:
    context = signed_in(site, browser, principal.username or "")
    yield context.new_page()
    context.close()


def give(page: Page, site: Site, data: bytes, name: str = "ExportXML_ElevesSansAdresses.xml") -> None:
    page.goto(f"{site.url}/staff/pupils/import")
    page.get_by_label("Fichier", exact=True).set_input_files(
        FilePayload(name=name, mimeType="text/xml", buffer=data)
    )
    page.get_by_role("button", name="Lire le fichier").click()


def test_a_file_is_followed_checked_and_confirmed(page: Page, site: Site) -> None:
    give(page, site, siecle(180, uai=SCHOOL))
    expect(page.get_by_role("heading", name="Ce qui va changer")).to_be_visible()
    page.get_by_role("link", name="Voir la liste Ajoutés").click()
    expect(page.get_by_role("row")).to_have_count(55)
    page.get_by_role("link", name="Page suivante").click()
    assert in_every_look(page) == []
    page.get_by_role("button", name="Confirmer l’import").click()
    expect(page.get_by_text("L’import est fait.")).to_be_visible()
    give(page, site, siecle(150, year=1, uai=SCHOOL))
    expect(page.get_by_role("row", name="Désactivés 30")).to_be_visible()
    page.get_by_role("link", name="Voir la liste Modifiés").click()
    expect(page.get_by_role("cell", name="classe").first).to_be_visible()
    assert in_every_look(page) == []
    page.get_by_role("button", name="Abandonner").click()
    expect(page.get_by_role("cell", name="Importé", exact=True)).to_be_visible()
    assert in_every_look(page) == []


def test_a_refused_file_says_where_and_what_to_do(page: Page, site: Site) -> None:
    data = (
        siecle(5, uai=SCHOOL)
        .replace(b"<CODE_SEXE>2</CODE_SEXE>", b"")
        .replace(b"0000000003D", b"0000000001B")
    )
    give(page, site, data)
    expect(page.get_by_role("heading", name="Personne n’est importé")).to_be_visible()
    expect(page.get_by_text("Le sexe manque ou n’est ni 1 ni 2.").first).to_be_visible()
    expect(page.get_by_text("Corrigez l’un des deux dans SIECLE")).to_be_visible()
    assert in_every_look(page) == []


def test_everything_works_without_script(site: Site, principal: Person, browser: Browser) -> None:
    known = signed_in(site, browser, principal.username or "")
    context = browser.new_context(
        java_script_enabled=False, storage_state=known.storage_state(), locale="fr-FR"
    )
    known.close()
    page = context.new_page()
    give(page, site, siecle(40, uai=SCHOOL))
    expect(page.get_by_role("button", name="Confirmer l’import")).to_be_visible(timeout=15_000)
    context.close()
