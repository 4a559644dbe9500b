"""A server that falls again and again before anybody came back: the whole time it was away is given back, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exam_site import exam_day, page_again
from kiosk_site import FrozenClock

from kiosk.room_keeper import note_clocks

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("noted", [False, True])
async def test_two_falls_in_a_row_give_back_both_however_late_the_page_comes(
    tmp_path: Path, *, noted: bool
) -> None:
    clock = FrozenClock()
    async with exam_day(tmp_path, clock=clock) as day:
        (tom,) = await day.begun("tom")
        clock.pass_s(600)
        await tom.beat()
        await tom.answer()
        await note_clocks(day.site.kiosk)
        left = tom.left
    clock.pass_s(40)
    async with exam_day(tmp_path, clock=clock) as between:
        clock.pass_s(3)  # not long enough for a page to notice
        if noted:
            await note_clocks(between.site.kiosk)
    clock.pass_s(50)
    async with exam_day(tmp_path, clock=clock) as again:
        page = page_again(again, tom)
        assert (await page.beat()).body["given_back"] == 40 + 3 + 50
        assert (await page.beat()).body["given_back"] == 0
        await page.refresh()
        assert page.left == left
        await note_clocks(again.site.kiosk)
    clock.pass_s(20)
    async with exam_day(tmp_path, clock=clock) as last:
        page = page_again(last, tom)
        assert (await page.beat()).body["given_back"] == 20
        await page.refresh()
        assert page.left == left
