"""Everybody comes in within five seconds, then begins within five seconds: nobody is refused, nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.bench.session_run import STORM_S, run_room

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
SHORT, LONG = (60, 3.0, 2), (300, 60.0, 6)
"""Candidates, seconds they answer for, screens that follow: in the suite, and with `--faults`."""


def test_a_room_that_begins_all_at_once_is_served_without_a_refusal(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    candidates, seconds, screens = LONG if request.config.getoption("--faults") else SHORT
    found = run_room(candidates, seconds, screens)
    assert (found["refused"], found["lost"]) == (0, 0)
    assert found["answers"] > candidates
    record_property(
        "figure",
        f"{candidates} candidates come in within {STORM_S:.0f} s and begin within {STORM_S:.0f} s, {screens} screens open: "
        f"0 refused; check-in p95 {found['check_in_p95_ms']} ms, first question p95 {found['first_question_p95_ms']} ms, "
        f"answer p99 {found['p99_ms']} ms over {found['answers']} answers, 0 lost",
    )
