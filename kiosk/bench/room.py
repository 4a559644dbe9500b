"""A room to measure: a throwaway school with its pupils signed in and their participations open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.actions import campaigns, participations
from kiosk.actions.accounts import NewPerson
from kiosk.actions.sittings import hold
from kiosk.app import open_kiosk
from kiosk.bench.people import signed_in
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.homes import make_home
from sync.identity import init_home

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.keys import Kiosk

UAI, SCHOOL = "0990001N", "Collège de la mesure"
CROWD = 500


@dataclass(frozen=True, slots=True)
class Seat:
    """One pupil ready to answer: the cookie header, the open participation and the epoch its page holds."""

    cookie: str
    participation: str
    epoch: int


def build_room(home: Path, seats: int, course: str = "tour-complet") -> list[Seat]:
    """Make the school in `home` and return its seats; nothing is left running."""
    make_home(home)
    init_home(home, UAI, SCHOOL)
    return asyncio.run(_build(home, seats, course))


async def _build(home: Path, seats: int, course: str) -> list[Seat]:
    async with open_kiosk(load_config(home), SystemClock(), secure=False) as kiosk:
        teacher, _ = await signed_in(kiosk, NewPerson("prof", "Camille", "Prof", "teacher", terms=True))
        campaign = await campaigns.create(kiosk, teacher.person, campaigns.NewCampaign("Mesure", course))
        made: list[Seat] = []
        for start in range(0, seats, CROWD):
            numbers = range(start, min(start + CROWD, seats))
            made += await asyncio.gather(*(_seat(kiosk, number, campaign.code) for number in numbers))
        return made


async def _seat(kiosk: Kiosk, number: int, code: str) -> Seat:
    login, cookie = await signed_in(
        kiosk, NewPerson(f"eleve{number}", "Camille", f"Mesure {number}", "pupil", "5B")
    )
    joined = await participations.join(kiosk, login.person, code)
    epoch = await hold(kiosk, login.person, joined.participation.id, login.id)
    return Seat(cookie, joined.participation.id, epoch)
