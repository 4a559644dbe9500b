"""Slips wait in memory for whoever made them, and one who makes many takes no one else's away."""

from __future__ import annotations

import pytest

from kiosk.errors import NotFound
from kiosk.handovers import LASTS_MS, MOST, Handovers


def test_making_too_many_slips_forgets_ones_own_oldest_and_nobody_elses() -> None:
    waiting = Handovers()
    others = waiting.keep("other", [], 0)
    names = [waiting.keep("own", [], 0) for _ in range(MOST + 1)]
    assert waiting.find(others, "other", 0).login == "other"
    assert waiting.find(names[1], "own", 0).login == "own"
    with pytest.raises(NotFound):
        waiting.find(names[0], "own", 0)


def test_slips_are_for_their_maker_alone_and_an_hour_at_most() -> None:
    waiting = Handovers()
    name = waiting.keep("own", [], 0)
    with pytest.raises(NotFound):
        waiting.find(name, "other", 0)
    waiting.drop(name, "other")
    assert waiting.find(name, "own", LASTS_MS - 1).expires_ms == LASTS_MS
    with pytest.raises(NotFound):
        waiting.find(name, "own", LASTS_MS)
