"""The demo's school: a home, its people, one campaign. Made by the same acts as anywhere; safe to run again.

Each step looks at what is there before it acts, so a demo stopped half-way through its first start is completed
by the next one, and one already made is left as its users left it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from kiosk.actions import accounts, campaigns
from kiosk.actions.accounts import NewPerson
from kiosk.actions.campaigns import NewCampaign
from kiosk.app import open_kiosk
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.demo.cast import (
    CAMPAIGN_COURSE,
    CAMPAIGN_NAME,
    CAMPAIGN_TEXT,
    CAST,
    LYCEE,
    LYCEE_NAME,
    LYCEE_UAI,
    PRINCIPAL,
    SCHOOL,
    TEACHER,
    UAI,
)
from kiosk.demo.certification import plan_session, seal_bank
from kiosk.demo.commands import command
from kiosk.errors import Conflict
from kiosk.homes import held
from kiosk.organisations import Organisation, Settings
from kiosk.store import campaigns as campaign_store
from kiosk.store import learners, memberships, organisations
from kiosk.store import people as people_store

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.demo.cast import Member
    from kiosk.keys import Kiosk
    from sync.db import Tx


class Filled(NamedTuple):
    """What there is to do in the demo's school: the campaign's code, and the session's number and access code."""

    code: str
    session: int
    access_code: str


def make_school(home: Path) -> None:
    """Make the home of the school, or check that it is that of the demo; seal its certification's bank."""
    command(home, "init", "--uai", UAI, "--name", SCHOOL)
    seal_bank(home)


async def fill_school(home: Path) -> Filled:
    """Add the people, the campaign and the session that are missing. No server may be running."""
    with held(home):
        async with open_kiosk(load_config(home, {}), SystemClock(), secure=False) as kiosk:
            await _add_people(kiosk)
            await kiosk.db.write(lambda tx: _add_lycee(tx, kiosk.clock.now_ms()))
            session = await plan_session(kiosk, home)
            return Filled(await _campaign_code(kiosk), session.number, session.code)


async def _add_people(kiosk: Kiosk) -> None:
    known = {person.username for person in await kiosk.db.read(people_store.all_people)}
    for member in CAST:
        if member.username in known:
            continue
        new = NewPerson(
            member.username, member.first_name, member.last_name, member.role, member.division, terms=True
        )
        if member.role == "pupil":
            await _add_pupil(kiosk, member, new)
            continue
        with suppress(Conflict):  # another start of the demo was quicker
            await accounts.add_account(kiosk, new, member.password)


async def _add_pupil(kiosk: Kiosk, member: Member, new: NewPerson) -> None:
    """Add a pupil as a list of the ministry would have told them: with all that a certification asks for."""
    person = accounts.checked_person(new, must_change=False)
    phc, now = await kiosk.hasher.hash(member.password), kiosk.clock.now_ms()
    learner = replace(
        accounts.new_learner(new.organisation, person, now, member.division),
        birth_date=member.birth_date,
        birth_city="Rennes",
        birth_city_code="35238",
        birth_country="FRANCE",
        sex=member.sex,
    )
    await kiosk.db.write(
        lambda tx: people_store.add_person(tx, person, phc, now) and learners.add(tx, learner)
    )


def _add_lycee(tx: Tx, now_ms: int) -> None:
    """Add the second organisation, led by the principal of the first."""
    found = people_store.person_by_username(tx, PRINCIPAL.username)
    lycee = Organisation(LYCEE, "school", LYCEE_UAI, LYCEE_NAME, "siecle", Settings(), now_ms)
    if found is not None and organisations.add(tx, lycee):
        memberships.add(tx, LYCEE, found[0].id, "admin", now_ms)
        memberships.accept_terms(tx, LYCEE, found[0].id, now_ms)


async def _campaign_code(kiosk: Kiosk) -> str:
    """Return the code of the teacher's oldest open campaign, making one when there is none."""
    found = await kiosk.db.read(lambda conn: people_store.person_by_username(conn, TEACHER.username))
    if found is None:
        raise LookupError(TEACHER.username)
    teacher = found[0]
    rows = await kiosk.db.read(
        lambda conn: campaign_store.listed(conn, teacher.organisation, owner=teacher.id, archived=False)
    )
    if rows:
        return rows[-1].code
    courses = kiosk.banks.current.courses
    course = CAMPAIGN_COURSE if CAMPAIGN_COURSE in courses else next(iter(courses))  # another bank may be set
    new = NewCampaign(name=CAMPAIGN_NAME, course=course, text=CAMPAIGN_TEXT)
    return (await campaigns.create(kiosk, teacher, new)).code
