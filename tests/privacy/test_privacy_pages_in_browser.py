"""Pages of personal data in a real browser: accessible in every look, and an erasure without any script."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from page_browser import ARGUMENTS, CHROMIUM, in_every_look, signed_in
from page_site import Site, running_site
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.keys import Kiosk

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("privacy") / "home") as site:
        site.person("diaz", "principal", "Paul", "Diaz")
        site.person("lea", "pupil", "Léa", "Moreau")
        site.person("tom", "pupil", "Tom", "Nguyen")
        yield site


@pytest.fixture
def diaz(school: Site, browser: Browser) -> Iterator[BrowserContext]:
    context = signed_in(school, browser, "diaz")
    yield context
    context.close()


def learner(school: Site, username: str) -> str:
    """Return the id of a pupil's learner."""
    kiosk = school.kiosk
    assert kiosk is not None
    return school.run(_learner(kiosk, username))


async def _learner(kiosk: Kiosk, username: str) -> str:
    statement = "SELECT l.id FROM learners l JOIN people p ON p.id = l.person WHERE p.username = ?"
    return await kiosk.db.read(lambda conn: str(conn.execute(statement, (username,)).fetchone()[0]))


@pytest.mark.parametrize("page_name", ["/staff/privacy", "/staff/pupils/profiles", "pupil", "erase"])
def test_a_page_of_the_principal_is_accessible_in_every_look(
    school: Site, diaz: BrowserContext, page_name: str
) -> None:
    own = {
        "pupil": f"/staff/pupils/{learner(school, 'lea')}",
        "erase": f"/staff/pupils/{learner(school, 'lea')}/erase",
    }
    page = diaz.new_page()
    reply = page.goto(school.url + own.get(page_name, page_name))
    assert reply is not None
    assert reply.status == 200
    assert in_every_look(page) == []


def test_a_pupil_finds_and_takes_away_their_data(school: Site, browser: Browser, tmp_path: Path) -> None:
    context = signed_in(school, browser, "lea")
    page = context.new_page()
    page.goto(f"{school.url}/account")
    page.get_by_role("link", name="Mes données").click()
    assert in_every_look(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger mes données").click()
    saved = tmp_path / "data.zip"
    download.value.save_as(saved)
    with zipfile.ZipFile(saved) as archive:
        assert b"Moreau" in archive.read("donnees.json")
        assert b"Nguyen" not in archive.read("donnees.json")
        readable = tmp_path / "lisez-moi.html"
        readable.write_bytes(archive.read("lisez-moi.html"))
    page.goto(readable.as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Léa Moreau")
    context.close()


def test_a_principal_erases_a_pupil_without_any_script(school: Site, browser: Browser) -> None:
    cookies = signed_in(school, browser, "diaz")
    context = browser.new_context(
        java_script_enabled=False, locale="fr-FR", storage_state=cookies.storage_state()
    )
    page = context.new_page()
    page.goto(f"{school.url}/staff/pupils/{learner(school, 'tom')}")
    page.get_by_role("link", name="Effacer cette personne").click()
    page.locator("label.choice:has(input[name=sure])").click()
    page.get_by_role("button", name="Effacer cette personne").click()
    expect(page.get_by_role("status")).to_contain_text("La personne est effacée")
    page.goto(f"{school.url}/staff/pupils")
    expect(page.locator("main")).to_contain_text("Moreau")
    expect(page.locator("main")).not_to_contain_text("Nguyen")
    context.close()
    cookies.close()
