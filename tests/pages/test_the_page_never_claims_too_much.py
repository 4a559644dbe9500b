"""The save chip says "on the server" of nothing the server did not take, and no refusal, portal or neighbour drops an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from page_bank import ALL
from page_browser import open_course, signed_in
from page_site import PASSWORD

if TYPE_CHECKING:
    from page_browser import NewPupil
    from page_site import Site
    from playwright.sync_api import Browser, Page, Route

    from kiosk.people import Person

pytestmark = pytest.mark.journey

_KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("preau", 1);
  opening.onsuccess = () => {
    const asking = opening.result.transaction("answers").objectStore("answers").getAll();
    asking.onsuccess = () => { resolve(asking.result); opening.result.close(); };
  };
})"""
_HELD = "() => Object.keys(sessionStorage).some((name) => name.startsWith('preau-epoch'))"
_QUESTION_2 = "() => document.getElementById('place').innerText.includes('2')"


def _kept(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(_KEPT)
    return found


def _chip(page: Page) -> str:
    return page.inner_text("#saved")


def _answer_cactus(page: Page) -> None:
    page.locator(".choice", has_text="cactus").click()
    page.click("#validate")


def test_an_answer_the_server_cannot_read_is_not_said_saved_and_can_be_sent_again(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, "single-choice"))

    def spoil(route: Route) -> None:
        sent = json.loads(route.request.post_data or "{}")
        route.continue_(post_data=json.dumps({**sent, "answer": "no such choice"}))

    page.route("**/answers", spoil)
    _answer_cactus(page)
    page.wait_for_selector("#refusal:not(:empty)")
    assert _chip(page) == "Pas encore enregistrée"
    assert _kept(page) == []
    page.unroute("**/answers")
    page.reload()
    page.wait_for_selector(".choice input:checked")
    page.click("#validate")
    page.wait_for_url("**/end")
    assert page.inner_text(".figure").startswith("100")


@pytest.mark.parametrize("status", [200, 400, 404, 409, 422])
def test_what_a_portal_says_in_place_of_the_server_drops_nothing(
    site: Site, teacher: Person, new_pupil: NewPupil, status: int
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, "single-choice"))
    page.wait_for_function(_HELD)
    page.route("**/answers", lambda route: route.fulfill(status=status, json={"login": "please"}), times=1)
    _answer_cactus(page)
    page.wait_for_url("**/end")
    assert page.inner_text(".figure").startswith("100")


def test_a_duplicated_tab_asks_before_it_takes_though_it_remembers_the_epoch(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    context = new_pupil()
    first = context.new_page()
    open_course(site, first, site.campaign(teacher, ALL))
    first.wait_for_function(_HELD)
    with context.expect_page() as opening:
        first.evaluate("() => { window.open(location.href); }")
    second = opening.value
    assert second.evaluate(_HELD), "the browser gave the second tab the memory of the first"
    second.wait_for_selector("#elsewhere:not([hidden])")
    first.click("#pass")
    first.wait_for_function(_QUESTION_2)


def test_a_tab_that_must_not_send_says_where_the_waiting_answer_is(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    context = new_pupil()
    first = context.new_page()
    open_course(site, first, site.campaign(teacher, "single-choice"))
    first.wait_for_function(_HELD)
    first.route("**/answers", lambda route: route.abort())
    _answer_cactus(first)
    first.wait_for_selector("#message .say.wait")
    second = context.new_page()
    second.goto(first.url)
    second.wait_for_selector("#elsewhere:not([hidden])")
    assert _chip(second) == "Sur cet ordinateur"
    second.click("#take-back")
    second.wait_for_url("**/end")
    assert second.inner_text(".figure").startswith("100")


def test_a_browser_that_keeps_nothing_says_so_and_still_sends(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    context = new_pupil()
    context.add_init_script(
        "Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page = context.new_page()
    open_course(site, page, site.campaign(teacher, "single-choice"))
    page.wait_for_function(_HELD)
    context.set_offline(offline=True)
    _answer_cactus(page)
    page.wait_for_selector("#message .say.wait")
    assert _chip(page) == "Pas encore enregistrée"
    assert "Gardez cette page ouverte" in page.inner_text("#message")
    context.set_offline(offline=False)
    page.wait_for_url("**/end")


def test_another_pupil_on_the_same_machine_neither_sends_nor_loses_what_waits(
    site: Site, teacher: Person, browser: Browser
) -> None:
    for username in ("partie", "arrivee"):
        site.person(username, "pupil", "Inès", "Benali")
    code = site.campaign(teacher, "single-choice")
    context = signed_in(site, browser, "partie")
    page = context.new_page()
    open_course(site, page, code)
    page.wait_for_function(_HELD)
    question = page.url
    context.clear_cookies()
    _answer_cactus(page)
    page.wait_for_selector("#sign-in:not([hidden])")
    for username, heading in (("arrivee", "h1"), ("partie", ".figure")):
        context.request.post(f"{site.url}/api/v1/login", data={"username": username, "password": PASSWORD})
        if username == "arrivee":
            page.click("#validate")
            page.wait_for_selector("#refusal:not(:empty)")
            assert _chip(page) == "Sur cet ordinateur"
            open_course(site, page, code)
            assert page.locator(".choice input:checked").count() == 0
            assert len(_kept(page)) == 1
            page.goto(site.url)
        else:
            page.goto(question)
            page.wait_for_url("**/end")
        page.wait_for_selector(heading)
    assert page.inner_text(".figure").startswith("100")
    context.close()


def test_a_script_that_cannot_be_fetched_only_delays_the_next_question(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, ALL))
    page.wait_for_function(_HELD)
    page.route("**/js/items/*.js", lambda route: route.abort(), times=3)
    page.click("#pass")
    page.wait_for_function(_QUESTION_2)
    page.wait_for_selector("body:not(.waiting)")
    assert page.is_visible("#pass")
