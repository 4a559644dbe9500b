"""Staff pages in a real browser: live, by keyboard, in every look, and never asking anything elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from page_browser import ARGUMENTS, CHROMIUM, in_every_look, signed_in
from playwright.sync_api import APIRequestContext, Browser, Page, expect, sync_playwright
from staff_room import COURSE, username_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staff_room import Room

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(room: Room, browser: Browser) -> Iterator[Page]:
    """Give a page where the principal, who may see everything, is signed in."""
    context = signed_in(room.site, browser, username_of(room.principal))
    yield context.new_page()
    context.close()


@dataclass
class Pupil:
    """A pupil at the API, as the question page uses it."""

    http: APIRequestContext
    api: str

    def post(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        """Post JSON and return the reply."""
        reply = self.http.post(self.api + path, data=body)
        assert reply.ok, reply.text()
        found: dict[str, Any] = reply.json()
        return found

    def join(self, code: str) -> str:
        """Begin, and return the participation."""
        return str(self.post("/participations", {"code": code})["participation"]["id"])

    def passes(self, pid: str, most: int) -> None:
        """Pass up to `most` questions."""
        epoch = self.post(f"/participations/{pid}/hold", {})["epoch"]
        for _ in range(most):
            reply = self.http.get(f"{self.api}/participations/{pid}/next?epoch={epoch}&after_checkpoint=1")
            state = reply.json()
            if state["state"] == "finished":
                return
            number = state["number"]
            answer = {"number": number, "key": f"key-{number:013}", "epoch": epoch, "answer": None}
            self.post(f"/participations/{pid}/answers", answer)


PAGES = (
    "/staff?filter=all",
    "/staff",
    "/staff/campaigns/new",
    "/staff/campaigns/{id}",
    "/staff/campaigns/{id}?done=created",
    "/staff/campaigns/{id}/results",
    "/staff/campaigns/{id}/results?band=0",
    "/staff/campaigns/{id}/settings",
    "/staff/campaigns/{id}/code",
    "/staff/server",
    "/server",
)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_fault_that_axe_finds_in_any_look(room: Room, page: Page, path: str) -> None:
    page.goto(room.site.url + path.format(id=room.campaign.id))
    assert in_every_look(page) == []


def test_one_pupils_result_has_no_fault_either(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/campaigns/{room.campaign.id}/results")
    page.get_by_role("link", name="Benali Inès").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Benali")
    assert in_every_look(page) == []


def test_a_refused_form_has_no_fault_either(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/campaigns/new")
    page.get_by_role("button", name="Créer la campagne").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert in_every_look(page) == []


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.name") == name:
            return
    raise AssertionError(name)


def test_enter_in_the_search_of_courses_searches_and_creates_nothing(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/campaigns/new")
    page.locator("#name").fill("Pas encore")
    page.locator("#search").fill("terminale")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_value("Pas encore")
    expect(page.locator("input[name=course]")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_campaign_is_created_with_the_keyboard_alone(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/campaigns/new")
    page.locator("#name").focus()
    page.keyboard.type("Au clavier")
    tab_to(page, "course")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "title")
    page.keyboard.type("Un titre")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Au clavier")
    expect(page.get_by_role("status").first).to_contain_text("La campagne est créée.")


def test_the_counter_says_how_many_characters_are_left(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/campaigns/new")
    page.locator("#title").fill("é" * 51)
    expect(page.locator("#title-hint")).to_contain_text("1 caractère de trop.")
    page.locator("#text").fill("a\nb")
    expect(page.locator("#text-hint")).to_contain_text(re.compile(r"Il reste 4\W997 caractères."))


def test_a_class_is_followed_live_from_the_first_pupil_to_the_sent_result(
    room: Room, page: Page, browser: Browser
) -> None:
    campaign = room.new_campaign(room.teacher, "En direct")
    page.goto(f"{room.site.url}/staff/campaigns/{campaign.id}")
    expect(page.get_by_text("Personne n’a encore commencé")).to_be_visible()
    expect(page.get_by_text("Cette page suit la classe en direct.")).to_be_visible()
    room.site.person("hugo.dasilva", "pupil", "Hugo", "Da Silva")
    context = signed_in(room.site, browser, "hugo.dasilva")
    pupil = Pupil(context.request, room.site.url + "/api/v1")
    pid = pupil.join(campaign.code)
    row = page.locator(f"[data-participation='{pid}']")
    expect(row).to_contain_text("Da Silva Hugo")
    pupil.passes(pid, 2)
    expect(row.locator("[data-answered]")).to_have_text("2")
    expect(row).to_contain_text("En cours")
    pupil.passes(pid, 200)
    expect(row).to_contain_text("À envoyer")
    pupil.post(f"/participations/{pid}/share", {"consent": True})
    expect(row).to_contain_text("Envoyé")
    expect(page.locator("dd[data-count='shared']")).to_have_text("1")
    expect(page.locator("#live-said")).to_contain_text("1 participant, 1 résultat reçu", timeout=15_000)
    expect(page.get_by_text("Personne n’a encore commencé")).to_be_hidden()
    context.close()


def test_a_lost_stream_is_said_and_comes_back_by_itself(room: Room, page: Page) -> None:
    page.goto(f"{room.site.url}/staff/campaigns/{room.campaign.id}")
    expect(page.locator("#live-state")).to_have_text("Cette page suit la classe en direct.")
    room.site.loop.call_soon_threadsafe(room.kiosk.hub.close)  # type: ignore[union-attr]  # a started site has a loop
    expect(page.locator("#live-state")).to_contain_text("coupé")
    expect(page.locator("#live-state")).to_have_text("Cette page suit la classe en direct.", timeout=15_000)


def test_staff_pages_ask_nothing_of_any_other_server(room: Room, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(room.site.url + path.format(id=room.campaign.id))
    assert [url for url in asked if not url.startswith(room.site.url + "/")] == []


def test_the_activity_is_complete_without_script(room: Room, browser: Browser) -> None:
    context = signed_in(room.site, browser, username_of(room.teacher))
    cookies = context.cookies()
    context.close()
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(cookies)  # type: ignore[arg-type]  # what cookies() gives is what add_cookies() takes
    page = plain.new_page()
    page.goto(f"{room.site.url}/staff/campaigns/{room.campaign.id}")
    expect(page.locator("#live-rows tr")).to_have_count(3)
    expect(page.get_by_role("link", name="Rechargez la page")).to_be_visible()
    plain.close()


@pytest.mark.parametrize("rest", ["", "/results", "/settings", "/code"])
def test_the_longest_name_in_one_word_never_makes_a_phone_scroll_sideways(
    room: Room, page: Page, rest: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    words = {"name": "É" * 255, "title": "É" * 50, "course": COURSE}
    made = page.request.post(f"{room.site.url}/api/v1/campaigns", data=words).json()["campaign"]
    page.goto(f"{room.site.url}/staff/campaigns/{made['id']}{rest}")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
