"""What staff read of a campaign: who is where, what was shared, and one pupil's shared results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam import scoring
from exam.framework import COMPETENCES
from kiosk.actions.campaigns import of_staff
from kiosk.actions.participations import existing_participation
from kiosk.actions.reviews import sitting_of
from kiosk.api.reply import reply
from kiosk.api.results import Results, results_view
from kiosk.campaign_results import SharedRow, average, bands_of, by_competence, counts, shared_rows
from kiosk.errors import Conflict, NotFound
from kiosk.following import followers
from kiosk.keys import KIOSK
from kiosk.live_news import ParticipantView
from kiosk.screens.access import signed_in
from kiosk.screens.page import language
from kiosk.store import following as store

if TYPE_CHECKING:
    import sqlite3

    from aiohttp.web import Request, StreamResponse

    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign
    from kiosk.store.following import Taking


class Counts(msgspec.Struct, frozen=True):
    """How many pupils take part, and in which state."""

    participants: int
    started: int
    to_share: int
    shared: int


class ActivityReply(msgspec.Struct, frozen=True):
    """Who takes part, by name."""

    counts: Counts
    participants: list[ParticipantView]


class BandView(msgspec.Struct, frozen=True):
    """A stage of the course, or a band of ten points: its bounds in percent and how many pupils reached it."""

    rank: int
    low: int
    high: int
    title: str | None
    count: int


class CompetenceMean(msgspec.Struct, frozen=True):
    """The mean mastery of a competence, a whole percentage."""

    code: str
    name: str
    percent: int


class SharedView(msgspec.Struct, frozen=True):
    """One pupil's shared results in one line; `stage` is a rank from 0, null when the course has no stage."""

    participation: str
    first_name: str
    last_name: str
    division: str | None
    mastery: int
    stage: int | None
    badges: list[str]
    shared_at: int


class CampaignResults(msgspec.Struct, frozen=True):
    """What was shared in a campaign; `stages` is how many the course has."""

    average: int | None
    stages: int
    distribution: list[BandView]
    competences: list[CompetenceMean]
    participants: list[SharedView]


class PupilResults(msgspec.Struct, frozen=True):
    """One pupil's shared results, with their name."""

    first_name: str
    last_name: str
    division: str | None
    results: Results


def activity_of(conn: Reader, campaign: str, person: Person) -> ActivityReply:
    """Return who takes part in a campaign and where they are, one line a learner; raises NotFound."""
    of_staff(conn, campaign, person)
    rows = [one.taking for one in followers(store.takings(conn, campaign))]
    statuses = [row.status for row in rows]
    counted = Counts(
        len(rows), statuses.count("started"), statuses.count("to_share"), statuses.count("shared")
    )
    return ActivityReply(counted, [_view(row) for row in rows])


def _view(row: Taking) -> ParticipantView:
    return ParticipantView(
        row.id, row.first_name, row.last_name, row.division, row.status, row.answered, row.progress // 10
    )


def last_sent(conn: Reader, campaign: str) -> list[SharedRow]:
    """Return what each learner last sent in a campaign, by name."""
    return shared_rows(store.takings(conn, campaign))


def _assessed(campaign: Campaign) -> Campaign:
    """Return the campaign; where profiles are collected there is no mastery to sum up: raises NotFound."""
    if campaign.kind == "collection":
        raise NotFound("page.unknown")
    return campaign


async def activity(request: Request) -> StreamResponse:
    """Say who takes part and where they are."""
    wanted, person = request.match_info["id"], signed_in(request)
    return reply(await request.app[KIOSK].db.read(lambda conn: activity_of(conn, wanted, person)))


async def results(request: Request) -> StreamResponse:
    """Sum up what was shared in a campaign."""
    kiosk, wanted, lang = request.app[KIOSK], request.match_info["id"], language(request)
    person = signed_in(request)

    def job(conn: sqlite3.Connection) -> tuple[Campaign, list[SharedRow]]:
        return _assessed(of_staff(conn, wanted, person)), last_sent(conn, wanted)

    campaign, rows = await kiosk.db.read(job)
    engine = kiosk.banks.engine(campaign.bank, campaign.course)
    steps, stages = scoring.stage_ladder(engine), engine.definition.stages
    bands = bands_of(steps)
    distribution = [
        BandView(
            band.rank,
            band.low,
            band.high,
            None if band.place is None else stages[band.place].staff_title[lang],
            count,
        )
        for band, count in zip(bands, counts(rows, bands), strict=True)
    ]
    ranks = {step.place: rank for rank, step in enumerate(steps)}
    return reply(
        CampaignResults(
            average=average(rows),
            stages=len(steps),
            distribution=distribution,
            competences=[
                CompetenceMean(code, COMPETENCES[code].name[lang], percent)
                for code, percent in by_competence(rows)
            ],
            participants=[_line(row, ranks) for row in rows],
        )
    )


def _line(row: SharedRow, ranks: dict[int, int]) -> SharedView:
    return SharedView(
        row.taking.id,
        row.taking.first_name,
        row.taking.last_name,
        row.taking.division,
        row.mastery,
        ranks.get(row.shared.stage),
        row.shared.badges,
        row.shared_ms,
    )


async def participation(request: Request) -> StreamResponse:
    """Show one pupil's shared results, competence by competence."""
    kiosk = request.app[KIOSK]
    campaign, wanted = request.match_info["id"], request.match_info["pid"]
    lang, person = language(request), signed_in(request)

    def job(conn: sqlite3.Connection) -> PupilResults:
        _assessed(of_staff(conn, campaign, person))
        row = existing_participation(conn, wanted)
        found = next((one for one in store.takings_beside(conn, wanted) if one.id == wanted), None)
        if row.campaign != campaign or found is None:
            raise NotFound("participation.unknown")
        if row.status != "shared":
            raise Conflict("participation.not_shared")
        view = results_view(row, sitting_of(kiosk, conn, wanted), lang, staff=True)
        return PupilResults(found.first_name, found.last_name, found.division, view)

    return reply(await kiosk.db.read(job))
