"""A tool in its frame: validated, reloaded, used by keyboard alone, and shut off from the page and the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_tools import choose, opened, press, result

if TYPE_CHECKING:
    from page_site import Site
    from playwright.sync_api import BrowserContext, Page

    from kiosk.people import Person

pytestmark = pytest.mark.journey


def test_nothing_can_be_validated_before_something_is_done(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, tools_owner, tools_pupil, "permissions")
    assert page.get_attribute("#validate", "aria-disabled") == "true"
    page.click("#pass")
    page.wait_for_url("**/end")


def test_a_reload_finds_the_tool_as_it_was_left(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext
) -> None:
    page, tool = opened(tools_site, tools_owner, tools_pupil, "calendar")
    press(tool, "Nouvel événement")
    choose(tool, "Début", "14:00")
    tool.get_by_label("Tom").check()
    press(tool, "Partage des agendas")
    choose(tool, "Droits de Tom", "voir tous les détails")
    page.wait_for_selector("#validate[aria-disabled=false]")
    page.reload()
    tool.locator("#tool *").first.wait_for()
    page.wait_for_selector("#validate[aria-disabled=false]")
    assert result(page).startswith("100")


def _tab_to(page: Page, key: str) -> None:
    """Press Tab until the control of that key has the keyboard, in the frame or on the page."""
    frame = page.frames[1]
    for _ in range(60):
        if frame.evaluate("key => document.hasFocus() && document.activeElement.dataset.k === key", key):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{key} is not reached by Tab")


def _validate_by_keyboard(page: Page) -> None:
    page.wait_for_selector("#validate[aria-disabled=false]")
    for _ in range(60):
        if page.evaluate("() => document.activeElement.id === 'validate'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/end")


def test_a_message_is_reported_with_the_keyboard_alone(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext
) -> None:
    page, tool = opened(tools_site, tools_owner, tools_pupil, "whole")
    _tab_to(page, "m-m2")
    page.keyboard.press("Enter")
    _tab_to(page, "report")
    page.keyboard.press("Space")
    assert tool.locator("#news").inner_text() == "Message signalé."
    _validate_by_keyboard(page)
    assert page.inner_text(".figure").startswith("100")


def test_a_program_is_written_with_the_keyboard_alone(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, tools_owner, tools_pupil, "blocks")
    _tab_to(page, "add-repeat")
    page.keyboard.press("Enter")
    _tab_to(page, "add-move")
    page.keyboard.press("Enter")
    _tab_to(page, "times-0")
    page.keyboard.type("4")
    _validate_by_keyboard(page)
    assert page.inner_text(".figure").startswith("100")


def test_a_sheet_is_walked_and_filled_with_the_keyboard_alone(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, tools_owner, tools_pupil, "spreadsheet")
    _tab_to(page, "c-A1")
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type("=SUM(B2:B3)")
    page.keyboard.press("Enter")
    _validate_by_keyboard(page)
    assert page.inner_text(".figure").startswith("100")


def test_the_frame_has_no_origin_no_network_and_no_way_to_the_page(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, tools_owner, tools_pupil, "terminal")
    frame = page.frames[1]
    assert frame.evaluate("() => origin") == "null"
    assert frame.evaluate("() => fetch('/api/v1/me').then(() => 'sent', () => 'refused')") == "refused"
    assert (
        frame.evaluate("() => { try { return String(parent.document) } catch { return 'refused' } }")
        == "refused"
    )


def test_what_a_frame_says_that_is_no_short_text_is_left_aside(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, tools_owner, tools_pupil, "files")
    page.frames[1].evaluate(
        "() => parent.postMessage({type: 'changes', changes: {'file.f1.in': {deep: 1}}}, '*')"
    )
    page.frames[1].evaluate("() => new Promise(soon => setTimeout(soon))")
    assert page.get_attribute("#validate", "aria-disabled") == "true"
    page.frames[1].evaluate(
        "() => parent.postMessage({type: 'changes', changes: {'file.f1.in': 'nowhere'}}, '*')"
    )
    page.wait_for_selector("#validate[aria-disabled=false]")
    page.click("#validate")
    page.wait_for_selector("#refusal:not(:empty)")
