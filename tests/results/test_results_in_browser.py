"""Results pages in a real browser: nothing axe finds in any look, whole without script, and live when they should be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from page_browser import in_every_look, signed_in
from page_site import PASSWORD
from playwright.sync_api import Page, expect

from kiosk.actions.accounts import change_display, sign_in
from kiosk.people import Display

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from staff_room import Room

pytestmark = pytest.mark.journey

PAGES = (
    "/staff/campaigns/{id}",
    "/staff/campaigns/{id}?status=shared&q=benali",
    "/staff/campaigns/{id}/results",
    "/staff/campaigns/{id}/results?band=3",
    "/staff/campaigns/{id}/analysis",
    "/staff/campaigns/{id}/participations/{pid}",
    "/staff/campaigns/{id}/participations/{pid}/analysis",
    "/staff/campaigns/{id}/participations/{waiting}",
    "/staff/campaigns/{id}/participations/{pid}/delete",
    "/staff/attestations",
    "/staff/documentation",
    "/staff/documentation?campaign={id}",
    "/staff/documentation/courses/rentree-5e",
)


@pytest.fixture
def page(room: Room, browser: Browser) -> Iterator[Page]:
    """Give a page where the principal, who may see everything, is signed in."""
    context = signed_in(room.site, browser, room.principal.username or "")
    yield context.new_page()
    context.close()


def address(room: Room, page: Page, path: str) -> str:
    """Return the address of a page, with the participations it names."""
    known = {"id": room.campaign.id, "pid": "", "waiting": ""}
    if "pid" in path or "waiting" in path:
        page.goto(f"{room.site.url}/staff/campaigns/{room.campaign.id}")
        for name, who in (("pid", "Benali"), ("waiting", "Clément")):
            link = page.locator(f"#live-rows a:has-text('{who}')").first.get_attribute("href") or ""
            known[name] = link.rpartition("/")[2]
    return room.site.url + path.format(**known)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_fault_that_axe_finds_in_any_look(room: Room, page: Page, path: str) -> None:
    reply = page.goto(address(room, page, path))
    assert reply is not None
    assert reply.status == 200
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert in_every_look(page) == []


def test_every_page_says_all_it_has_to_without_script(room: Room, page: Page, browser: Browser) -> None:
    addresses = [address(room, page, path) for path in PAGES]
    state = page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state, locale="fr-FR")
    silent = context.new_page()
    for where in addresses:
        reply = silent.goto(where)
        assert reply is not None
        assert reply.status == 200
        expect(silent.locator("h1")).to_be_visible()
    silent.goto(addresses[0])
    expect(silent.locator("#live-rows tr")).to_have_count(3)
    silent.goto(addresses[4])
    silent.locator("summary").first.click()
    expect(silent.locator("details[open] a").first).to_be_visible()
    context.close()


def test_a_filtered_list_follows_its_own_lines_and_takes_in_no_other(room: Room, page: Page) -> None:
    made = room.new_campaign(room.teacher, "Suivi filtré")
    room.take(room.noe, 1, campaign=made)
    page.goto(f"{room.site.url}/staff/campaigns/{made.id}?q=bakary")
    expect(page.locator("#live-state")).to_have_text(re.compile("direct"))
    room.share(room.ines, room.take(room.ines, campaign=made))
    page.reload()
    expect(page.locator("#live-state")).to_have_text(re.compile("direct"))
    expect(page.locator("#live-rows tr")).to_have_count(1)
    expect(page.locator('[data-count="participants"]')).to_have_text("2")


def test_a_message_is_filled_with_the_campaign_chosen(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/documentation")
    page.locator("#campaign").select_option(room.campaign.id)
    page.get_by_role("button", name="Remplir").click()
    text = page.locator("#message-reminder").input_value()
    assert room.campaign.code in text
    assert room.site.url in text
    assert "[" not in text


def test_every_page_is_whole_in_english_too(room: Room, page: Page, browser: Browser) -> None:
    addresses = [address(room, page, path) for path in PAGES]
    jane = room.site.person("jane.austen", "principal", "Jane", "Austen")
    login, _ = room.site.run(sign_in(room.kiosk, "jane.austen", PASSWORD, "127.0.0.1"))
    room.site.run(change_display(room.kiosk, login, "en", Display()))
    context = signed_in(room.site, browser, jane.username or "")
    reader = context.new_page()
    for where in addresses:
        reader.goto(where)
        assert reader.locator("html").get_attribute("lang") == "en"
        words = reader.inner_text("main")
        assert not re.search(r"\b(results|documentation|staff|common)\.\w+\.", words)
        for french in ("Élèves", "Envoyé", "Afficher", "Maîtrise", "Sujet", "Classe "):
            assert french not in words
    context.close()
