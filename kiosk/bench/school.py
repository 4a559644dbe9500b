"""A school in the middle of its year, to measure pages on: pupils, campaigns, and sendings of every level.

Filled through the stores and the acts that a real year uses; only the sittings themselves are not played, since a page of
the staff never reads them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.events import Shared
from exam.framework import COMPETENCES
from exam.rounding import Tally
from exam.scoring import stage_ladder
from exam.stages import reached
from kiosk.actions import campaigns
from kiosk.actions.accounts import NewPerson, checked_person, keep_account
from kiosk.bench.people import signed_in
from kiosk.campaign_results import ProfileSent
from kiosk.store import learners, results, settled
from kiosk.store import participations as store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.campaign.engine import CampaignEngine
    from kiosk.keys import Kiosk
    from kiosk.people import Person, Role
    from kiosk.store.campaigns import Campaign
    from kiosk.store.results import Masks
    from sync.db import Tx

DAY_MS = 24 * 3600 * 1000
CROWD = 500
CLASSES = tuple(f"{level}{letter}" for level in (6, 5, 4, 3) for letter in "ABCDEF")
FIRST = ("Inès", "Noé", "Rose", "Louise", "Hugo", "Maël", "Anna", "Jules", "Éloïse", "Yanis", "Léa", "Tom")
LAST = (
    "Adam",
    "Bakary",
    "Benali",
    "Clément",
    "Da Silva",
    "Faure",
    "Le Gall",
    "Morel",
    "Nguyen",
    "Élif",
    "Roy",
)
COURSES = ("rentree-5e", "rentree-3e", "rentree-6e", "bien-vivre-en-ligne", "competence-1-1", "tour-complet")
SENT_SHARE = 80
"""Percent of participations whose results were sent."""


@dataclass(frozen=True)
class Size:
    """How large a school is measured."""

    pupils: int = 2000
    campaigns: int = 300
    participations: int = 60_000
    collections: int = 10


@dataclass
class School:
    """What was made: cookies to ask with, and ids to ask for."""

    principal: str
    teachers: list[str]
    campaigns: list[str] = field(default_factory=list)
    largest: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    """One sent participation of each campaign."""
    collections: set[str] = field(default_factory=set)
    """Those of the campaigns that collect profiles."""
    learner: str = ""


class Pupil(NamedTuple):
    """A pupil with an account and a learner row."""

    person: str
    learner: str


def new_person(number: int, role: Role) -> NewPerson:
    """Return what making the account of an invented person asks for."""
    division = CLASSES[number % len(CLASSES)] if role == "pupil" else None
    last = f"{LAST[number % len(LAST)]} {number}"
    return NewPerson(f"{role}{number}", FIRST[number % len(FIRST)], last, role, division, terms=True)


async def sign_in(kiosk: Kiosk, number: int, role: Role) -> tuple[Person, str]:
    """Add a signed-in member of the staff; return them and the cookie header."""
    login, cookie = await signed_in(kiosk, new_person(number, role))
    return login.person, cookie


async def fill(kiosk: Kiosk, size: Size, seed: int = 1) -> School:
    """Fill an empty home; return what to ask for."""
    chance = Random(seed)  # noqa: S311 - an invented school, the same each time
    _, principal = await sign_in(kiosk, 0, "principal")
    signed = [await sign_in(kiosk, number, "teacher") for number in range(10)]
    school = School(principal, [cookie for _, cookie in signed])
    pupils = await _pupils(kiosk, size.pupils)
    school.learner = pupils[0].learner
    counts = _counts(size)
    for number, count in enumerate(counts):
        kind = "collection" if 0 < number <= size.collections else "assessment"
        course = COURSES[number % len(COURSES)] if kind == "assessment" else ""
        name = f"{CLASSES[number % len(CLASSES)]} campagne {number}"
        new = campaigns.NewCampaign(name=name, course=course, kind=kind)
        made = await campaigns.create(kiosk, signed[number % 10][0], new)
        takers = pupils if count >= len(pupils) else chance.sample(pupils, count)
        sent = await _participations(kiosk, made, takers, chance)
        school.campaigns.append(made.id)
        if kind == "collection":
            school.collections.add(made.id)
        if sent:
            school.sent[made.id] = sent
    school.largest = school.campaigns[0]
    return school


def _counts(size: Size) -> list[int]:
    """Return how many take part in each campaign: everybody in the first, the others alike."""
    others = size.campaigns - 1
    first = min(size.pupils, size.participations)
    left = size.participations - first
    return (
        [first, *(left // others + (number < left % others) for number in range(others))]
        if others
        else [first]
    )


async def _pupils(kiosk: Kiosk, count: int) -> list[Pupil]:
    now = kiosk.clock.now_ms()

    def job(tx: Tx, first: int) -> list[Pupil]:
        made = []
        for number in range(first, min(first + CROWD, count)):
            new = new_person(number, "pupil")
            person = checked_person(new, must_change=False)
            keep_account(tx, person, new, "", now)
            learner = learners.of_person(tx, new.organisation, person.id)
            if learner is not None:
                made.append(Pupil(person.id, learner.id))
        return made

    pupils: list[Pupil] = []
    for first in range(0, count, CROWD):
        pupils += await kiosk.db.write(lambda tx, first=first: job(tx, first))  # type: ignore[misc] # mypy cannot infer a lambda with a default
    return pupils


async def _participations(kiosk: Kiosk, campaign: Campaign, takers: Sequence[Pupil], chance: Random) -> str:
    """Add one participation a taker; return one that was sent, or "" when none was."""
    engine = None if campaign.kind == "collection" else kiosk.banks.engine(campaign.bank, campaign.course)
    now = kiosk.clock.now_ms()
    shown = ""
    for first in range(0, len(takers), CROWD):
        rows = [_row(engine, pupil, now, chance) for pupil in takers[first : first + CROWD]]

        def job(tx: Tx, rows: list[_Row] = rows) -> None:
            for row in rows:
                _keep(tx, campaign, row)

        await kiosk.db.write(job)
        shown = shown or next((row.id for row in rows if row.sent is not None), "")
    return shown


class _Row(NamedTuple):
    id: str
    pupil: Pupil
    started_ms: int
    masks: Masks
    sent: Shared | ProfileSent | None


def _row(engine: CampaignEngine | None, pupil: Pupil, now: int, chance: Random) -> _Row:
    masks = [] if engine is None else _masks(engine, chance)
    sent: Shared | ProfileSent | None = None
    if chance.randrange(100) < SENT_SHARE:
        sent = _profile(chance) if engine is None else _shared(engine, masks)
    return _Row(secrets.token_hex(8), pupil, now - chance.randrange(60) * DAY_MS, masks, sent)


def _masks(engine: CampaignEngine, chance: Random) -> Masks:
    """Return a pupil of some ability: in each topic, everything up to a level that varies a little."""
    ability = chance.randrange(8)
    masks = []
    for tube in engine.map.tubes:
        if tube.targeted:
            floor = max(0, ability + chance.randrange(-1, 2))
            masks.append((tube.targeted & ((1 << floor) - 1), tube.targeted))
    return masks


def _shared(engine: CampaignEngine, masks: Masks) -> Shared:
    tubes = [tube for tube in engine.map.tubes if tube.targeted]
    tallies: dict[str, Tally] = {}
    for tube, (mask, _) in zip(tubes, masks, strict=True):
        before = tallies.get(tube.competence, Tally(0, 0))
        tallies[tube.competence] = Tally(
            before.validated + mask.bit_count(), before.targeted + tube.targeted.bit_count()
        )
    total = Tally(
        sum(one.validated for one in tallies.values()), sum(one.targeted for one in tallies.values())
    )
    steps = stage_ladder(engine)
    stage = steps[reached(steps, total)].place if steps else 0
    competences = [(code, one.validated, one.targeted) for code, one in sorted(tallies.items())]
    badges = [badge.id for badge in engine.definition.badges if total.percent() >= 70]
    return Shared(total.validated, total.targeted, stage, competences, badges)


def _profile(chance: Random) -> ProfileSent:
    lines = [(code, chance.randrange(5), chance.randrange(40)) for code in COMPETENCES]
    return ProfileSent(
        sum(points for _, _, points in lines), sum(level > 0 for _, level, _ in lines) >= 5, lines
    )


def _keep(tx: Tx, campaign: Campaign, row: _Row) -> None:
    targeted = sum(settled_mask.bit_count() for _, settled_mask in row.masks)
    store.add(
        tx,
        store.Opening(
            row.id,
            campaign.id,
            row.pupil.person,
            targeted,
            row.started_ms,
            campaign.organisation,
            row.pupil.learner,
        ),
    )
    ended = row.started_ms + 1_800_000
    settled.keep(tx, row.id, [])
    if row.sent is None:
        store.keep_summary(tx, row.id, store.Summary("started", 7, 3, 400, ended, None))
        return
    validated = sum(mask.bit_count() for mask, _ in row.masks)
    store.keep_summary(tx, row.id, store.Summary("to_share", 24, validated, 1000, ended, ended))
    store.keep_shared(tx, row.id, msgspec.json.encode(row.sent).decode(), 1, ended + 60_000)
    if row.masks:
        results.keep(tx, row.id, row.masks)
