"""Timed questions: the server counts, across reloads and restarts, and a checkpoint never eats the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk_site import FrozenClock, Pupil, Site, open_site
from toy_bank import TIMER, toy_bank

from exam.events import Answered, Graded, Served
from kiosk.sittings import read_events

if TYPE_CHECKING:
    from pathlib import Path

    from exam.events import Event

TIMED = toy_bank("mail 2.1: 1t 2t 3t", "search 1.1: 1t 2t 3t 4t", "sheets 1.3: 1t 2t 3t 4t")


async def events(site: Site, participation: str) -> list[Event]:
    return read_events(await site.kiosk.db.read(lambda conn: site.kiosk.log.events(conn, participation)))


async def test_time_starts_when_the_question_is_first_shown_and_a_reload_does_not_reset_it(
    tmp_path: Path,
) -> None:
    async with open_site(tmp_path, bank=TIMED) as site:
        pupil = await Pupil(site.lea, await site.joined()).take()
        assert pupil.state["remaining"] == TIMER
        site.clock.pass_s(20)
        assert (await pupil.refresh())["remaining"] == TIMER - 20
        site.clock.pass_s(TIMER)
        await pupil.answer("yes", number=1)
        found = await events(site, pupil.id)
        assert [e.number for e in found if isinstance(e, Served)][:1] == [1]
        assert [e.spent_ms for e in found if isinstance(e, Answered)] == [(TIMER + 20) * 1000]
        assert [e.outcome for e in found if isinstance(e, Graded)] == ["timed_out"]


async def test_time_goes_on_while_the_server_restarts(tmp_path: Path) -> None:
    clock = FrozenClock()
    async with open_site(tmp_path, bank=TIMED, clock=clock) as site:
        pupil = await Pupil(site.lea, await site.joined()).take()
    clock.pass_s(15)
    clock.wall -= 3_600_000  # someone sets the machine's clock back: nothing moves
    async with open_site(tmp_path, bank=TIMED, clock=clock) as site:
        again = Pupil(site.lea, pupil.id)
        again.epoch = pupil.epoch
        assert (await again.refresh())["remaining"] == TIMER - 15


async def test_time_starts_again_when_the_machine_itself_restarted(tmp_path: Path) -> None:
    clock = FrozenClock()
    async with open_site(tmp_path, bank=TIMED, clock=clock) as site:
        pupil = await Pupil(site.lea, await site.joined()).take()
        clock.pass_s(50)
    clock.reboot()
    async with open_site(tmp_path, bank=TIMED, clock=clock) as site:
        again = Pupil(site.lea, pupil.id)
        again.epoch = pupil.epoch
        assert (await again.refresh())["remaining"] == TIMER


async def test_a_timed_question_waits_behind_the_checkpoint(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=TIMED) as site:
        pupil = await Pupil(site.lea, await site.joined()).take()
        for _ in range(5):
            await pupil.answer("yes" if pupil.state["number"] % 2 else "no")
        assert pupil.state["checkpoint"] is True
        assert pupil.state["question"] is None
        site.clock.pass_s(300)
        state = await pupil.refresh()
        assert state["remaining"] == TIMER
        assert state["question"]["timer"] == TIMER
