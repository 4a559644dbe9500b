"""A class sits an assessment while the central instance is out of reach; it is proved there once it comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser_pupil import answer_question, finish_course
from town import OFFICER_PASSWORD, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request
    from town import Town

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


def person(browser: Browser, asked: list[str]) -> Page:
    """Return a browser of one's own that notes every address it asks for."""
    page = browser.new_context(locale="fr-FR", viewport={"width": 1366, "height": 768}).new_page()

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    return page


def sign_in(page: Page, url: str, username: str, password: str) -> None:
    page.goto(url)
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main button.do").click()
    page.wait_for_load_state()


def create_campaign(page: Page, url: str) -> str:
    """Create a campaign as a teacher and return its code, as the page to project shows it."""
    page.goto(f"{url}/staff/campaigns/new")
    page.locator("input[name=name]").fill("Rentrée 5e B")
    page.locator("input[name=course][value=rentree-5e]").check()
    page.locator("input[name=title]").fill("Premiers repères")
    page.locator("textarea[name=text]").fill("Répondez **seul**.")
    page.locator("main form button.do").click()
    page.wait_for_url(re.compile(r"/staff/campaigns/[0-9a-f]{16}"))
    campaign = re.sub(r"(/staff/campaigns/[0-9a-f]{16}).*", r"\1", page.url)
    page.goto(f"{campaign}/code")
    code = page.locator(".plate b").first.inner_text()
    page.goto(campaign)
    return "".join(code.split())


def test_a_class_is_assessed_offline_followed_live_and_proved_at_the_central_instance(
    town: Town, browser: Browser
) -> None:
    asked: list[str] = []
    town.add("claire.lemaire", "teacher", "Claire", "Lemaire")
    town.add("ines.benali", "pupil", "Inès", "Benali")
    town.enrol()
    town.school.start()
    town.daemon.start()

    teacher = person(browser, asked)
    sign_in(teacher, f"{town.school_url}/sign-in", "claire.lemaire", PASSWORD)
    code = create_campaign(teacher, town.school_url)

    pupil = person(browser, asked)
    sign_in(pupil, f"{town.school_url}/sign-in", "ines.benali", PASSWORD)
    pupil.goto(f"{town.school_url}/code")
    pupil.locator("input[name=code]").fill(code.lower())
    pupil.locator("main form button.do").click()
    pupil.wait_for_url("**/code/*")
    pupil.locator("main form button.do").click()
    pupil.wait_for_url("**/question**")
    answer_question(pupil)
    teacher.wait_for_selector("tr[data-participation] >> text=BENALI")
    answered = 1 + finish_course(pupil)
    assert answered >= 5
    teacher.wait_for_selector("td[data-status=to_share]")

    town.central.start()
    pupil.locator("main form button.do").click()
    pupil.wait_for_selector(".say.ok")
    teacher.wait_for_selector("td[data-status=shared]")

    officer = person(browser, asked)
    sign_in(officer, f"{town.central_url}/", "helene", OFFICER_PASSWORD)
    officer.goto(f"{town.central_url}/")
    verified = officer.locator(".pill.ok", has_text="Vérifié")
    for _ in range(40):  # ten seconds: the officer reloads the page until the copy is there
        if verified.count():
            break
        officer.wait_for_timeout(250)
        officer.reload()
    assert verified.count(), officer.locator("main").inner_text()

    outside = [url for url in asked if not url.startswith((town.school_url, town.central_url))]
    assert outside == []
