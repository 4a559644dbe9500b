"""Results and certificates back at school: the principal's page and files, and each holder's own certificate."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from aiohttp.web import FileField, Response

from kiosk.actions import statements
from kiosk.actors import authorised, principal
from kiosk.body import in_time
from kiosk.certificate_paper import certificate_sheets
from kiosk.errors import NotFound, Refused
from kiosk.exports.certifications import (
    CLASS_COLUMNS,
    SESSION_COLUMNS,
    class_file,
    class_rows,
    latest_of_each,
    session_file,
    session_rows,
)
from kiosk.keys import KIOSK
from kiosk.printing.typesetting import typeset
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import language, page
from kiosk.screens.staff_views import local
from kiosk.store import certificates as store
from kiosk.store import finalisation, organisations, sessions
from sync.enrolment import NotEnrolled
from web.dates import short_date
from web.downloads import CSV_TYPE, attachment, csv_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiohttp.web import Request

    from kiosk.store.base import Reader
    from kiosk.store.certificates import Result
    from kiosk.store.finalisation import Waiting
    from kiosk.store.sessions import Session

LANG = "fr"


class Line(NamedTuple):
    """A session in the list: how many results, how many validated."""

    session: Session
    results: int
    validated: int


async def listing(request: Request) -> Response:
    """Show sessions with what is published of each, and classes with results."""
    kiosk, actor = request.app[KIOSK], principal(signed_in(request))
    today = local(kiosk.clock.now_ms()).date().isoformat()

    def read(conn: Reader) -> tuple[list[Line], list[tuple[str, int]], list[Waiting]]:
        counts = store.counts(conn, actor.organisation)
        lines = [Line(one, *counts.get(one.id, (0, 0))) for one in sessions.listed(conn, actor.organisation)]
        classes = store.divisions(conn, actor.organisation)
        return lines, classes, finalisation.waiting(conn, actor.organisation, today)

    lines, classes, waiting = await kiosk.db.read(read)
    return page(
        request,
        "staff/certifications.html",
        space="certification",
        lines=lines,
        classes=classes,
        waiting=waiting,
        imported=request.query.get("imported", ""),
        day=lambda text: short_date(date.fromisoformat(text), language(request)),
        local=local,
    )


async def _of_session(request: Request) -> tuple[Session, list[Result]]:
    actor, wanted = principal(signed_in(request)), request.match_info["id"]

    def read(conn: Reader) -> tuple[Session, list[Result]]:
        found = authorised(conn, actor, wanted)
        return found, store.of_session(conn, found.id)

    session, results = await request.app[KIOSK].db.read(read)
    if not results:
        raise NotFound("page.unknown")
    return session, results


async def _of_class(request: Request) -> tuple[str, list[Result]]:
    actor, division = principal(signed_in(request)), request.query.get("division", "")
    results = await request.app[KIOSK].db.read(
        lambda conn: store.of_division(conn, actor.organisation, division)
    )
    if not results:
        raise NotFound("page.unknown")
    return division, latest_of_each(results)


async def session_csv(request: Request) -> Response:
    """Give the results of a session."""
    session, results = await _of_session(request)
    rows = session_rows(results, _status(request))
    return _csv(
        session_file(session.date, session.time, session.number), b"".join(csv_lines(SESSION_COLUMNS, rows))
    )


async def class_csv(request: Request) -> Response:
    """Give the results of a class."""
    division, results = await _of_class(request)
    today = local(request.app[KIOSK].clock.now_ms()).date()
    rows = class_rows(results, _status(request))
    return _csv(class_file(today, division), b"".join(csv_lines(CLASS_COLUMNS, rows)))


async def session_pdf(request: Request) -> Response:
    """Give the certificates of a session."""
    session, results = await _of_session(request)
    return await _pdf(request, results, f"certificats-session-{session.number}.pdf")


async def class_pdf(request: Request) -> Response:
    """Give the certificates of a class."""
    division, results = await _of_class(request)
    return await _pdf(request, results, f"certificats-{division}.pdf")


async def mine(request: Request) -> Response:
    """Give somebody their own certificate; somebody else's does not exist for them."""
    person, wanted = signed_in(request), request.match_info["candidate"]
    own = await request.app[KIOSK].db.read(lambda conn: store.of_person(conn, person.id))
    results = [one for one in own if one.certificate.candidate == wanted]
    return await _pdf(request, results, "certificat.pdf")


async def own_results(request: Request) -> list[Result]:
    """Return the published results of whoever is signed in, latest first."""
    person = signed_in(request)
    return await request.app[KIOSK].db.read(lambda conn: store.of_person(conn, person.id))


async def import_statements(request: Request) -> Response:
    """Take in the file the central instance gave, for a server without a network."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    posted = await in_time(request.post())
    given = posted.get("file")
    if not isinstance(given, FileField):
        raise Refused("statements.no_file", field="file")
    data = await asyncio.to_thread(given.file.read, statements.MOST_BYTES + 1)
    try:
        count = await statements.import_file(kiosk, person, data)
    except NotEnrolled:
        raise Refused("statements.not_enrolled") from None
    return go(f"/staff/certifications?imported={count}")


def _status(request: Request) -> Callable[[str], str]:
    pages = request.app[KIOSK].pages
    return lambda status: pages.t(LANG, f"certificates.status.{status}")


def _csv(name: str, data: bytes) -> Response:
    return Response(body=data, headers={"Content-Type": CSV_TYPE, "Content-Disposition": attachment(name)})


async def _pdf(request: Request, results: Sequence[Result], name: str) -> Response:
    kiosk = request.app[KIOSK]
    granted = [one for one in results if one.certificate.token is not None and one.sheet is not None]
    if not granted:
        raise NotFound("page.unknown")
    session = granted[0].certificate.session

    def read(conn: Reader) -> str:
        found = sessions.by_id(conn, session)
        school = organisations.by_id(conn, found.organisation) if found is not None else None
        return school.name if school is not None else kiosk.identity.name

    school = await kiosk.db.read(read)
    made = max(one.certificate.published_ms for one in granted)
    data = await asyncio.to_thread(certificate_sheets, kiosk, granted, school)
    pdf = await asyncio.to_thread(typeset, "certificate", data, now_ms=made)
    headers = {"Content-Type": "application/pdf", "Content-Disposition": attachment(name)}
    return Response(body=pdf, headers=headers)
