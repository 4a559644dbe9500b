"""A pupil's pages before and between questions: home, code, what a code opens, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from kiosk.actions.campaigns import with_code
from kiosk.actions.participations import join
from kiosk.actions.practice import practices
from kiosk.campaign_rules import EXTERNAL_LIMIT
from kiosk.errors import Conflict, KioskError, NotFound, Refused
from kiosk.keys import KIOSK
from kiosk.live_news import tell
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.competence_views import area_views, competence_views
from kiosk.screens.forms import form_of, go
from kiosk.screens.own_course import own_course
from kiosk.screens.page import language, page
from kiosk.screens.pupil_views import course_view, landing_view
from kiosk.store import campaigns
from kiosk.store import participations as rows
from kiosk.store.tutorials import read_rules
from kiosk.titles import campaign_title

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.screens.pupil_views import CourseView, LandingView
    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation

_URGENCY = {"started": 0, "to_share": 1, "shared": 2}
HOME_MOST = 4
EXTERNAL_MOST = EXTERNAL_LIMIT + 1
"""Signs of an identifier that are looked at: one more than the most, so that a refusal can say "too long"."""
EXTERNAL = "participantExternalId"
"""The parameter of a campaign's address that fills in the identifier it asks for."""


async def home(request: Request) -> StreamResponse:
    """Show a pupil their courses, and send anybody else where they work."""
    person = signed_in(request)
    if person.is_staff:
        return go("/staff")
    kiosk = request.app[KIOSK]
    courses = await courses_of(kiosk, person)
    open_now = [course for course in courses if course.status != "shared" and not course.archived]
    found = await practices(kiosk, person)
    first = open_now[0] if open_now else None
    others = [course for course in courses if course is not first]
    return page(
        request,
        "pupil/home.html",
        now=first,
        unsent=sum(course.status == "to_share" for course in open_now),
        others=others[:HOME_MOST],
        more=len(others) > HOME_MOST,
        resume=[view for view in competence_views(found, person.lang) if view.running],
        areas=area_views(found, person.lang),
        score=found.profile.score,
        certifiable=sum(one.level >= 1 for one in found.profile.competences),
    )


async def courses_of(kiosk: Kiosk, person: Person) -> list[CourseView]:
    """Return the campaigns somebody takes part in, what is to do first; trials are only their own affair too."""

    def job(conn: Reader) -> list[tuple[Participation, Campaign]]:
        found = [row for row in rows.of_pupil(conn, person.id) if row.campaign is not None and row.current]
        pairs = [(row, campaigns.by_id(conn, row.campaign or "")) for row in found]
        return [(row, campaign) for row, campaign in pairs if campaign is not None]

    views = [
        course_view(row, campaign, campaign_title(kiosk, campaign, person.lang))
        for row, campaign in await kiosk.db.read(job)
    ]
    return sorted(views, key=lambda view: _URGENCY[view.status])


async def code_page(request: Request) -> StreamResponse:
    """Ask for a code."""
    return _code_form(request)


async def enter_code(request: Request) -> StreamResponse:
    """Go to what a code opens, or say why it opens nothing."""
    code = (await form_of(request)).get("code", "")[:40]
    try:
        found = await _landing(request, code)
    except KioskError as refusal:
        return _code_form(request, code, refusal)
    return go(f"/code/{found.code}")


def _code_form(request: Request, code: str = "", refusal: KioskError | None = None) -> Response:
    problem = problem_of(request.app[KIOSK], language(request), refusal) if refusal else None
    status = refusal.status if refusal else 200
    return page(request, "pupil/code.html", status=status, code=code, problem=problem)


async def landing(request: Request) -> StreamResponse:
    """Show what a code opens, before anything is kept."""
    code = request.match_info["code"]
    try:
        found = await _landing(request, code)
    except KioskError as refusal:
        return _code_form(request, code[:40], refusal)
    return _landing_page(request, found, request.query.get(EXTERNAL, ""))


def _landing_page(
    request: Request, found: LandingView, external: str, refusal: KioskError | None = None
) -> Response:
    problem = problem_of(request.app[KIOSK], language(request), refusal) if refusal else None
    status = refusal.status if refusal else 200
    return page(
        request,
        "pupil/landing.html",
        status=status,
        campaign=found,
        external=external[:EXTERNAL_MOST],
        problem=problem,
        trial=found.participation is None and signed_in(request).is_staff,
    )


async def _landing(request: Request, code: str) -> LandingView:
    kiosk, person = request.app[KIOSK], signed_in(request)

    def job(conn: Reader) -> tuple[Campaign, Participation | None]:
        campaign = with_code(conn, code)
        return campaign, rows.of_pupil_in(conn, person.id, campaign.id)

    campaign, joined = await kiosk.db.read(job)
    if campaign.archived and joined is None:
        raise Conflict("campaign.archived", field="code")
    return landing_view(kiosk, campaign, joined, language(request))


async def start(request: Request) -> StreamResponse:
    """Open the participation, or find the one that exists, and go to it."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    code = request.match_info["code"]
    external = (await form_of(request)).get("external_id", "")[:EXTERNAL_MOST]
    try:
        joined = await join(kiosk, person, code, external)
    except Refused as refusal:
        return _landing_page(request, await _landing(request, code), external, refusal)
    except (NotFound, Conflict) as refusal:
        if refusal.code == "learner.unlinked":
            return go(f"/reconcile?{urlencode({'next': _address(code, external)})}")
        return _code_form(request, code[:40], refusal)
    if joined.new:
        await kiosk.db.write(lambda tx: read_rules(tx, person.id, kiosk.clock.now_ms()))
        await tell(kiosk, joined.participation.id)
    return go(f"/participations/{joined.participation.id}")


def _address(code: str, external: str) -> str:
    query = f"?{urlencode({EXTERNAL: external})}" if external else ""
    return f"/code/{quote(code, safe='')}{query}"


async def direct(request: Request) -> StreamResponse:
    """Go from a campaign's direct link, as it may have been handed out elsewhere, to what its code opens."""
    return go(_address(request.match_info["code"], request.query.get(EXTERNAL, "")[:EXTERNAL_MOST]))


async def leave(request: Request) -> StreamResponse:
    """Say that everything is kept, and offer to sign out."""
    own = await own_course(request)
    urls = {"resume": f"/participations/{own.row.id}"}
    return page(request, "pupil/leave.html", title=own.title, answered=own.row.answered, urls=urls)
