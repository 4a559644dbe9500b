"""A certification session to measure: a throwaway school, a bank sealed for a rehearsal, candidates enrolled, the room open.

Everything is made by the acts a school uses; the server that is measured finds the session open and goes on with it, as after
a restart.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.actions import candidates, opening, planning
from kiosk.actions.accounts import NewPerson
from kiosk.actions.candidates import Enrolment
from kiosk.actions.planning import Plan
from kiosk.actors import principal
from kiosk.app import open_kiosk
from kiosk.bank_building import Order, build
from kiosk.bank_files import load_whole, starter_bank
from kiosk.bench.people import signed_in
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.homes import make_home
from sync.identity import init_home
from sync.keys import load_or_make

if TYPE_CHECKING:
    from pathlib import Path


UAI, SCHOOL = "0990001N", "Collège de la mesure"
DAY_CODE = "craie tableau marelle préau cantine cartable"
DAY, HOUR = "2026-11-26", "09:00"
BORN = ("14", "03", "2012")


@dataclass(frozen=True, slots=True)
class Hall:
    """An open session: its number and code, who may come, and the cookies of its screens."""

    session: str
    number: int
    code: str
    names: tuple[str, ...]
    screens: tuple[str, ...]


def build_hall(home: Path, seats: int, screens: int) -> Hall:
    """Make the school in `home`, open the session and leave it to the server that comes next."""
    make_home(home)
    init_home(home, UAI, SCHOOL)
    return asyncio.run(_build(home, seats, screens))


async def _build(home: Path, seats: int, screens: int) -> Hall:
    config = load_config(home)
    signer = load_or_make(home / "keys" / "bench-bank.key")
    made = build(load_whole(starter_bank()), signer, Order(DAY_CODE, (), rehearsal=True, rough=True))
    async with open_kiosk(config, SystemClock(), secure=False) as kiosk:
        kiosk.rooms.shelf.add(made.data, signer.public)
        chiefs = [await signed_in(kiosk, _chief(number)) for number in range(screens)]
        chief = chiefs[0][0].person
        plan = Plan(SCHOOL, "Gymnase", DAY, HOUR, "La mesure", mode="rehearsal", gate=False)
        session = await planning.create(kiosk, chief, plan)
        names = tuple(f"Mesure{_letters(number)}" for number in range(seats))
        born = "-".join(reversed(BORN))
        await candidates.enrol(kiosk, chief, session.id, [Enrolment("Camille", name, born) for name in names])
        session = await opening.open_session(kiosk, principal(chief), session.id, DAY_CODE)
        return Hall(session.id, session.number, session.code, names, tuple(cookie for _, cookie in chiefs))


def _chief(number: int) -> NewPerson:
    return NewPerson(f"chef{number}", "Camille", f"Chef {number}", "principal", terms=True)


def _letters(number: int) -> str:
    """Return a number in letters: names are compared without figures."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))
