"""Pages of accounts and pupils in a real browser: without fault in any look, without script, and by a whole class."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest
from page_browser import ARGUMENTS, CHROMIUM, in_every_look, signed_in
from page_site import PASSWORD, running_site
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kiosk.store import credentials, learners
from kiosk.store.learners import Learner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from page_site import Site
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.journey
LONG = "Anne-Élisabeth-Marguerite"
CHOSEN = "Lune-velours-9"


def pupil(number: int, **fields: str) -> Learner:
    given = {"first_name": "Léa", "last_name": f"Élève {number:02}", "division": "5e B", **fields}
    known = {"id": f"{number:016x}", "organisation": "school", "created_ms": 0, "updated_ms": 0}
    made = {**known, "ine": f"{number:010}A", "birth_date": "2011-12-26", **given}
    return msgspec.convert(made, Learner)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("accounts")) as running:
        kiosk = running.kiosk
        assert kiosk is not None
        running.person("marc.delaunay", "principal", "Marc", "Delaunay")
        ines = running.person("ines.benali1403", "pupil", "Inès", "Benali")
        listed = [
            *(pupil(number) for number in range(1, 15)),
            pupil(20, last_name="Long" * 30, first_name=LONG, division="6e A"),
            pupil(21, first_name="Charles", last_name="Babbage", division="6e A"),
            pupil(22, first_name="Ada", last_name="Lovelace", division="6e A", birth_date="2011-12-10"),
        ]

        async def fill() -> None:
            for one in listed:
                await kiosk.db.write(lambda tx, one=one: learners.add(tx, one))  # type: ignore[misc] # mypy cannot infer a lambda with a default
            await kiosk.db.write(lambda tx: credentials.set_email(tx, ines.id, "ines@example.org"))

        running.run(fill())
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """Give a page where the principal is signed in."""
    context = signed_in(site, browser, "marc.delaunay")
    yield context.new_page()
    context.close()


def without_script(site: Site, browser: Browser, username: str) -> BrowserContext:
    """Return a browser that runs no script, signed in."""
    context = signed_in(site, browser, username)
    cookies = context.cookies()
    context.close()
    plain = browser.new_context(java_script_enabled=False, locale="fr-FR")
    plain.add_cookies(cookies)  # type: ignore[arg-type]  # what cookies() gives is what add_cookies() takes
    return plain


STAFF = (
    "/staff/pupils",
    "/staff/pupils?last=zzz",
    "/staff/pupils?group=5e+B&size=10&page=2",
    "/staff/pupils/0000000000000001",
    "/staff/pupils/0000000000000014",
    "/staff/pupils/accounts",
    "/staff/pupils/requests",
    "/account/sign-in",
    "/reconcile?next=/code/ABC",
)
ANYONE = ("/sign-in", "/sign-in?next=/code/ABC", "/register?next=/code/ABC", "/forgotten", "/leaving")


@pytest.mark.parametrize("path", STAFF)
def test_no_page_has_a_fault_that_axe_finds_in_any_look(site: Site, page: Page, path: str) -> None:
    assert page.goto(site.url + path) is not None
    assert in_every_look(page) == []


@pytest.mark.parametrize("path", ANYONE)
def test_no_page_for_anyone_has_a_fault_either(site: Site, browser: Browser, path: str) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(site.url + path)
    assert in_every_look(page) == []
    context.close()


def test_a_pupil_makes_their_account_without_script_from_a_code(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site.url}/sign-in?next=/code/ABCDEF234")
    page.get_by_role("link", name="Créer mon compte").click()
    page.get_by_label("Prénom").fill("charles")
    page.get_by_label("Nom", exact=True).fill("BABAGE")
    page.get_by_label("Date de naissance").fill("26/12/2011")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choisissez comment vous connecter")
    assert "charles.babage2612" in (page.text_content("main") or "")
    page.get_by_label("Mot de passe", exact=True).fill(CHOSEN)
    page.get_by_label("Mot de passe, encore une fois").fill(CHOSEN)
    page.get_by_role("button", name="Créer mon compte").click()
    page.goto(f"{site.url}/account")
    expect(page.get_by_role("heading", level=1)).to_contain_text("charles")
    context.close()


def test_the_form_of_a_refused_account_has_no_fault(site: Site, browser: Browser) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site.url}/register?next=/")
    page.get_by_label("Prénom").fill("Ada")
    page.get_by_label("Nom", exact=True).fill("Lovelace")
    page.get_by_label("Date de naissance").fill("10/12/2011")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Mot de passe", exact=True).fill("court")
    page.get_by_label("Mot de passe, encore une fois").fill("court")
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.locator("#new-error")).to_contain_text("une majuscule")
    assert in_every_look(page) == []
    context.close()


def test_slips_are_made_and_printed_ten_a_sheet_without_script(site: Site, browser: Browser) -> None:
    context = without_script(site, browser, "marc.delaunay")
    page = context.new_page()
    page.goto(f"{site.url}/staff/pupils")
    page.get_by_role("link", name="Créer les").click()
    page.get_by_role("button", name="Créer les comptes de 5e B").click()
    expect(page.get_by_role("status").first).to_contain_text("mots de passe à usage unique viennent")
    page.get_by_role("link", name="Imprimer les billets").click()
    assert page.locator(".slipsheet").count() == 2
    assert page.locator(".slipsheet").first.locator(".slip").count() == 10
    assert re.search(r"[a-hjkmnp-z]{6}\d\d", page.locator(".slip kbd").nth(1).inner_text())
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2
    context.close()


def test_what_is_handed_over_and_its_slips_have_no_fault(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/staff/pupils?last=benali")
    page.get_by_label("Cocher Inès Benali").check()
    page.get_by_role("button", name="Réinitialiser les mots de passe").click()
    assert in_every_look(page) == []
    page.get_by_role("button", name="Réinitialiser 1 mot de passe").click()
    assert in_every_look(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le fichier CSV").click()
    assert download.value.suggested_filename.startswith("mots-de-passe-")
    page.get_by_role("link", name="Imprimer les billets").click()
    assert in_every_look(page) == []


def test_one_pupils_account_is_managed_by_keyboard_and_shown_once(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/staff/pupils?last=benali")
    page.get_by_role("link", name="Gérer le compte de Inès Benali").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Réinitialiser le mot de passe").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#made-password")).to_have_text(re.compile(r"[a-hjkmnp-z]{6}\d\d"))
    assert in_every_look(page) == []
    page.get_by_role("button", name="Donner un lien").click()
    expect(page.locator("#made-link")).to_contain_text("/recover?c=")
    assert in_every_look(page) == []
    link = page.locator("#made-link").inner_text()
    fresh = page.context.browser.new_context(locale="fr-FR")  # type: ignore[union-attr]  # a page of a browser
    own = fresh.new_page()
    own.goto(link)
    assert in_every_look(own) == []
    own.get_by_label("Votre adresse e-mail").fill("ines.benali@example.org")
    own.get_by_label("Nouveau mot de passe", exact=True).fill(PASSWORD)
    own.get_by_label("Nouveau mot de passe, encore une fois").fill(PASSWORD)
    own.get_by_role("button", name="Garder ces réglages").click()
    expect(own.get_by_role("link", name="Inès Benali")).to_be_visible()
    fresh.close()


def test_pages_ask_nothing_of_any_other_server(site: Site, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in STAFF:
        page.goto(site.url + path)
    assert [url for url in asked if not url.startswith(site.url + "/")] == []


ENGLISH_LEFT = ("Élèves", "Classe", "Réinitialiser", "Mot de passe", "Identifiant")


def test_pages_are_complete_in_english(site: Site, browser: Browser) -> None:
    site.person("jane.austen", "principal", "Jane", "Austen")
    context = signed_in(site, browser, "jane.austen")
    context.request.put(f"{site.url}/api/v1/me/display", data={"lang": "en"})
    page = context.new_page()
    for path in STAFF:
        page.goto(site.url + path)
        text = page.inner_text("main")
        assert not re.findall(r"\b(?:pupils|accounts|errors)\.[a-z_]+", text)
        assert [word for word in ENGLISH_LEFT if word in text] == [], path
    context.close()
