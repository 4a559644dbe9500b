"""The pages of planning in a real browser: from the form to the papers, in every look, by hand and without script."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from exam_site import authority, bundle
from page_browser import ARGUMENTS, CHROMIUM, in_every_look, signed_in
from page_site import Site, running_site
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sealed_kit import CODE

from kiosk.enrolment.candidates_file import candidates_sheet
from kiosk.store.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.people import Person

pytestmark = pytest.mark.journey
DAY = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011 - the day a browser's own form would be given


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("school")) as made:
        assert made.kiosk is not None
        made.kiosk.rooms.shelf.add(bundle().data, authority().public)
        made.person("lea", "pupil", "Léa", "Moreau")
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


def plan(page: Page, site: Site, room: str) -> None:
    """Plan a session by its form."""
    page.goto(f"{site.url}/staff/sessions/new")
    page.get_by_label("Salle").fill(room)
    page.get_by_label("Date", exact=True).fill(DAY)
    page.get_by_label("Surveillants").fill("Sophie Arnaud")
    page.get_by_label("N’admettre que les profils certifiables").uncheck()
    page.get_by_role("button", name="Planifier").click()
    expect(page.get_by_text("La session est planifiée.")).to_be_visible()


def enrol(page: Page) -> None:
    """Enrol a candidate by the form, from the page of a session."""
    page.get_by_role("link", name="Ajouter un candidat").click()
    page.get_by_label("Nom de naissance").fill("Benali")
    page.get_by_label("Prénom").fill("Inès")
    page.get_by_label("Date de naissance").fill("2012-03-14")
    page.get_by_label("Sexe").select_option("F")
    page.get_by_label("Code INSEE de la commune").fill("33039")
    page.get_by_label("Temps majoré").fill("33")
    page.get_by_role("button", name="Inscrire").click()
    expect(page.get_by_role("link", name="Benali Inès")).to_be_visible()


def test_a_session_goes_from_its_form_to_its_opening(site: Site, principal: Person, browser: Browser) -> None:
    context = signed_in(site, browser, principal.username or "")
    page = context.new_page()
    plan(page, site, "204")
    here = page.url.partition("?")[0]
    enrol(page)
    faults = in_every_look(page)
    for path in ("edit", "candidates/new", "pupils", "sheet", "ready", "remove"):
        page.goto(f"{here}/{path}")
        faults += in_every_look(page)
    for path in ("", "/new", "/import"):
        page.goto(f"{site.url}/staff/sessions{path}")
        faults += in_every_look(page)
    page.goto(f"{here}/ready")
    page.get_by_label("Code du jour").fill(CODE)
    page.get_by_role("button", name="Essayer").click()
    expect(page.get_by_text("On peut ouvrir.")).to_be_visible(timeout=30_000)
    faults += in_every_look(page)
    page.goto(here)
    page.get_by_label("Code du jour").fill(CODE)
    page.get_by_role("button", name="Ouvrir la session").click()
    expect(page.get_by_role("link", name="Voir la salle")).to_be_visible(timeout=30_000)
    faults += in_every_look(page)
    context.close()
    assert faults == []


def test_a_kit_is_printed_by_a_button(site: Site, principal: Person, browser: Browser) -> None:
    context = signed_in(site, browser, principal.username or "")
    page = context.new_page()
    plan(page, site, "207")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Kit du surveillant").click()
    assert caught.value.suggested_filename.startswith("kit-surveillant-")
    context.close()


def test_a_list_is_given_by_spreadsheet_without_script(
    site: Site, principal: Person, browser: Browser, tmp_path: Path
) -> None:
    known = signed_in(site, browser, principal.username or "")
    context = browser.new_context(
        java_script_enabled=False, storage_state=known.storage_state(), locale="fr-FR"
    )
    known.close()
    page = context.new_page()
    plan(page, site, "205")
    tom = Candidate(
        "c", "s", "Tom", "Nguyen", "2012-05-02", 0, sex="M", birth_city="Hué", birth_country="Vietnam"
    )
    file = tmp_path / "liste.ods"
    file.write_bytes(candidates_sheet("Session", [], [tom]))
    page.get_by_role("link", name="Par un tableur").click()
    page.get_by_label("Fichier", exact=True).set_input_files(file)
    page.get_by_role("button", name="Remplacer la liste").click()
    expect(page.get_by_text("La liste est remplacée")).to_be_visible()
    expect(page.get_by_role("link", name="Nguyen Tom")).to_be_visible()
    context.close()


def test_the_guides_are_readable_by_a_supervisor_without_account(site: Site, browser: Browser) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site.url}/guides/certification-surveillant")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Guide du surveillant : le jour de la certification"
    )
    assert in_every_look(page) == []
    context.close()
