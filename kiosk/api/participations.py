"""A pupil's participations: join, list, review, results, share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from kiosk.actions import participations, reviews
from kiosk.api.campaigns import JoinBody
from kiosk.api.reply import body_of, reply
from kiosk.api.results import Results, ResultsReply, results_view
from kiosk.api.sittings import query_number
from kiosk.keys import KIOSK
from kiosk.live_news import tell
from kiosk.screens.access import signed_in
from kiosk.screens.own_course import own_course
from kiosk.screens.page import language
from kiosk.store import campaigns as campaign_store
from kiosk.store import participations as store
from kiosk.store.participations import Status
from kiosk.titles import campaign_title, practice_title

if TYPE_CHECKING:
    import sqlite3

    from aiohttp.web import Request, StreamResponse

    from kiosk.actions.reviews import Recap
    from kiosk.keys import Kiosk
    from kiosk.people import Lang
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation


class ParticipationView(msgspec.Struct, frozen=True):
    """One participation, to its pupil; `progress` is a whole percentage, instants are milliseconds since 1970.

    A free practice has a competence and no code; `current` is false once a later attempt took its place.
    """

    id: str
    code: str | None
    title: str
    status: Status
    answered: int
    progress: int
    epoch: int
    archived: bool
    started_at: int
    shared_at: int | None
    kind: Literal["assessment", "collection", "practice"]
    competence: str | None
    attempt: int
    current: bool
    trial: bool
    external_id: str | None


class ParticipationReply(msgspec.Struct, frozen=True):
    """One participation."""

    participation: ParticipationView


class ParticipationList(msgspec.Struct, frozen=True):
    """A pupil's participations, latest first."""

    participations: list[ParticipationView]


class TutorialLink(msgspec.Struct, frozen=True):
    """A lesson to read."""

    id: str
    title: str
    minutes: int


class RecapView(msgspec.Struct, frozen=True):
    """One answered question: what was answered (null when passed), what was expected, how to succeed next time."""

    number: int
    title: str
    outcome: Literal["ok", "ko", "skipped", "timed_out"]
    shown: str | None
    expected: str
    hint: str
    tutorials: list[TutorialLink]


class CheckpointReply(msgspec.Struct, frozen=True):
    """The last answered questions; `remaining` is about how many are left, fewest and most."""

    number: int
    recaps: list[RecapView]
    progress: int
    remaining: Annotated[list[int], msgspec.Meta(min_length=2, max_length=2)]


class ConsentBody(msgspec.Struct, frozen=True):
    """Results are sent only when the pupil says so."""

    consent: bool


class SharedReply(msgspec.Struct, frozen=True):
    """The participation and the results that were sent."""

    participation: ParticipationView
    results: Results


_code = msgspec.json.Decoder(JoinBody)
_consent = msgspec.json.Decoder(ConsentBody)


def view(row: Participation, campaign: Campaign | None, kiosk: Kiosk, lang: Lang) -> ParticipationView:
    """Return a participation as its pupil sees it; there is no campaign in free practice."""
    return ParticipationView(
        id=row.id,
        code=campaign.code if campaign else None,
        title=campaign_title(kiosk, campaign, lang)
        if campaign
        else practice_title(row.competence or "", lang),
        status=row.status,
        answered=row.answered,
        progress=row.progress // 10,
        epoch=row.epoch,
        archived=campaign is not None and campaign.archived,
        started_at=row.started_ms,
        shared_at=row.shared_ms,
        kind=campaign.kind if campaign else "practice",
        competence=row.competence,
        attempt=row.attempt,
        current=row.current,
        trial=row.trial,
        external_id=row.external_id,
    )


async def join(request: Request) -> StreamResponse:
    """Open one's participation in the campaign of a code, or find it again."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    body = await body_of(request, _code)
    joined = await participations.join(kiosk, person, body.code, body.external_id)
    if joined.new:
        await tell(kiosk, joined.participation.id)
    return reply(ParticipationReply(view(joined.participation, joined.campaign, kiosk, language(request))))


async def listed(request: Request) -> StreamResponse:
    """List one's own participations."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)

    def job(conn: sqlite3.Connection) -> list[tuple[Participation, Campaign | None]]:
        found = [row for row in store.of_pupil(conn, person.id) if row.campaign is not None]
        return [(row, campaign_store.by_id(conn, row.campaign or "")) for row in found]

    rows = await kiosk.db.read(job)
    return reply(ParticipationList([view(row, found, kiosk, lang) for row, found in rows if found]))


async def one(request: Request) -> StreamResponse:
    """Show one of one's own participations."""
    kiosk = request.app[KIOSK]
    own = await own_course(request)
    return reply(ParticipationReply(view(own.row, own.campaign, kiosk, language(request))))


async def checkpoint(request: Request) -> StreamResponse:
    """Return the last answered questions, with what was expected."""
    kiosk = request.app[KIOSK]
    until = query_number(request, "until") if "until" in request.query else None
    found = await reviews.checkpoint(kiosk, signed_in(request), request.match_info["id"], until)
    recaps = [recap_view(kiosk, recap) for recap in found.recaps]
    return reply(CheckpointReply(found.number, recaps, found.progress // 10, list(found.remaining)))


def recap_view(kiosk: Kiosk, recap: Recap) -> RecapView:
    """Return one answered question in words."""
    lessons = kiosk.banks.of(recap.bank).tutorials
    links = [
        TutorialLink(lesson.id, lesson.title[recap.lang], lesson.minutes)
        for lesson in (lessons[name] for name in recap.tutorials)
    ]
    return RecapView(recap.number, recap.title, recap.outcome, recap.shown, recap.expected, recap.hint, links)


async def results(request: Request) -> StreamResponse:
    """Return one's own results, once nothing is left to ask."""
    found = await reviews.results(request.app[KIOSK], signed_in(request), request.match_info["id"])
    return reply(ResultsReply(results_view(found.participation, found.sitting, language(request))))


async def share(request: Request) -> StreamResponse:
    """Send one's results."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    body = await body_of(request, _consent)
    if not body.consent:
        raise participations.NoConsent
    wanted = request.match_info["id"]
    await participations.share(kiosk, person, wanted)
    await tell(kiosk, wanted)
    row, campaign, _ = await own_course(request)
    found = await reviews.results(kiosk, person, wanted)
    sent = results_view(found.participation, found.sitting, lang)
    return reply(SharedReply(view(row, campaign, kiosk, lang), sent))
