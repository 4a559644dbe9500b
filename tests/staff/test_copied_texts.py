"""What a teacher passes on is copied by a button: the direct link of a campaign, a model message. Without script, it is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_browser import ARGUMENTS, CHROMIUM, signed_in
from playwright.sync_api import Page, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staff_room import Room

pytestmark = pytest.mark.journey


@pytest.fixture
def page(room: Room) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = signed_in(room.site, browser, room.teacher.username or "")
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=room.site.url)
        yield context.new_page()
        browser.close()


def test_the_direct_link_of_a_campaign_is_copied_by_its_button(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/campaigns/{room.campaign.id}/settings")
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.locator("button.copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == f"{room.site.url}/code/{room.campaign.code}"


def test_a_model_message_is_copied_as_it_is_shown(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/documentation?campaign={room.campaign.id}")
    page.locator("button[data-copy=message-pupils]").click()
    expect(page.locator("button.copied")).to_have_count(1)
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert copied == page.locator("#message-pupils").input_value()
    assert room.campaign.code in copied
