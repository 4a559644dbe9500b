"""Checking certificates: who tries codes is stopped, a school that checks its own is not; and what officers read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from evening_room import beside
from exam_site import exam_day
from finalisation_kit import answer_right, over
from jury_kit import hand_in

from kiosk.actions import finalisation
from kiosk.finalisation_rules import Finalisation
from sync.central.store import certifications

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from evening_room import Both


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    """Inès answered all right; it is at the central instance, and published."""
    async with exam_day(tmp_path / "school") as day:
        (ines,) = await day.begun("ines")
        await answer_right(ines)
        await over(day)
        await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, Finalisation())
        async with beside(day, tmp_path / "central") as found:
            await hand_in(found.central, day)
            await found.act("publish")
            yield found


async def test_a_school_that_checks_a_whole_class_is_not_taken_for_who_tries_codes(both: Both) -> None:
    async with both.central.instance.database.read() as conn:
        one = await certifications.by_candidate(conn, both.site, both.day.ids["ines"])
    assert one is not None
    for _ in range(25):
        assert (await both.central.post("/verify", code=one.number)).status == 200


async def test_copies_of_certifications_are_counted_where_an_officer_begins(both: Both) -> None:
    await both.central.sign_in()
    page = await both.central.page("/")
    assert "Toutes les copies rejouées sont identiques." in page
    assert "Aucune copie" not in page
