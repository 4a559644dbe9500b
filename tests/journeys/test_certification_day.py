"""A whole certification day in real processes: the central instance is out of reach until evening, then results come back.

In the suite three candidates sit in Chromium, one of them with the packaged extension, and nine over HTTP; with `--faults`
twelve sit in Chromium, each at a prepared machine, and twenty-eight over HTTP, and the switch is out for two minutes. Two
phones supervise. What pages and papers said and what the server acknowledged are held against the log, read from the files
once everything is over.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from day_evening import CORRECTED, WORDS, codes_of_the_verified, evening, judged, results_are_back
from day_log import Told, check_acts, check_answers, check_incidents_of_the_day, check_time, log_of
from day_papers import check_papers
from day_room import morning
from day_sizes import LONG, SHORT, Size
from day_story import (
    a_machine_is_changed,
    admitted,
    an_alert_is_dismissed,
    everyone_goes_on,
    everyone_waits,
    extension_disabled,
    finalised,
    killed_while_one_is_stopped,
    opened,
    the_switch_is_out,
)
from processes import preau_json

from kiosk.session_codes import head_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Size:
    """Give the size of the day: small in the suite, large with --faults."""
    return LONG if request.config.getoption("--faults") else SHORT


async def test_a_whole_day_from_tickets_to_certificates_agrees_with_the_log(
    town: Town, tmp_path: Path, size: Size, record_property: Callable[[str, object], None]
) -> None:
    began, told = time.monotonic(), Told({}, {}, [], 0)
    async with morning(town, tmp_path, size) as day:
        room = await opened(day)
        await everyone_waits(room)
        await admitted(room)
        await extension_disabled(room)
        await killed_while_one_is_stopped(room)
        await an_alert_is_dismissed(room)
        await the_switch_is_out(room, told)
        await a_machine_is_changed(room)
        await everyone_goes_on(room)
        await finalised(room, told)
        officer = await evening(room)
        codes = await codes_of_the_verified(day, officer)
        await judged(day, officer)
        papers = await results_are_back(room, officer, codes)
        assert day.strangers == []
    await asyncio.to_thread(town.stop)
    log = await log_of(day)
    assert told.words == {day.ids[name]: head_words(log.head(day.ids[name])) for name in size.in_chromium}
    check_answers(day, log)
    check_time(day, log, told)
    check_incidents_of_the_day(day, log)
    check_acts(day, log)
    check_papers(day, log, papers, CORRECTED, WORDS)
    checked = preau_json(town.school_home, "log", "check")
    assert checked["verdict"] == "verified", checked
    took = round(time.monotonic() - began)
    cut = told.outage_ms / 1000
    record_property(
        "figure",
        f"certification day: {len(size.names)} candidates, {len(size.in_chromium)} in Chromium,"
        f" switch out for {cut:.1f} s, {len(day.session.acknowledged)} answers kept, {took} s in all",
    )
