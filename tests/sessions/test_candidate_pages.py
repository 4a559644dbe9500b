"""A candidate's pages in a real browser: they move on by themselves, freeze, come back, and everyone can use them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from exam_site import Day, exam_day
from page_browser import ARGUMENTS, CHROMIUM, LARGE, SMALL
from playwright.async_api import async_playwright

from kiosk.actions import supervision

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Page, ViewportSize

AXE = Path(__file__).parent.parent / "support" / "axe.min.js"
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).join(", "))"""


@asynccontextmanager
async def at_the_door(day: Day, size: ViewportSize = LARGE) -> AsyncIterator[Page]:
    """Open the door in a browser; every request must stay on the server."""
    base = str(day.site.server.make_url("")).rstrip("/")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(locale="fr-FR", viewport=size)
        page = await context.new_page()
        strangers: list[str] = []
        errors: list[str] = []
        page.on(
            "request", lambda request: None if request.url.startswith(base) else strangers.append(request.url)
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{base}/exam")
        yield page
        assert (strangers, errors) == ([], [])
        await browser.close()


async def axe(page: Page) -> list[str]:
    await page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = await page.evaluate(RUN)
    return found


async def come_in(day: Day, page: Page) -> None:
    """Fill the door and the access code as Inès does."""
    for name, value in day.candidate("ines").identity().items():
        await page.fill(f"[name={name}]", value)
    await page.click("main form button.do")
    await page.fill("[name=code]", day.session.code.lower())
    await page.click("main form button.do")


async def begin(day: Day, page: Page) -> None:
    """Come in, be admitted, see the first question without touching anything."""
    await come_in(day, page)
    await page.wait_for_selector("text=Cette page avance toute seule")
    await day.admit("ines")
    await page.wait_for_selector("body:not(.waiting) #item input")


async def shown(page: Page) -> str:
    return await page.inner_text("#instruction")


async def test_the_page_moves_on_freezes_takes_a_replacement_and_ends_by_itself(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, at_the_door(day) as page:
        await begin(day, page)
        await page.fill("#item input", "une réponse")
        await page.click("#validate")
        await page.wait_for_selector("text=Question 2 sur 32")
        first = await shown(page)
        await page.fill("#item input", "un brouillon")
        await page.click("#report-open")
        await page.click("#report-form button.do")
        await page.click("#held-withdraw")
        await page.wait_for_selector("text=Vous avez retiré votre signalement")
        assert (await shown(page), await page.input_value("#item input")) == (first, "un brouillon")
        await page.click("#report-open")
        await page.click("#report-form button.do")
        await page.wait_for_selector("#held-title:text('en pause')")
        assert "Temps arrêté" in await page.inner_text("#timer")
        kiosk, who, session, ines = day.site.kiosk, day.supervisor(), day.session.id, day.ids["ines"]
        await supervision.rule(kiosk, who, session, ines, 2, "validated", "E9")
        await page.wait_for_selector("text=La question est remplacée")
        assert await shown(page) != first
        assert await page.input_value("#item input") == ""
        await supervision.end(kiosk, who, session, ines, "malade")
        await page.wait_for_url("**/end")
        assert "1 réponse enregistrée" in await page.inner_text("main")


async def test_a_reload_shows_the_same_question_with_what_was_typed(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, at_the_door(day) as page:
        await begin(day, page)
        first = await shown(page)
        await page.fill("#item input", "à moitié")
        await page.reload()
        await page.wait_for_selector("body:not(.waiting) #item input")
        assert (await shown(page), await page.input_value("#item input")) == (first, "à moitié")
        await page.click("#pass")
        await page.wait_for_selector("text=Question 2 sur 32")


async def test_who_leaves_the_seat_reads_that_and_comes_back_with_one_press(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, at_the_door(day) as page:
        await begin(day, page)
        first = await shown(page)
        await page.click("#leave")
        await page.click("#leaving-form button.do")
        await page.wait_for_selector("#held-title:text('quitté votre place')")
        await supervision.allow_resume(day.site.kiosk, day.supervisor(), day.session.id, [day.ids["ines"]])
        await page.click("#held-back")
        await page.wait_for_selector("#form:not([hidden])")
        assert await shown(page) == first


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["room machine", "phone"])
async def test_every_page_of_a_candidate_can_be_used_by_everyone(tmp_path: Path, size: ViewportSize) -> None:
    async with exam_day(tmp_path) as day, at_the_door(day, size) as page:
        assert await axe(page) == []
        for name, value in day.candidate("ines").identity().items():
            await page.fill(f"[name={name}]", value)
        await page.click("main form button.do")
        assert await axe(page) == []
        await page.fill("[name=code]", day.session.code)
        await page.click("main form button.do")
        await page.wait_for_selector("text=Cette page avance toute seule")
        assert await axe(page) == []
        await day.admit("ines")
        await page.wait_for_selector("body:not(.waiting) #item input")
        assert await axe(page) == []
        await page.click("#report-open")
        await page.click("#report-form button.do")
        await page.wait_for_selector("#held-title:text('en pause')")
        assert await axe(page) == []
        await supervision.end(day.site.kiosk, day.supervisor(), day.session.id, day.ids["ines"], "x")
        await page.wait_for_url("**/end")
        assert await axe(page) == []
        width = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert width
