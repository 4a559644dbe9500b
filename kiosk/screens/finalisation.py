"""The principal finalises a session: who finished, who did not and why, what was reported; and the report on paper."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from aiohttp.web import Response

from exam.session.incidents import CATEGORIES
from kiosk.actions import finalisation as act
from kiosk.actions import incidents
from kiosk.actions.incidents import Noted
from kiosk.actions.opening import close_session
from kiosk.actions.signing import signing_of
from kiosk.actions.statements import given_back
from kiosk.actors import authorised, principal
from kiosk.errors import KioskError, Refused
from kiosk.finalisation_paper import report_sheet
from kiosk.finalisation_rules import LONGEST_COMMENT, Finalisation, standing
from kiosk.finalisation_signed import signed_of
from kiosk.keys import KIOSK
from kiosk.printing.typesetting import typeset
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.store import candidates, room_notes
from web.dates import short_date
from web.downloads import attachment

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.actions.signing import Signing
    from kiosk.finalisation_signed import Signed
    from kiosk.refusals import Problem
    from kiosk.store.base import Reader
    from kiosk.store.candidates import Candidate
    from kiosk.store.room_notes import Incident
    from kiosk.store.sessions import Session

REASON = "reason-"


class View(NamedTuple):
    """Everything the page shows of a session; `signed` is empty until it is finalised."""

    session: Session
    rows: list[Candidate]
    incidents: list[Incident]
    signing: Signing
    signed: list[Signed]

    @property
    def finished(self) -> list[Candidate]:
        """Who finished."""
        return [row for row in self.rows if standing(row) == "finished"]

    @property
    def unfinished(self) -> list[Candidate]:
        """Who began and did not finish."""
        return [row for row in self.rows if standing(row) == "unfinished"]

    @property
    def absent(self) -> list[Candidate]:
        """Who never began."""
        return [row for row in self.rows if standing(row) == "absent"]

    def reports_of(self, candidate: str | None) -> list[Incident]:
        """Return what was reported about one candidate, or about the room."""
        return [one for one in self.incidents if one.candidate == candidate]


async def view_of(request: Request) -> View:
    """Return what this principal may see of the session; raises NotFound, Forbidden."""
    kiosk, actor = request.app[KIOSK], principal(signed_in(request))
    wanted = request.match_info["id"]

    def read(conn: Reader) -> View:
        found = authorised(conn, actor, wanted)
        return View(
            found,
            candidates.of_session(conn, found.id),
            room_notes.incidents_of(conn, found.id),
            signing_of(kiosk, conn, found.id),
            signed_of(conn, found),
        )

    return await kiosk.db.read(read)


async def show(request: Request) -> Response:
    """Show the form, or what was finalised."""
    return await _show(request)


async def _show(request: Request, problem: Problem | None = None, status: int = 200) -> Response:
    view = await view_of(request)
    return page(
        request,
        "staff/finalise.html",
        status=status,
        space="certification",
        view=view,
        session=view.session,
        signing=view.signing,
        signed=view.signed,
        signing_page=_signing_page(request, view.session.id),
        categories=[one for one in CATEGORIES.values() if one.code[0] in "CR"],
        longest=LONGEST_COMMENT,
        given_back=await given_back(request.app[KIOSK], view.session.id)
        if view.session.status == "closed"
        else "",
        problem=problem,
        day=lambda text: short_date(date.fromisoformat(text), language(request)),
    )


def _signing_page(request: Request, session: str) -> dict[str, object]:
    kiosk, lang = request.app[KIOSK], language(request)
    return {
        "person": signed_in(request).id,
        "api": f"/api/v1/sessions/{session}",
        "words": {name: kiosk.pages.t(lang, f"finalisation.{name}") for name in ("signing", "lost")},
    }


def said_in(fields: dict[str, str]) -> Finalisation:
    """Return what a form says."""
    reasons = {
        name[len(REASON) :]: value for name, value in fields.items() if name.startswith(REASON) and value
    }
    return Finalisation(
        reasons=reasons,
        comment=fields.get("comment", "").replace("\r\n", "\n").strip(),
        has_incident="has_incident" in fields,
        has_joining_issue="has_joining_issue" in fields,
    )


async def finalise(request: Request) -> Response:
    """Keep what was said, and finalise when that was the button."""
    kiosk, person, session = request.app[KIOSK], signed_in(request), request.match_info["id"]
    fields = await form_of(request)
    said = said_in(fields)
    try:
        await act.keep_draft(kiosk, person, session, said)
        if fields.get("act") == "finalise":
            await act.finalise(kiosk, person, session, said)
    except Refused as error:
        return await _show(request, problem_of(kiosk, language(request), error), error.status)
    return go(f"/staff/sessions/{session}/finalise")


async def close(request: Request) -> Response:
    """Close the session, so that it can be finalised."""
    session = request.match_info["id"]
    await close_session(request.app[KIOSK], principal(signed_in(request)), session)
    return go(f"/staff/sessions/{session}/finalise")


async def add_report(request: Request) -> Response:
    """Note a report about a candidate or the room."""
    kiosk, session = request.app[KIOSK], request.match_info["id"]
    fields = await form_of(request)
    number = fields.get("number", "").strip()
    noted = Noted(
        fields.get("category", ""),
        fields.get("text", ""),
        fields.get("candidate") or None,
        int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None,
    )
    try:
        await incidents.note(kiosk, principal(signed_in(request)), session, noted)
    except KioskError as error:
        if not 400 <= error.status < 500 or error.status == 404:
            raise
        return await _show(request, problem_of(kiosk, language(request), error), error.status)
    return go(f"/staff/sessions/{session}/finalise#reports")


async def withdraw_report(request: Request) -> Response:
    """Take a report back."""
    session = request.match_info["id"]
    await incidents.withdraw(
        request.app[KIOSK], principal(signed_in(request)), session, request.match_info["report"]
    )
    return go(f"/staff/sessions/{session}/finalise#reports")


async def paper(request: Request) -> Response:
    """Give the report of a session as a PDF, with the head of its chain in words and as a square."""
    kiosk, view = request.app[KIOSK], await view_of(request)
    head = await kiosk.db.read(lambda conn: kiosk.log.events(conn, view.session.id))
    data = await asyncio.to_thread(report_sheet, kiosk, view, head)
    made = view.session.finalised_ms or kiosk.clock.now_ms()
    pdf = await asyncio.to_thread(typeset, "session_report", data, now_ms=made)
    name = f"rapport-session-{view.session.number}.pdf"
    headers = {"Content-Type": "application/pdf", "Content-Disposition": attachment(name)}
    return Response(body=pdf, headers=headers)
