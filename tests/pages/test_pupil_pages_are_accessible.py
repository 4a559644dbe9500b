"""Axe finds nothing to say on any page a pupil sees, in every theme and on both sizes of screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_bank import ALL, KINDS
from page_browser import in_every_look, open_course

if TYPE_CHECKING:
    from page_browser import NewPupil
    from page_site import Site
    from playwright.sync_api import Browser, Page

    from kiosk.people import Person

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("path", ["/sign-in", "/help", "/accessibility", "/nothing-here"])
def test_a_page_for_anyone_is_accessible(site: Site, browser: Browser, path: str) -> None:
    page = browser.new_page(locale="fr-FR")
    page.goto(site.url + path)
    assert in_every_look(page) == []
    page.close()


def test_a_refused_sign_in_is_accessible_and_keeps_what_was_typed(site: Site, browser: Browser) -> None:
    page = browser.new_page(locale="fr-FR")
    page.goto(site.url + "/sign-in")
    page.fill("#username", "personne")
    page.fill("#password", "inconnu")
    page.click("main button")
    assert page.locator("[role=alert]").count() == 1
    assert page.input_value("#username") == "personne"
    assert in_every_look(page) == []
    page.close()


@pytest.mark.parametrize(
    "path", ["/", "/code", "/display", "/account", "/password", "/tutorials/lecon-number"]
)
def test_a_page_of_one_s_own_is_accessible(site: Site, new_pupil: NewPupil, path: str) -> None:
    page = new_pupil().new_page()
    page.goto(site.url + path)
    assert in_every_look(page) == []


def test_an_unknown_code_is_refused_in_words_on_the_same_page(site: Site, new_pupil: NewPupil) -> None:
    page = new_pupil().new_page()
    page.goto(site.url + "/code")
    page.fill("#code", "zzz 999 zzz")
    page.click("main button")
    assert page.locator("[role=alert]").inner_text() != ""
    assert page.input_value("#code") == "zzz 999 zzz"
    assert in_every_look(page) == []


@pytest.mark.parametrize("kind", [*KINDS, "timed"])
def test_a_question_of_each_kind_is_accessible(
    site: Site, teacher: Person, new_pupil: NewPupil, kind: str
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, kind.replace("_", "-")))
    assert in_every_look(page) == []
    if kind == "single_choice":
        page.click("#report-open")
        assert in_every_look(page) == []


def _pass_until_it_leaves(page: Page) -> None:
    while "/question" in page.url:
        before = page.inner_text("#instruction")
        page.click("#pass")
        page.wait_for_function(
            "before => !location.pathname.endsWith('/question') || document.getElementById('instruction').innerText !== before",
            arg=before,
        )
    page.wait_for_load_state()


def test_checkpoint_end_and_what_follows_are_accessible(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    code = site.campaign(teacher, ALL, "Rentrée 5e : repères", "Bonjour **à toutes** et à tous.")
    page.goto(f"{site.url}/code/{code}")
    assert in_every_look(page) == []
    open_course(site, page, code)
    _pass_until_it_leaves(page)
    assert page.url.endswith("/checkpoint")
    assert in_every_look(page) == []
    page.click("#leave, a[href$='/leave']")
    assert in_every_look(page) == []
    page.goto(site.url + "/")
    assert in_every_look(page) == []
    page.click("main .sheet a.do")
    assert page.url.endswith("/checkpoint")
    page.click("a.do.big")
    page.wait_for_selector("body:not(.waiting)")
    _pass_until_it_leaves(page)
    assert page.url.endswith("/end")
    assert in_every_look(page) == []
    page.click("aside button.do")
    assert page.locator("aside .say.ok").count() == 1
    assert in_every_look(page) == []
    page.goto(site.url + "/")
    assert in_every_look(page) == []
