"""A page that answers and never tells how its connection is was not cut off: its silence gives no time back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam_site import exam_day

if TYPE_CHECKING:
    from pathlib import Path

WHOLE_S = 105 * 60


async def test_a_page_that_answers_and_says_nothing_of_itself_uses_its_time(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        for _ in range(5):
            day.site.clock.pass_s(60)
            assert (await tom.answer()).status == 200
        assert (await tom.beat(cut_s=300)).body["given_back"] == 0
        assert (await tom.refresh())["clock"]["left"] == WHOLE_S - 300


async def test_taking_the_passage_again_gives_a_mute_page_only_what_followed_its_last_answer(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        for seconds in (60, 60):
            day.site.clock.pass_s(seconds)
            assert (await tom.answer()).status == 200
        day.site.clock.pass_s(45)  # the machine died after its last answer, for all anybody knows
        await tom.take()
        assert tom.left == WHOLE_S - 120


async def test_what_was_kept_while_the_network_was_down_may_arrive_before_the_page_says_so(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        day.site.clock.pass_s(120)
        assert (await tom.answer()).status == 200
        day.site.clock.pass_s(15)
        assert (await tom.beat(cut_s=135)).body["given_back"] == 135
        assert (await tom.refresh())["clock"]["left"] == WHOLE_S
