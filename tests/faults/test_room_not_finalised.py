"""Fault 27: the principal forgets to finalise, for two months: what was sat goes up all the same, waits, and is finalised late."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from central_room import open_central
from exam_site import PLAN, exam_day
from finalisation_kit import answer_all, over
from jury_kit import add_sealed_bank, certification, enrol, hand_in
from kiosk_site import FrozenClock

from kiosk.actions import finalisation
from kiosk.daily import find_again
from kiosk.finalisation_rules import Finalisation
from sync.central.publication import facts_of
from sync.central.session_checks import reasons

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from central_room import Central
    from exam_site import Day

DAYS = 60


async def why(central: Central, site: str, day: Day) -> list[str]:
    """Return the reasons why a person must look before publication."""
    async with central.instance.database.read() as conn:
        return [one.code for one in reasons(await facts_of(conn, site, day.session.id))]


async def later(day: Day, central: Central, days: int) -> str:
    """Let days pass with their daily work at both ends, and return the principal's first page."""
    for _ in range(days):
        day.site.clock.pass_s(24 * 3600)
        await find_again(day.site.kiosk, 0)
    central.clock.now = day.site.clock.now_ms()
    day.site.diaz = await day.site.sign_in("diaz")
    return (await day.site.diaz.get("/staff")).data.decode()


async def test_a_session_nobody_finalised_goes_up_waits_for_months_and_is_finalised_late(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    clock = FrozenClock()
    clock.wall = int(datetime.fromisoformat(f"{PLAN.date}T09:00:00+00:00").timestamp()) * 1000
    async with (
        exam_day(tmp_path / "school", clock=clock) as day,
        open_central(tmp_path / "central", None) as central,
    ):
        site = await enrol(central, day)
        await add_sealed_bank(central)
        ines, tom = await day.begun("ines", "tom")
        await answer_all(ines)
        await answer_all(tom, 3)
        central.clock.now = day.site.clock.now_ms()
        await hand_in(central, day)
        # Nobody has even closed the session: who ended is known already.
        assert (await certification(central, day, "ines")).verdict == "verified"
        assert "attend d’être finalisée" in await later(day, central, 30)
        await over(day)
        await hand_in(central, day)
        assert (await certification(central, day, "tom")).verdict == "verified"
        assert await why(central, site, day) == ["not_finalised"]
        assert "attend d’être finalisée" in await later(day, central, DAYS - 30)
        assert ((await day.row("ines")).answered, (await day.row("tom")).answered) == (32, 3)
        said = Finalisation({day.ids["tom"]: "technical"})
        day.session = await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, said)
        await hand_in(central, day)
        assert "not_finalised" not in await why(central, site, day)
        assert "attend d’être finalisée" not in (await day.site.diaz.get("/staff")).data.decode()
        record_property("figure", f"finalised after {DAYS} days, both chains verified long before")
