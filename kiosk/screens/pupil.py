"""A pupil's pages before and between questions: home, code, what a code opens, leaving, a tutorial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions.campaigns import with_code
from kiosk.actions.participations import campaign_of, join, own_participation
from kiosk.actions.pasts import known_elsewhere
from kiosk.errors import Conflict, KioskError, NotFound
from kiosk.keys import KIOSK
from kiosk.live_news import tell
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go, local_address
from kiosk.screens.page import language, page
from kiosk.screens.pupil_views import course_view, landing_view, profile_views, title_of
from kiosk.store import campaigns
from kiosk.store import participations as rows

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.screens.pupil_views import AreaView, CourseView, LandingView
    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation
    from sync.db import Tx

_URGENCY = {"started": 0, "to_share": 1, "shared": 2}


async def home(request: Request) -> StreamResponse:
    """Show a pupil their courses, and send anybody else where they work."""
    person = signed_in(request)
    if person.is_staff:
        return go("/staff")
    kiosk = request.app[KIOSK]
    courses = await _courses(kiosk, person)
    first = courses[0] if courses and courses[0].status != "shared" else None
    areas, certifiable = await _profile(kiosk, person, started=bool(courses))
    return page(
        request,
        "pupil/home.html",
        now=first,
        others=courses[1:] if first else courses,
        areas=areas,
        certifiable=certifiable,
    )


async def _courses(kiosk: Kiosk, person: Person) -> list[CourseView]:
    def job(conn: Reader) -> list[tuple[Participation, Campaign]]:
        found = [row for row in rows.of_pupil(conn, person.id) if row.campaign is not None and row.current]
        pairs = [(row, campaigns.by_id(conn, row.campaign or "")) for row in found]
        return [(row, campaign) for row, campaign in pairs if campaign is not None and campaign.course]

    views = [
        course_view(row, campaign, kiosk.banks.of(campaign.bank).courses[campaign.course], person.lang)
        for row, campaign in await kiosk.db.read(job)
    ]
    return sorted(views, key=lambda view: _URGENCY[view.status])


async def _profile(kiosk: Kiosk, person: Person, *, started: bool) -> tuple[list[AreaView], int]:
    now = kiosk.clock.now_ms()
    validated: set[str] = set()
    if started:  # the folded sittings belong to the writer's thread, so they are read in a job

        def job(tx: Tx) -> set[str]:
            known = known_elsewhere(kiosk, tx, person.id, "", now)
            return {skill for skill, status, _ in known if status == "validated"}

        validated = await kiosk.db.write(job)
    return profile_views(kiosk.banks.current, validated, person.lang)


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
    return page(request, "pupil/landing.html", campaign=found)


async def _landing(request: Request, code: str) -> LandingView:
    kiosk, person = request.app[KIOSK], signed_in(request)

    def job(conn: Reader) -> tuple[Campaign, Participation | None]:
        campaign = with_code(conn, code)
        return campaign, rows.of_pupil_in(conn, person.id, campaign.id)

    campaign, joined = await kiosk.db.read(job)
    if campaign.archived and joined is None:
        raise Conflict("campaign.archived", field="code")
    course = kiosk.banks.of(campaign.bank).courses[campaign.course]
    return landing_view(campaign, course, joined, language(request))


async def start(request: Request) -> StreamResponse:
    """Open the participation, or find the one that exists, and go to it."""
    code = request.match_info["code"]
    try:
        joined = await join(request.app[KIOSK], signed_in(request), code)
    except (NotFound, Conflict) as refusal:
        return _code_form(request, code[:40], refusal)
    if joined.new:
        await tell(request.app[KIOSK], joined.participation.id)
    return go(f"/participations/{joined.participation.id}")


async def own_course(request: Request) -> tuple[Participation, Campaign, str]:
    """Return the participation of the address if it is this pupil's, its campaign and the title shown."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    wanted = request.match_info["id"]

    def job(conn: Reader) -> tuple[Participation, Campaign]:
        row = own_participation(conn, wanted, person)
        return row, campaign_of(conn, row.campaign)

    row, campaign = await kiosk.db.read(job)
    course = kiosk.banks.of(campaign.bank).courses[campaign.course]
    return row, campaign, title_of(campaign, course, language(request))


async def leave(request: Request) -> StreamResponse:
    """Say that everything is kept, and offer to sign out."""
    row, _, title = await own_course(request)
    urls = {"resume": f"/participations/{row.id}"}
    return page(request, "pupil/leave.html", title=title, answered=row.answered, urls=urls)


async def tutorial(request: Request) -> StreamResponse:
    """Show one tutorial of the current bank."""
    found = request.app[KIOSK].banks.current.tutorials.get(request.match_info["id"])
    if found is None:
        raise NotFound("tutorial.unknown")
    lang = language(request)
    shown = {"title": found.title[lang], "minutes": found.minutes, "text": found.text[lang]}
    back = local_address(request.query.get("back", "/"))
    return page(request, "pupil/tutorial.html", tutorial=shown, back=back)
