"""The team's pages in a real browser: in every look, without script, and a newcomer's whole way in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from page_browser import ARGUMENTS, CHROMIUM, in_every_look, signed_in
from page_site import Site, running_site
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kiosk import setup_code
from kiosk.actions.accounts import NewPerson, add_account
from kiosk.organisations import Organisation, Settings
from kiosk.store import memberships, organisations, places
from kiosk.store.places import Lot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.keys import Kiosk

pytestmark = pytest.mark.journey
LYCEE = Organisation("lycee", "school", "0330002Y", "Lycée des Marronniers", "siecle", Settings(), 1)
PAGES = (
    "/staff/team",
    "/staff/team/leave",
    "/staff/team/invitations",
    "/staff/organisation",
    "/staff/places",
    "/staff/welcome",
    "/terms",
    "/account",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start a server with two organisations, one principal of both, and a place too few."""
    with running_site(tmp_path_factory.mktemp("team") / "home") as site:
        diaz = site.person("diaz", "principal", "Paul", "Diaz")
        site.person("roy", "teacher", "Alice", "Roy")
        kiosk = kiosk_of(site)
        site.run(write(kiosk, diaz.id))
        yield site


async def write(kiosk: Kiosk, principal: str) -> None:
    await kiosk.db.write(lambda tx: organisations.add(tx, LYCEE))
    await kiosk.db.write(lambda tx: memberships.add(tx, LYCEE.id, principal, "admin", 1 << 50))
    await kiosk.db.write(lambda tx: places.add(tx, Lot(0, "school", 300, 0, None, "Académie")))


def kiosk_of(site: Site) -> Kiosk:
    assert site.kiosk is not None
    return site.kiosk


@pytest.fixture
def diaz(school: Site, browser: Browser) -> Iterator[BrowserContext]:
    context = signed_in(school, browser, "diaz")
    yield context
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_in_every_look(school: Site, diaz: BrowserContext, path: str) -> None:
    page = diaz.new_page()
    page.goto(school.url + path)
    assert in_every_look(page) == []


def invite(school: Site, page: Page, emails: str = "") -> str:
    """Invite by the page and return the link it shows."""
    page.goto(f"{school.url}/staff/team/invitations")
    page.fill("#emails", emails)
    page.click("main form button.do")
    found = re.search(r"http://\S+/invitation/[\w-]+", page.inner_text("main"))
    assert found is not None
    return found[0]


def test_invitations_handed_over_are_accessible_in_every_look(school: Site, diaz: BrowserContext) -> None:
    page = diaz.new_page()
    invite(school, page, "claire.lemaire@ecole.fr, karim.saidi@ecole.fr")
    assert in_every_look(page) == []


def test_what_an_invitation_opens_is_accessible_in_every_look(
    school: Site, diaz: BrowserContext, browser: Browser
) -> None:
    link = invite(school, diaz.new_page())
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(link)
    assert in_every_look(page) == []
    page.click("button.do")
    assert in_every_look(page) == []  # the same with everything it refuses
    context.close()


def test_the_page_of_a_colleague_is_accessible_in_every_look(school: Site, diaz: BrowserContext) -> None:
    page = diaz.new_page()
    page.goto(f"{school.url}/staff/team")
    page.get_by_label("Gérer Alice Roy").click()
    assert in_every_look(page) == []


def test_the_menu_of_organisations_is_accessible_in_every_look(school: Site, diaz: BrowserContext) -> None:
    page = diaz.new_page()
    page.goto(f"{school.url}/staff")
    page.click("details.menu summary")
    assert in_every_look(page) == []


def test_the_first_administrators_page_is_accessible_in_every_look(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    with running_site(tmp_path_factory.mktemp("first") / "home") as site:
        context = browser.new_context(locale="fr-FR")
        page = context.new_page()
        page.goto(f"{site.url}/sign-in")
        page.click("a[href='/first-run']")
        assert in_every_look(page) == []
        page.fill("#code", setup_code.load_or_make(site.home))
        for name, value in {
            "uai": "0330001X",
            "first_name": "Paul",
            "last_name": "Diaz",
            "username": "paul.diaz",
            "password": "Chemin-de-halage-7",
            "again": "Chemin-de-halage-7",
        }.items():
            page.fill(f"#{name}", value)
        page.click("button.do")
        expect(page).to_have_url(re.compile("/terms"))
        context.close()


def test_without_script_one_switches_invites_comes_in_and_accepts_the_terms(
    school: Site, browser: Browser
) -> None:
    site_person, _ = school.run(
        add_account(
            kiosk_of(school),
            NewPerson("chef", "Anne", "Chef", "principal", terms=True),
            "Chemin-de-halage-7",
        )
    )
    assert site_person.role == "principal"
    scriptless = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = scriptless.new_page()
    page.goto(f"{school.url}/sign-in")
    page.fill("#username", "chef")
    page.fill("#password", "Chemin-de-halage-7")
    page.click("button.do")
    link = invite(school, page)
    scriptless.close()

    newcomer = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = newcomer.new_page()
    page.goto(link)
    for name, value in {
        "first_name": "Max",
        "last_name": "Moulin",
        "username": "max.moulin",
        "password": "Bateau-sur-l-eau-4",
        "again": "Bateau-sur-l-eau-4",
    }.items():
        page.fill(f"#{name}", value)
    page.click("button.do")
    expect(page).to_have_url(re.compile("/terms"))
    page.check("input[name=accept]")
    page.click("button.do")
    expect(page).to_have_url(f"{school.url}/staff/welcome")
    page.click("main a.do")
    expect(page).to_have_url(f"{school.url}/staff/campaigns/new")
    newcomer.close()


def test_without_script_one_chooses_another_organisation_from_the_menu(
    school: Site, browser: Browser
) -> None:
    context = signed_in(school, browser, "diaz")
    cookies = context.cookies()
    context.close()
    scriptless = browser.new_context(locale="fr-FR", java_script_enabled=False)
    scriptless.add_cookies(cookies)  # type: ignore[arg-type] # what one context gave, another takes
    page = scriptless.new_page()
    page.goto(f"{school.url}/staff/team")
    page.click("details.menu summary")
    page.click("details.menu button:has-text('Marronniers')")
    expect(page).to_have_url(re.compile("/terms"))
    expect(page.locator(".where")).to_contain_text("Marronniers")
    scriptless.close()
