"""The page keeps every answer until the server has it: through reloads, cuts, restarts and second tabs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from page_bank import ALL, write_page_bank
from page_browser import open_course, signed_in
from page_site import running_site

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_READY = "body:not(.waiting)"


def _kept(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(_KEPT)
    return found


def _chip(page: Page) -> str:
    return page.inner_text("#saved")


@pytest.fixture
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start a server that the test may stop."""
    folder = tmp_path_factory.mktemp("own")
    with running_site(folder / "home", write_page_bank(folder / "bank")) as started:
        yield started


def test_an_acknowledged_answer_is_forgotten_here_and_the_next_question_takes_the_focus(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, ALL))
    first = page.inner_text("#instruction")
    page.click("#pass")
    page.wait_for_function("before => document.getElementById('instruction').innerText !== before", arg=first)
    page.wait_for_function("() => document.activeElement.id === 'instruction'")
    assert _kept(page) == []
    assert _chip(page) == "Sur le serveur"
    assert page.inner_text("#place") == "Question 2 sur 5"


def test_without_a_connection_the_answer_is_kept_said_so_and_sent_when_it_is_back(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    context = new_pupil()
    page = context.new_page()
    open_course(site, page, site.campaign(teacher, "single-choice"))
    page.wait_for_function("() => sessionStorage.length > 0")
    context.set_offline(offline=True)
    page.locator(".choice", has_text="cactus").click()
    page.click("#validate")
    page.wait_for_selector("#message .say.wait")
    assert "Connexion coupée" in page.inner_text("#message")
    assert _chip(page) == "Sur cet ordinateur"
    chosen = page.locator(".choice input:checked").get_attribute("value")
    assert [kept["answer"] for kept in _kept(page)] == [chosen]
    context.set_offline(offline=False)
    page.wait_for_url("**/end")
    assert page.inner_text(".figure").startswith("100")


def test_an_answer_whose_reply_was_lost_is_sent_again_under_the_same_key(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, ALL))
    keys: list[str] = []

    def lose_the_first_reply(route: Route) -> None:
        keys.append(json.loads(route.request.post_data or "{}")["key"])
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/answers", lose_the_first_reply)
    page.click("#pass")
    page.wait_for_function("() => document.getElementById('place').innerText.includes('2')")
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert _kept(page) == []


def test_an_answer_survives_a_reload_and_a_restart_of_the_server(own_site: Site, browser: Browser) -> None:
    teacher = own_site.person("prof", "teacher", "Anne", "Lemaire")
    own_site.person("eleve", "pupil", "Inès", "Benali")
    code = own_site.campaign(teacher, "single-choice")
    context = signed_in(own_site, browser, "eleve")
    page = context.new_page()
    open_course(own_site, page, code)
    page.wait_for_function("() => sessionStorage.length > 0")
    own_site.stop()
    page.locator(".choice", has_text="cactus").click()
    page.click("#validate")
    page.wait_for_selector("#message .say.wait")
    assert len(_kept(page)) == 1
    key = _kept(page)[0]["key"]
    page.route("**/answers", lambda route: route.abort())
    own_site.start()
    page.reload()
    page.wait_for_selector(_READY)
    page.wait_for_selector("#message .say.wait")
    assert [kept["key"] for kept in _kept(page)] == [key]
    assert _chip(page) == "Sur cet ordinateur"
    page.unroute("**/answers")
    page.wait_for_url("**/end")
    assert page.inner_text(".figure").startswith("100")
    context.close()


def test_what_is_typed_and_not_validated_survives_a_reload(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, "fill-blanks"))
    page.fill("input[aria-label=premier]", "un début")
    page.wait_for_timeout(0)
    page.reload()
    page.wait_for_selector(_READY)
    page.wait_for_function("() => document.querySelector('input[aria-label=premier]').value === 'un début'")


def test_a_second_tab_asks_before_it_takes_and_the_first_is_then_closed(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    context = new_pupil()
    first = context.new_page()
    open_course(site, first, site.campaign(teacher, ALL))
    first.wait_for_function("() => sessionStorage.length > 0")
    second = context.new_page()
    second.goto(first.url)
    second.wait_for_selector("#elsewhere:not([hidden])")
    assert first.is_hidden("#elsewhere")
    second.click("#take-back")
    second.wait_for_selector("#form:not([hidden])")
    first.wait_for_selector("#elsewhere:not([hidden])")
    second.click("#pass")
    second.wait_for_function("() => document.getElementById('place').innerText.includes('2')")


def test_another_machine_takes_over_and_the_old_page_says_so_at_its_next_answer(
    site: Site, teacher: Person, browser: Browser
) -> None:
    site.person("nomade", "pupil", "Inès", "Benali")
    code = site.campaign(teacher, ALL)
    old, new = signed_in(site, browser, "nomade"), signed_in(site, browser, "nomade")
    before = old.new_page()
    open_course(site, before, code)
    before.wait_for_function("() => sessionStorage.length > 0")
    after = new.new_page()
    after.goto(before.url)
    after.wait_for_function("() => sessionStorage.length > 0")
    before.click("#pass")
    before.wait_for_selector("#elsewhere:not([hidden])")
    assert len(_kept(before)) == 1, "the old page forgets nothing the server did not take"
    after.click("#pass")
    after.wait_for_function("() => document.getElementById('place').innerText.includes('2')")
    old.close()
    new.close()


def test_an_expired_login_keeps_the_answer_and_sends_it_after_signing_in(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    context = new_pupil()
    page = context.new_page()
    open_course(site, page, site.campaign(teacher, "single-choice"))
    page.wait_for_function("() => sessionStorage.length > 0")
    cookies = context.cookies()
    context.clear_cookies()
    page.locator(".choice", has_text="cactus").click()
    page.click("#validate")
    page.wait_for_selector("#sign-in:not([hidden])")
    assert len(_kept(page)) == 1
    context.add_cookies(cookies)  # type: ignore[arg-type]  # what cookies() gives is what add_cookies takes
    page.click("#sign-in a")
    page.wait_for_url("**/end")
    assert page.inner_text(".figure").startswith("100")
