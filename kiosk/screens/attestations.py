"""The 6e attestation: where each pupil of 6e stands for the staff, the PDF of a class, and one's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from aiohttp.web import Response

from exam.attestation import COURSES, MEF_6E
from exam.rounding import Tally
from kiosk.errors import NotFound
from kiosk.folding import folded
from kiosk.following import paged
from kiosk.keys import KIOSK
from kiosk.printing.typesetting import typeset
from kiosk.screens.access import signed_in
from kiosk.screens.page import language, page
from kiosk.screens.staff_lists import pager_of
from kiosk.screens.staff_views import local, local_or_none
from kiosk.store import attestations as store
from web.dates import short_date
from web.downloads import attachment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aiohttp.web import Request

    from kiosk.keys import Kiosk
    from kiosk.store.attestations import Holder, Standing


class StandingView(NamedTuple):
    """One pupil of 6e in the list; `earned` is None while the attestation is not."""

    first_name: str
    last_name: str
    division: str | None
    earned: datetime | None


def _view(one: Standing) -> StandingView:
    return StandingView(one.first_name, one.last_name, one.division, local_or_none(one.earned_ms))


def course_names(kiosk: Kiosk, lang: str) -> list[str]:
    """Return the names of the three courses that this server's bank has."""
    courses = kiosk.banks.current.courses
    return [courses[course].name[lang] for course in COURSES if course in courses]


async def listing(request: Request) -> Response:
    """Show every pupil of 6e and whether the attestation is earned."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    everybody = await kiosk.db.read(lambda conn: store.standings(conn, person.organisation or "", MEF_6E))
    everybody.sort(
        key=lambda one: (folded(one.division or ""), folded(one.last_name), folded(one.first_name))
    )
    divisions = sorted({one.division for one in everybody if one.division}, key=folded)
    wanted = request.query.get("division", "")
    kept = [one for one in everybody if not wanted or one.division == wanted]
    shown, rows = paged(kept, request.query.get("page", ""))
    return page(
        request,
        "staff/attestations.html",
        space="attestations",
        rows=[_view(one) for one in rows],
        pager=pager_of(request, shown),
        divisions=divisions,
        division=wanted if wanted in divisions else "",
        earned=sum(one.earned_ms is not None for one in kept),
        total=len(kept),
        courses=course_names(kiosk, language(request)),
        threshold=kiosk.config.attestation_threshold,
        mef=MEF_6E,
    )


async def of_class(request: Request) -> Response:
    """Give the attestations of a class, or of the whole school, as one PDF; NotFound when there is none."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    division = request.query.get("division") or None
    holders = await kiosk.db.read(
        lambda conn: store.of_organisation(conn, person.organisation or "", division)
    )
    if not holders:
        raise NotFound("page.unknown")
    name = f"Attestations-6e-{division}.pdf" if division else "Attestations-6e.pdf"
    return await _pdf(request, holders, name)


async def mine(request: Request) -> Response:
    """Give a pupil their own attestation as a PDF; somebody else's does not exist for them."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    wanted = request.match_info["learner"]
    own = await kiosk.db.read(lambda conn: store.of_person(conn, person.id))
    holders = [one for one in own if one.attestation.learner == wanted]
    if not holders:
        raise NotFound("page.unknown")
    return await _pdf(request, holders, "Attestation-6e.pdf")


class OwnAttestation(NamedTuple):
    """An attestation as its pupil finds it: `learner` names the file."""

    learner: str
    school: str
    day: datetime


async def own_attestations(request: Request) -> list[OwnAttestation]:
    """Return the attestations of whoever is signed in, latest first."""
    person = signed_in(request)
    holders = await request.app[KIOSK].db.read(lambda conn: store.of_person(conn, person.id))
    return [
        OwnAttestation(one.attestation.learner, one.organisation_name, local(one.attestation.earned_ms))
        for one in holders
    ]


async def _pdf(request: Request, holders: Sequence[Holder], name: str) -> Response:
    kiosk = request.app[KIOSK]
    data = sheet_of(kiosk, holders)
    made = max(one.attestation.earned_ms for one in holders)
    pdf = await asyncio.to_thread(typeset, "attestation", data, now_ms=made)
    headers = {"Content-Type": "application/pdf", "Content-Disposition": attachment(name)}
    return Response(body=pdf, headers=headers)


def sheet_of(kiosk: Kiosk, holders: Sequence[Holder]) -> dict[str, object]:
    """Return the data of the document: French, since it goes with the pupil to any school of the country."""
    lang = "fr"

    def say(key: str, **params: object) -> str:
        return kiosk.pages.t(lang, f"results.attestation.paper.{key}", **params)

    return {
        "lang": lang,
        "title": say("title"),
        "school": holders[0].organisation_name,
        "given_to": say("given_to"),
        "says": say("says"),
        "courses": course_names(kiosk, lang),
        "signature": say("signature"),
        "footer": say("footer", school=holders[0].organisation_name),
        "pupils": [
            {
                "name": f"{one.first_name} {one.last_name.upper()}",
                "born": say("born", day=_day(one.birth_date)) if one.birth_date else "",
                "result": say(
                    "result",
                    validated=one.attestation.validated,
                    targeted=one.attestation.targeted,
                    percent=Tally(one.attestation.validated, one.attestation.targeted).percent(),
                ),
                "day": say("day", day=short_date(local(one.attestation.earned_ms), lang)),
            }
            for one in holders
        ],
    }


def _day(written: str) -> str:
    """Return a birth date (year first) as people write it."""
    return "/".join(reversed(written.split("-")))
