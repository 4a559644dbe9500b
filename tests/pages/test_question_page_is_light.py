"""The question page is light, steady, and asks nothing of any other server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from page_bank import ALL
from page_browser import open_course

if TYPE_CHECKING:
    from page_browser import NewPupil
    from page_site import Site
    from playwright.sync_api import Page

    from kiosk.people import Person

pytestmark = pytest.mark.journey

FIRST_LOAD = 60 * 1024
NEXT_QUESTION = 8 * 1024


class Meter:
    """Bytes received by a page, headers included, and every address asked for."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.addresses: list[str] = []
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._count)
        wire.on("Network.requestWillBeSent", lambda event: self.addresses.append(event["request"]["url"]))

    def _count(self, event: dict[str, int]) -> None:
        self.bytes += int(event["encodedDataLength"])


def _next(page: Page) -> None:
    place = page.inner_text("#place")
    page.click("#pass")
    page.wait_for_function("before => document.getElementById('place').innerText !== before", arg=place)
    page.wait_for_load_state("networkidle")


def test_first_load_and_next_questions_stay_within_their_budgets(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    context = new_pupil()
    page = context.new_page()
    code = site.campaign(teacher, ALL)
    joined = context.request.post(f"{site.url}/api/v1/participations", data={"code": code}).json()
    meter = Meter(page)
    page.goto(f"{site.url}/participations/{joined['participation']['id']}/question")
    page.wait_for_selector("body:not(.waiting)")
    page.wait_for_load_state("networkidle")
    assert meter.bytes < FIRST_LOAD
    for _ in range(4):
        before = meter.bytes
        _next(page)
        assert meter.bytes - before < NEXT_QUESTION


def test_nothing_moves_while_the_page_is_built(site: Site, teacher: Person, new_pupil: NewPupil) -> None:
    page = new_pupil().new_page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => { window.moved += e.value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    open_course(site, page, site.campaign(teacher, "matching"))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("moved") == 0


def test_a_question_is_usable_on_a_screen_of_320_pixels(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    for kind in ("single-choice", "ordering", "matching", "hand-back", "fill-blanks"):
        open_course(site, page, site.campaign(teacher, kind))
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), kind


def test_a_whole_passage_asks_nothing_of_another_server(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    meter = Meter(page)
    page.goto(site.url + "/")
    open_course(site, page, site.campaign(teacher, ALL))
    for _ in range(4):
        _next(page)
    page.click("#pass")
    page.wait_for_url("**/checkpoint")
    for path in ("/display", "/help", "/accessibility", "/tutorials/lecon-number"):
        page.goto(site.url + path)
    assert {urlsplit(address).netloc for address in meter.addresses} == {urlsplit(site.url).netloc}
    assert said == []
