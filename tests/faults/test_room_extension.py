"""Fault 24: the extension of a room machine is disabled, flaps, is updated, and its browser is started again, in the middle of a test."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from lockdown_kit import RunningClock, base_of, browser_with, extension_folder, guard_of, locked_day, prepared
from room_browser import QUESTION, at_the_door, give_code

from kiosk.actions import supervision
from kiosk.lockdown.crx import extension_id, public_der
from kiosk.provision.package import load_or_make_key
from kiosk.room_view import room_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exam_site import Day
    from playwright.async_api import BrowserContext, Page

pytestmark = pytest.mark.journey

SWITCH = "([id, on]) => new Promise(done => chrome.management.setEnabled(id, on, done))"
UPDATE = "version => chrome.runtime.onUpdateAvailable.dispatch({version})"
"""What the browser says to an extension when it has fetched another version of it."""


async def events(day: Day) -> int:
    """Return how long the chain of Inès is."""
    return len(await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.ids["ines"])))


async def extensions_page(day: Day, context: BrowserContext) -> tuple[Page, str]:
    """Return the page that switches extensions, and the id of ours."""
    page = await context.new_page()
    await page.goto("chrome://extensions")
    return page, extension_id(public_der(load_or_make_key(day.site.home).public_key()))


async def begun(day: Day, context: BrowserContext) -> Page:
    """Return Inès before her first question, vouched for."""
    page = await context.new_page()
    await page.goto(f"{base_of(day)}/exam")
    await page.wait_for_selector(".plate b:text('P07')")
    await at_the_door(day, page, "ines", base_of(day))
    await page.wait_for_selector("[data-lockdown=there]:visible")
    await give_code(day, page)
    await day.admit("ines")
    await page.wait_for_selector(QUESTION)
    return page


async def needs(day: Day) -> list[str]:
    """Return why the supervisor is wanted."""
    view = await room_view(day.site.kiosk, day.supervisor(), day.session.id)
    return [one.need for one in view.candidates if one.need]


async def test_an_extension_that_goes_stops_at_once_and_flapping_adds_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with locked_day(tmp_path / "home", clock=RunningClock()) as day:
        folder = extension_folder(day, await prepared(day, "P07"), tmp_path / "extension")
        async with browser_with(folder, tmp_path / "profile") as context:
            page = await begun(day, context)
            switch, own = await extensions_page(day, context)
            began = time.monotonic()
            await switch.evaluate(SWITCH, [own, False])
            await page.wait_for_selector("#held-title:visible")
            record_property(
                "figure", f"removal seen and the page frozen after {time.monotonic() - began:.1f} s"
            )
            assert await needs(day) == ["extension_missing"]
            before = await events(day)
            for on in (True, False, True, False, True):
                await switch.evaluate(SWITCH, [own, on])
            await page.reload()
            await page.wait_for_selector("#held-title:visible")
            assert await needs(day) == ["extension_missing"]
            assert await events(day) == before
            cleared = await supervision.clear_lockdown(
                day.site.kiosk, day.supervisor(), day.session.id, None, "remise en place"
            )
            assert [one.code for one in cleared] == [""]
            await page.wait_for_selector(QUESTION)
            await answered(page, 1)


async def test_an_update_waits_for_the_end_of_the_test_and_a_browser_started_again_goes_on(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with locked_day(tmp_path / "home", clock=RunningClock()) as day:
        folder = extension_folder(day, await prepared(day, "P07"), tmp_path / "extension")
        async with browser_with(folder, tmp_path / "profile") as context:
            page = await begun(day, context)
            (worker,) = context.service_workers
            await worker.evaluate(UPDATE, "9.0.0")
            await answered(page, 1)
            assert await vouched(day)
        async with browser_with(folder, tmp_path / "profile") as again:
            page = await again.new_page()
            await page.goto(f"{base_of(day)}/exam")
            await page.wait_for_selector("text=Question 2 sur 32")
            await answered(page, 2)
            while not await vouched(day):
                await page.wait_for_timeout(200)
            assert await needs(day) == []
            if request.config.getoption("--faults"):
                (worker,) = again.service_workers
                await worker.evaluate(UPDATE, "9.0.0")
                gone = asyncio.Event()
                worker.on("close", lambda _: gone.set())
                await page.close()
                async with asyncio.timeout(30):
                    await gone.wait()


async def answered(page: Page, number: int) -> None:
    """Answer this question and see the next."""
    await page.wait_for_selector(QUESTION)
    await page.fill("#item input", "une réponse")
    await page.click("#validate")
    await page.wait_for_selector(f"text=Question {number + 1} sur 32")


async def vouched(day: Day) -> bool:
    """Return whether an extension vouches for Inès now, in the eyes of the server."""
    now = day.site.kiosk.rooms.get(day.session.id).clock.now()
    return guard_of(day).watch.holds(day.ids["ines"], now)
