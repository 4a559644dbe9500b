"""A pupil's own space: the sixteen competences, free practice, their campaigns, their certifications, the rules."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kiosk.actions import practice as acts
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.attestations import own_attestations
from kiosk.screens.certificates import own_results
from kiosk.screens.competence_views import FULL_SCORE, REACHABLE_SCORE, area_views, competence_view
from kiosk.screens.forms import form_of, go, local_address
from kiosk.screens.page import language, page
from kiosk.screens.pupil import courses_of
from kiosk.store.tutorials import has_read_rules, read_rules
from web.dates import short_date

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse


async def competences(request: Request) -> StreamResponse:
    """Show the profile: score, and the sixteen competences with their levels."""
    found = await acts.practices(request.app[KIOSK], signed_in(request))
    return page(
        request,
        "pupil/competences.html",
        areas=area_views(found, language(request)),
        score=found.profile.score,
        full=FULL_SCORE,
        reachable=REACHABLE_SCORE,
        certifiable=sum(one.level >= 1 for one in found.profile.competences),
    )


async def competence(request: Request) -> StreamResponse:
    """Show one competence: level, points towards the next, and what may be done now or in how many days."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    wanted = request.match_info["code"]
    found = await acts.practices(kiosk, person)
    one = next((one for one in found.competences if one.score.competence == wanted), None)
    if one is None:
        raise NotFound("page.unknown")
    bank = kiosk.banks.current
    topics = sorted(topic.name[lang] for topic in bank.topics.values() if topic.competence == wanted)
    return page(
        request,
        "pupil/competence.html",
        one=competence_view(one, lang),
        topics=topics,
        forgotten=request.query.get("done") == "reset",
    )


async def begin(request: Request) -> StreamResponse:
    """Begin a practice, or go on; the rules of the game come before the very first one."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    code = request.match_info["code"]
    if not await kiosk.db.read(lambda conn: has_read_rules(conn, person.id)):
        return go(f"/rules?next=/competences/{code}")
    row = await acts.begin(kiosk, person, code)
    return go(f"/participations/{row.id}")


async def improve(request: Request) -> StreamResponse:
    """Ask again what was failed in a completed competence."""
    row = await acts.improve(request.app[KIOSK], signed_in(request), request.match_info["code"])
    return go(f"/participations/{row.id}")


async def reset(request: Request) -> StreamResponse:
    """Forget what is known of a competence, when the box was ticked."""
    code = request.match_info["code"]
    if (await form_of(request)).get("sure") == "yes":
        await acts.start_again(request.app[KIOSK], signed_in(request), code)
        return go(f"/competences/{code}?done=reset")
    return go(f"/competences/{code}")


async def campaigns(request: Request) -> StreamResponse:
    """Show every campaign this person takes part in."""
    courses = await courses_of(request.app[KIOSK], signed_in(request))
    return page(request, "pupil/campaigns.html", courses=courses)


async def certifications(request: Request) -> StreamResponse:
    """Show where one stands before a certification."""
    found = await acts.practices(request.app[KIOSK], signed_in(request))
    certifiable = sum(one.level >= 1 for one in found.profile.competences)
    attestations = await own_attestations(request)
    return page(
        request,
        "pupil/certifications.html",
        certifiable=certifiable,
        attestations=attestations,
        results=await own_results(request),
        day=lambda text: short_date(date.fromisoformat(text), language(request)),
    )


async def rules_page(request: Request) -> StreamResponse:
    """Show the rules of the game."""
    following = local_address(request.query.get("next", "/"))
    return page(request, "pupil/rules.html", next=following)


async def rules_read(request: Request) -> StreamResponse:
    """Note that the rules were read, and go on."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    following = local_address((await form_of(request)).get("next", "/"))
    now = kiosk.clock.now_ms()
    await kiosk.db.write(lambda tx: read_rules(tx, person.id, now))
    return go(following)
