"""Files of planning: one session's list as a spreadsheet, and many sessions by CSV with a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp.web import FileField, Response

from kiosk.actions import session_imports as acts
from kiosk.actors import principal
from kiosk.body import FILE_S, in_time
from kiosk.enrolment.candidates_file import candidates_sheet
from kiosk.enrolment.limits import FILE_BYTES
from kiosk.enrolment.sessions_file import HEADINGS
from kiosk.enrolment.told import told
from kiosk.enrolment_drafts import DRAFTS
from kiosk.errors import KioskError, Refused
from kiosk.keys import KIOSK
from kiosk.printing.session_papers import by_name
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import language, page
from kiosk.screens.planning_reach import HOME, SPACE, session_of, view_of, words_of
from kiosk.store import candidates
from web.dates import short_date
from web.downloads import CSV_TYPE, attachment, csv_lines

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.enrolment_drafts import Draft
    from kiosk.imports.reading import Reading

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
SHOWN = 200
"""Candidates a preview lists under each session."""


async def sheet(request: Request) -> Response:
    """Give a session's list as a spreadsheet, with lines to fill in."""
    found = await session_of(request)
    rows = await request.app[KIOSK].db.read(lambda conn: candidates.of_session(conn, found.id))
    view = await view_of(request, found)
    pages = request.app[KIOSK].pages
    facts = [
        f"{short_date(view.day, 'fr')}, {found.time}, {found.site}, {found.room}",
        pages.words.text("fr", "sessions_plan.sheet.note"),
    ]
    data = candidates_sheet(f"Session {found.number}", facts, by_name(rows))
    name = attachment(f"candidats-session-{found.number}.ods")
    return Response(body=data, headers={"Content-Type": ODS_TYPE, "Content-Disposition": name})


async def sheet_form(request: Request) -> Response:
    """Show where a session's spreadsheet is downloaded and given back."""
    return await _sheet_page(request, None, "")


async def sheet_upload(request: Request) -> Response:
    """Put what a spreadsheet says in place of the list, or show every reason why not."""
    found = await session_of(request)
    try:
        _, data = await _file(request)
        count, reading = await acts.replace_list(request.app[KIOSK], signed_in(request), found.id, data)
    except KioskError as refusal:
        return await _sheet_page(request, None, words_of(request, refusal), refusal.status)
    if reading.problems.count:
        return await _sheet_page(request, reading, "", Refused.status)
    return go(f"{HOME}/{found.id}?done=replaced&count={count}")


async def _sheet_page(request: Request, reading: Reading | None, error: str, status: int = 200) -> Response:
    kiosk, lang = request.app[KIOSK], language(request)
    return page(
        request,
        "staff/session_sheet.html",
        status=status,
        space=SPACE,
        session=await view_of(request, await session_of(request)),
        error=error,
        problems=told(kiosk.pages.words, lang, reading.problems.first) if reading else [],
        problem_count=reading.problems.count if reading else 0,
    )


async def many_form(request: Request) -> Response:
    """Show where a file of many sessions is given."""
    return _many_page(request, None, "")


async def many_upload(request: Request) -> Response:
    """Read a file of sessions and show what it would do; with a problem, every reason why it does nothing."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    try:
        name, data = await _file(request)
        draft = await acts.read_file(kiosk, person, name, data)
    except KioskError as refusal:
        return _many_page(request, None, words_of(request, refusal), refusal.status)
    if draft.reading.problems.count:
        return _many_page(request, draft, "", Refused.status)
    return go(f"{HOME}/import/{request.app[DRAFTS].keep(draft, kiosk.clock.now_ms())}")


def _many_page(request: Request, draft: Draft | None, error: str, status: int = 200) -> Response:
    kiosk, lang = request.app[KIOSK], language(request)
    reading = draft.reading if draft else None
    return page(
        request,
        "staff/sessions_import.html",
        status=status,
        space=SPACE,
        error=error,
        file_name=draft.file_name if draft else "",
        problems=told(kiosk.pages.words, lang, reading.problems.first) if reading else [],
        problem_count=reading.problems.count if reading else 0,
    )


async def preview(request: Request) -> Response:
    """Show what a file that was read would do, with its warnings."""
    draft, kiosk = _draft(request), request.app[KIOSK]
    return page(
        request,
        "staff/sessions_preview.html",
        space=SPACE,
        name=request.match_info["draft"],
        file_name=draft.file_name,
        sessions=draft.sessions,
        shown=SHOWN,
        candidates=sum(len(one.candidates) for one in draft.sessions),
        warnings=told(kiosk.pages.words, language(request), draft.reading.warnings.first),
        warning_count=draft.reading.warnings.count,
    )


async def confirm(request: Request) -> Response:
    """Do what was shown, all of it, or nothing with the reason."""
    draft = _draft(request)
    try:
        made = await acts.confirm(request.app[KIOSK], signed_in(request), draft)
    except KioskError as refusal:
        return _many_page(request, None, words_of(request, refusal), refusal.status)
    request.app[DRAFTS].drop(request.match_info["draft"])
    return go(f"{HOME}?done={'imported' if made else ''}")


async def template(_: Request) -> Response:
    """Give the headings of a file of sessions, ready to fill."""
    return Response(
        body=b"".join(csv_lines(list(HEADINGS.values()), [])),
        headers={"Content-Type": CSV_TYPE, "Content-Disposition": attachment("modele-sessions.csv")},
    )


def _draft(request: Request) -> Draft:
    person, now = signed_in(request), request.app[KIOSK].clock.now_ms()
    organisation = principal(person).organisation
    return request.app[DRAFTS].find(request.match_info["draft"], person.id, organisation, now)


async def _file(request: Request) -> tuple[str, bytes]:
    """Return the file of a form and its name; raises Refused when there is none."""
    posted = await in_time(request.post(), FILE_S)
    found = posted.get("file")
    if not isinstance(found, FileField) or not found.filename:
        raise Refused("planning.no_file", field="file")
    return found.filename, found.file.read(FILE_BYTES + 1)
