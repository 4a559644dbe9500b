"""Pages that take a course once more, and the page that sends a profile, once or again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.framework import COMPETENCES
from exam.retakes import why_not_again
from kiosk.actions import attempts, profiles
from kiosk.actions.participations import NoConsent
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.live_news import tell
from kiosk.screens.access import signed_in
from kiosk.screens.competence_views import FULL_SCORE
from kiosk.screens.forms import form_of, go
from kiosk.screens.own_course import own_course
from kiosk.screens.page import language, page
from kiosk.screens.pupil_views import day_of, teacher_of

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.actions.profiles import SentProfile
    from kiosk.people import Lang


async def again(request: Request) -> StreamResponse:
    """Take a sent course or sending again; `reset` starts from nothing."""
    kiosk = request.app[KIOSK]
    reset = (await form_of(request)).get("reset") == "yes"
    row = await attempts.again(kiosk, signed_in(request), request.match_info["id"], reset=reset)
    await tell(kiosk, row.id)
    return go(f"/participations/{row.id}")


async def retry(request: Request) -> StreamResponse:
    """Try again a course that was not sent."""
    kiosk = request.app[KIOSK]
    row = await attempts.retry(kiosk, signed_in(request), request.match_info["id"])
    await tell(kiosk, row.id)
    return go(f"/participations/{row.id}")


async def profile_page(request: Request) -> StreamResponse:
    """Show the profile to be sent, or the one that was."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    own = await own_course(request)
    row, campaign = own.row, own.campaign
    if campaign is None or not own.is_collection:
        raise NotFound("participation.unknown")
    sent = profiles.sent_profile(row.shared)
    shown = sent or profiles.snapshot(await profiles.profile_now(kiosk, person))
    open_still = row.current and not (row.deleted or row.trial or campaign.archived)
    attempt = attempts.sending_of(row, campaign)
    return page(
        request,
        "pupil/profile_sending.html",
        title=own.title,
        text=campaign.text,
        teacher=teacher_of(campaign),
        row=row,
        archived=campaign.archived,
        sent=day_of(row.shared_ms) if row.shared_ms is not None else None,
        may_send=open_still and sent is None,
        may_again=open_still and not why_not_again(attempt, kiosk.clock.now_ms()),
        score=shown.score,
        full=FULL_SCORE,
        certifiable=shown.certifiable,
        competences=_rows(shown, lang),
    )


def _rows(shown: SentProfile, lang: Lang) -> list[tuple[str, str, int, int]]:
    return [(code, COMPETENCES[code].name[lang], level, points) for code, level, points in shown.competences]


async def send_profile(request: Request) -> StreamResponse:
    """Send the profile, which the pupil has just consented to."""
    kiosk = request.app[KIOSK]
    own = await own_course(request)
    if (await form_of(request)).get("consent") != "yes":
        raise NoConsent
    if own.row.shared_ms is None:
        await profiles.send_profile(kiosk, signed_in(request), own.row.id)
        await tell(kiosk, own.row.id)
    return go(f"/participations/{own.row.id}/profile")
