"""A room to measure: a throwaway school with its pupils signed in and their participations open."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.actions import campaigns, participations
from kiosk.actions.accounts import NewPerson, keep_account
from kiosk.actions.sittings import hold
from kiosk.app import open_kiosk
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.homes import make_home
from kiosk.logins import LOOPBACK_COOKIE, Login, digest_of, new_secret
from kiosk.people import Display, Person
from kiosk.store import people
from sync.identity import init_home

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.keys import Kiosk
    from kiosk.people import Role
    from sync.db import Tx

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
        teacher, _ = await _person(kiosk, "prof", "teacher")
        campaign = await campaigns.create(kiosk, teacher.person, campaigns.NewCampaign("Mesure", course))
        made: list[Seat] = []
        for start in range(0, seats, CROWD):
            numbers = range(start, min(start + CROWD, seats))
            made += await asyncio.gather(*(_seat(kiosk, number, campaign.code) for number in numbers))
        return made


async def _seat(kiosk: Kiosk, number: int, code: str) -> Seat:
    login, secret = await _person(kiosk, f"eleve{number}", "pupil")
    joined = await participations.join(kiosk, login.person, code)
    epoch = await hold(kiosk, login.person, joined.participation.id, login.id)
    return Seat(f"{LOOPBACK_COOKIE}={secret}", joined.participation.id, epoch)


async def _person(kiosk: Kiosk, username: str, role: Role) -> tuple[Login, str]:
    """Add a signed-in person without a password anybody could use: hashing is not what is measured."""
    now, secret = kiosk.clock.now_ms(), new_secret()
    new = NewPerson(username, "Camille", username.capitalize(), role, "5B")
    person = Person(
        id=secrets.token_hex(8),
        username=username,
        email=None,
        first_name=new.first_name,
        last_name=new.last_name,
        role=role,
        organisation=None if role == "pupil" else new.organisation,
        lang="fr",
        display=Display(),
        must_change=False,
        disabled=False,
    )
    login = Login(secrets.token_hex(4), digest_of(secret), person, now + 12 * 3_600_000)

    def job(tx: Tx) -> None:
        keep_account(tx, person, new, "", now)
        people.add_login(tx, login, now)

    await kiosk.db.write(job)
    return login, secret
