"""Fault 6: the switch of the room is down for two minutes, whether it resets connections or only swallows them.

The short version moves both clocks by two minutes, the server's as an argument and the browser's in the browser; `--faults`
waits two real minutes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

import pytest
from exam_site import Day, exam_day
from lockdown_kit import RunningClock
from room_browser import begin, chromium
from switch import Switch, switch

from kiosk.room_view import room_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import Page

    from kiosk.candidate_view import CandidateView

OUTAGE_S = 120
STAYS = "() => { window.stays = true; }"
"""Something that a reload would lose."""


async def outage(day: Day, pages: list[Page], wire: Switch, how: str, *, whole: bool) -> None:
    """Take the network away for two minutes, by every clock; candidates go on with what they have on their screens."""
    if how == "reset":
        await wire.down()
    else:
        wire.stall()
    ines, tom = pages
    await ines.fill("#item input", "pendant la panne")
    await ines.click("#validate")
    await ines.wait_for_selector("#saved:has-text('Sur cet ordinateur')")
    await tom.fill("#item input", "à moitié")
    if whole:
        await asyncio.sleep(OUTAGE_S)  # the fault itself, not a guess
    else:
        day.site.clock.pass_s(OUTAGE_S)
        for page in pages:
            await page.clock.fast_forward(OUTAGE_S * 1000)
    for page in pages:
        assert await page.locator("#instruction").inner_text()
        assert await page.locator("#item input").is_visible()
    await wire.up()


async def seen(day: Day, name: str) -> CandidateView:
    view = await room_view(day.site.kiosk, day.supervisor(), day.session.id)
    return next(one for one in view.candidates if one.id == day.ids[name])


@pytest.mark.journey
@pytest.mark.parametrize("how", ["reset", "swallowed"])
async def test_two_minutes_without_the_switch_take_nothing_and_are_given_back_once(
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
    how: Literal["reset", "swallowed"],
) -> None:
    whole = bool(request.config.getoption("--faults"))
    clock = RunningClock() if whole else None
    async with exam_day(tmp_path, clock=clock) as day, chromium() as browser:
        port = day.site.server.port
        assert port is not None
        async with switch(port) as wire:
            pages = [
                await begin(day, browser, name, wire.url, fake_clock=not whole) for name in ("ines", "tom")
            ]
            ines, tom = pages
            for page in pages:
                await page.evaluate(STAYS)
            before = [(await seen(day, name)).remaining_s or 0 for name in ("ines", "tom")]
            went = day.site.clock.monotonic_ms()
            await outage(day, pages, wire, how, whole=whole)
            went = (day.site.clock.monotonic_ms() - went) // 1000
            await ines.wait_for_selector("text=Question 2 sur 32")
            for page in pages:
                await page.wait_for_selector("#given-back:has-text('vous sont rendues')")
            assert await tom.input_value("#item input") == "à moitié"
            assert [await page.evaluate("() => window.stays") for page in pages] == [True, True]
            assert ((await day.row("ines")).answered, (await day.row("tom")).answered) == (1, 0)
            for name, left in zip(("ines", "tom"), before, strict=True):
                one = await seen(day, name)
                (credit,) = one.credits
                assert credit.cause == "network"
                assert credit.seconds <= went + 30 if whole else credit.seconds == OUTAGE_S
                lost = left - (one.remaining_s or 0)
                assert lost <= 30 if whole else lost == 0
                record_property(
                    "figure",
                    f"{how}: {went} s without network, {credit.seconds} s given back once, {lost} s lost",
                )
