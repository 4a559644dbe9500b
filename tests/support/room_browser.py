"""Candidates of a running session in real browsers: in through the door, admitted, before their question."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from page_browser import ARGUMENTS, CHROMIUM, LARGE
from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from exam_site import Day
    from playwright.async_api import Browser, BrowserContext, Page

QUESTION = "body:not(.waiting) #form:not([hidden]) #item input"
HELD = "() => Object.keys(sessionStorage).some(key => key.startsWith('preau-epoch-'))"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Return a browser; each candidate has a context of it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


def base_of(day: Day) -> str:
    """Return where the server answers."""
    return str(day.site.server.make_url("")).rstrip("/")


async def machine(browser: Browser) -> BrowserContext:
    """Return a machine of the room: a browser of its own, with its memory."""
    return await browser.new_context(locale="fr-FR", viewport=LARGE)


async def at_the_door(day: Day, page: Page, name: str, base: str) -> None:
    """Fill the door as this candidate does."""
    await page.goto(f"{base}/exam")
    for field, value in day.candidate(name).identity().items():
        await page.fill(f"[name={field}]", value)
    await page.click("main form button.do")
    await page.wait_for_selector("[name=code]")


async def give_code(day: Day, page: Page) -> None:
    """Type the access code, and wait for the supervisor."""
    await page.fill("[name=code]", day.session.code)
    await page.click("main form button.do")
    await page.wait_for_selector("text=Cette page avance toute seule")


async def begin(day: Day, browser: Browser, name: str, base: str, *, fake_clock: bool = False) -> Page:
    """Return this candidate's page at their first question, at a machine of its own.

    `fake_clock`: the page's clock can be moved by hand, and goes on by itself otherwise.
    """
    context = await machine(browser)
    if fake_clock:
        await context.clock.install()
    page = await context.new_page()
    await at_the_door(day, page, name, base)
    await give_code(day, page)
    await day.admit(name)
    await at_question(page)
    return page


async def at_question(page: Page) -> None:
    """Wait until a question can be answered and the page has taken the passage."""
    await page.wait_for_selector(QUESTION)
    await page.wait_for_function(HELD)
