"""A pupil's own space as JSON: attempts, profile sendings, competences and free practice, tutorials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from kiosk.actions import attempts, practice, profiles, tutorials
from kiosk.actions.participations import NoConsent
from kiosk.api.accounts import Empty
from kiosk.api.participations import ConsentBody, ParticipationReply, view
from kiosk.api.reply import body_of, reply
from kiosk.keys import KIOSK
from kiosk.live_news import tell
from kiosk.screens.access import signed_in
from kiosk.screens.competence_views import competence_views
from kiosk.screens.page import language
from kiosk.screens.pupil_tutorials import recommended_for
from kiosk.store import campaigns
from kiosk.store import tutorials as tutorial_store

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.store.participations import Participation


class AgainBody(msgspec.Struct, frozen=True):
    """Whether to start from nothing."""

    reset: bool = False


class CompetenceView(msgspec.Struct, frozen=True):
    """One competence; days are whole days to wait, null when waiting would not help; `running` is a participation."""

    code: str
    name: str
    level: int
    points: int
    status: Literal["not_started", "started", "completed"]
    running: str | None
    improve_in: int | None
    reset_in: int | None
    available: bool


class CompetencesReply(msgspec.Struct, frozen=True):
    """A profile: its score, whether it may certify, the sixteen competences."""

    score: int
    certifiable: bool
    competences: list[CompetenceView]


class ProfileReply(msgspec.Struct, frozen=True):
    """A profile as it was sent: (code, level, points) of the sixteen competences."""

    score: int
    certifiable: bool
    competences: list[tuple[str, int, int]]


class TutorialsReply(msgspec.Struct, frozen=True):
    """Ids of the tutorials kept, of those found useful, and of those recommended from failures."""

    saved: list[str]
    useful: list[str]
    recommended: list[str]


class MarkBody(msgspec.Struct, frozen=True):
    """What to note of a tutorial; what is left out stays."""

    saved: bool | None = None
    useful: bool | None = None


_again = msgspec.json.Decoder(AgainBody)
_consent = msgspec.json.Decoder(ConsentBody)
_mark = msgspec.json.Decoder(MarkBody)


async def again(request: Request) -> StreamResponse:
    """Take a sent course or profile sending again."""
    body = await body_of(request, _again)
    kiosk, person = request.app[KIOSK], signed_in(request)
    return await _opened(
        request, await attempts.again(kiosk, person, request.match_info["id"], reset=body.reset)
    )


async def retry(request: Request) -> StreamResponse:
    """Try again a finished course that was not sent."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    return await _opened(request, await attempts.retry(kiosk, person, request.match_info["id"]))


async def _opened(request: Request, row: Participation) -> StreamResponse:
    kiosk = request.app[KIOSK]
    await tell(kiosk, row.id)
    wanted = row.campaign
    campaign = await kiosk.db.read(lambda conn: campaigns.by_id(conn, wanted)) if wanted is not None else None
    return reply(ParticipationReply(view(row, campaign, kiosk, language(request))))


async def send_profile(request: Request) -> StreamResponse:
    """Send one's profile to a campaign that collects them."""
    if not (await body_of(request, _consent)).consent:
        raise NoConsent
    kiosk, wanted = request.app[KIOSK], request.match_info["id"]
    sent = await profiles.send_profile(kiosk, signed_in(request), wanted)
    await tell(kiosk, wanted)
    return reply(ProfileReply(sent.score, sent.certifiable, sent.competences))


async def competences(request: Request) -> StreamResponse:
    """Return one's profile and what may be done with each competence."""
    found = await practice.practices(request.app[KIOSK], signed_in(request))
    views = [
        CompetenceView(
            code=one.code,
            name=one.name,
            level=one.level,
            points=one.points,
            status=one.status,
            running=one.running,
            improve_in=one.improve_in,
            reset_in=one.reset_in,
            available=one.available,
        )
        for one in competence_views(found, language(request))
    ]
    return reply(CompetencesReply(found.profile.score, found.profile.certifiable, views))


async def begin(request: Request) -> StreamResponse:
    """Begin a practice of a competence, or go on with it."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    return await _opened(request, await practice.begin(kiosk, person, request.match_info["code"]))


async def improve(request: Request) -> StreamResponse:
    """Ask again what was failed in a completed competence."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    return await _opened(request, await practice.improve(kiosk, person, request.match_info["code"]))


async def start_again(request: Request) -> StreamResponse:
    """Forget what is known of a competence."""
    await practice.start_again(request.app[KIOSK], signed_in(request), request.match_info["code"])
    return reply(Empty())


async def own_tutorials(request: Request) -> StreamResponse:
    """Return the tutorials kept, found useful and recommended."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    past = await profiles.history(kiosk, person)
    saved, useful = await kiosk.db.read(
        lambda conn: (tutorial_store.saved(conn, person.id), tutorial_store.useful(conn, person.id))
    )
    recommended = recommended_for(kiosk.banks.current, past.failed())
    return reply(TutorialsReply(saved, sorted(useful), recommended))


async def mark_tutorial(request: Request) -> StreamResponse:
    """Keep a tutorial or say it was useful, or take either back."""
    kiosk, person, name = request.app[KIOSK], signed_in(request), request.match_info["id"]
    body = await body_of(request, _mark)
    if body.saved is not None:
        await tutorials.mark_saved(kiosk, person, name, saved=body.saved)
    if body.useful is not None:
        await tutorials.mark_useful(kiosk, person, name, useful=body.useful)
    return reply(Empty())
