"""Faults 9 and 10: pages that are reloaded or doubled, machines that die, are replaced, and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exam_site import Day, exam_day
from room_browser import QUESTION, at_question, at_the_door, base_of, begin, chromium, give_code, machine
from switch import switch

from kiosk.actions import leftovers, supervision
from kiosk.room_view import room_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from kiosk.room_view import RoomView

pytestmark = pytest.mark.journey


async def room_of(day: Day) -> RoomView:
    return await room_view(day.site.kiosk, day.supervisor(), day.session.id)


async def left(day: Day) -> int | None:
    """Return the seconds that Inès still has."""
    return next(one for one in (await room_of(day)).candidates if one.id == day.ids["ines"]).remaining_s


async def same_after_reload(day: Day, page: Page, selector: str) -> None:
    """Reload, and find the same page with the same words and the same time."""
    shown, before = await page.inner_text(selector), await left(day)
    await page.reload()
    await page.wait_for_selector(selector)
    await page.wait_for_selector(f"{selector}:visible")
    assert (await page.inner_text(selector), await left(day)) == (shown, before)


async def test_a_reload_at_every_step_shows_the_same_with_the_same_time(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, chromium() as browser:
        page = await (await machine(browser)).new_page()
        await at_the_door(day, page, "ines", base_of(day))
        await same_after_reload(day, page, "h1")
        await give_code(day, page)
        await same_after_reload(day, page, "h1")
        await day.admit("ines")
        await at_question(page)
        day.site.clock.pass_s(9)
        for number in (1, 2, 3):
            await page.fill("#item input", f"réponse {number}")
            await same_after_reload(day, page, "#instruction")
            await at_question(page)
            assert await page.input_value("#item input") == f"réponse {number}"
            await page.click("#validate")
            await page.wait_for_selector(f"text=Question {number + 1} sur 32")
            day.site.clock.pass_s(9)
        await page.click("#report-open")
        await page.click("#report-form button.do")
        await page.wait_for_selector("#held-title:visible")
        await same_after_reload(day, page, "#held-title")
        await page.click("#held-withdraw")
        await page.wait_for_selector(QUESTION)
        await page.click("#leave")
        await page.click("#leaving-form button.do")
        await page.wait_for_selector("#held-title:text('quitté votre place')")
        await same_after_reload(day, page, "#held-title")
        kiosk, who, session, ines = day.site.kiosk, day.supervisor(), day.session.id, day.ids["ines"]
        await supervision.allow_resume(kiosk, who, session, [ines])
        await page.wait_for_selector("#held-back:visible")
        await same_after_reload(day, page, "#held-title")
        await page.click("#held-back")
        await page.wait_for_selector(QUESTION)
        await supervision.end(kiosk, who, session, ines, "malade")
        await page.wait_for_url("**/end")
        await same_after_reload(day, page, "main")
        assert (await day.row("ines")).answered == 3


async def test_of_a_tab_and_its_double_one_answers(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, chromium() as browser:
        first = await begin(day, browser, "ines", base_of(day))
        before = await left(day)
        async with first.context.expect_page() as opening:
            await first.evaluate("() => { window.open(location.href); }")
        second = await opening.value
        await second.wait_for_selector("#elsewhere:visible")
        await first.fill("#item input", "la première")
        await first.click("#validate")
        await first.wait_for_selector("text=Question 2 sur 32")
        await second.click("#take-back")
        await at_question(second)
        await first.wait_for_selector("#elsewhere:visible")
        await second.wait_for_selector("text=Question 2 sur 32")
        await second.fill("#item input", "la seconde")
        await second.click("#validate")
        await second.wait_for_selector("text=Question 3 sur 32")
        assert ((await day.row("ines")).answered, await left(day)) == (2, before)


async def spare_ready(browser: Browser, day: Day) -> tuple[Page, str]:
    """Return the page of a spare machine at the door, and its code."""
    page = await (await machine(browser)).new_page()
    await page.goto(f"{base_of(day)}/exam")
    await page.wait_for_function("() => document.getElementById('machine-code').textContent.length > 8")
    code = await page.text_content("#machine-code")
    return page, (code or "").replace(" ", "")


@pytest.mark.parametrize("comes_back", ["goes on", "starts again"])
async def test_a_dead_machine_is_replaced_and_what_it_kept_is_offered_when_it_comes_back(
    tmp_path: Path, record_property: Callable[[str, object], None], comes_back: str
) -> None:
    async with exam_day(tmp_path) as day, chromium() as browser:
        port = day.site.server.port
        assert port is not None
        async with switch(port) as wire:
            old = await begin(day, browser, "ines", wire.url)
            asked = await old.inner_text("#instruction")
            await wire.down()
            await old.fill("#item input", "gardée ici")
            await old.click("#validate")
            await old.wait_for_selector("#saved:has-text('Sur cet ordinateur')")
            spare, code = await spare_ready(browser, day)
            began = await spare.evaluate("() => Date.now()")
            kiosk, who, session, ines = day.site.kiosk, day.supervisor(), day.session.id, day.ids["ines"]
            await supervision.move(kiosk, who, session, ines, code, "écran noir")
            await at_question(spare)
            took = await spare.evaluate("() => Date.now()") - began
            record_property("figure", f"swapped in {took / 1000:.1f} s, the old machine then {comes_back}")
            assert await spare.inner_text("#instruction") == asked
            async with old.expect_response("**/leftovers"):
                await wire.up()
                if comes_back == "starts again":
                    await old.goto(f"{wire.url}/exam/{ines}/question")
            if comes_back == "goes on":
                await old.wait_for_selector("#elsewhere:visible")
            else:
                await old.wait_for_selector("text=L’épreuve de ce poste continue ailleurs")
                await old.wait_for_selector("#kept:visible")
            view = await room_of(day)
            assert [(one.candidate, one.number) for one in view.leftovers] == [(ines, 1)]
            assert (await day.row("ines")).answered == 0
            assert await spare.inner_text("#instruction") == asked
            kept = view.leftovers[0].machine
            await leftovers.rule(kiosk, who, session, ines, 1, kept, taken=True)
            await spare.wait_for_selector("text=Question 2 sur 32")
            assert (await day.row("ines")).answered == 1
