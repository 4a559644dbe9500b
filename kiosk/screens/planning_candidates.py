"""Candidates one by one and from the school's list: added, changed, taken off; every refusal beside its field."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.certifiability import certifiability
from kiosk.actions import candidates as acts
from kiosk.actors import authorised, principal
from kiosk.body import in_time
from kiosk.enrolment.candidates_file import COLUMNS, plain_heading
from kiosk.enrolment.cells import enrolment_of
from kiosk.enrolment.told import told
from kiosk.errors import KioskError, NotFound, Refused
from kiosk.folding import folded
from kiosk.following import paged
from kiosk.imports.csv_rows import Row
from kiosk.imports.reading import Reading
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.screens.planning_reach import HOME, SPACE, session_of, view_of, words_of
from kiosk.session_codes import name_key
from kiosk.store import candidates, learners

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.web import Request, Response

    from kiosk.actions.candidates import Enrolment
    from kiosk.store.base import Reader
    from kiosk.store.candidates import Candidate
    from kiosk.store.learners import Learner
    from kiosk.store.sessions import Session

TICKS = ("adjusted", "waived")
MOST_CHOSEN = 2000
_YES = "oui"


def form_from(one: Candidate) -> dict[str, str]:
    """Return a candidate as the form is filled in."""
    values = {name: getattr(one, name) or "" for name in COLUMNS if name not in {"extra_percent", *TICKS}}
    values["extra_percent"] = str(one.extra_percent or "")
    values.update({name: _YES if getattr(one, name) else "" for name in TICKS})
    return values


async def new(request: Request) -> Response:
    """Show the form of a candidate to add."""
    form = {**dict.fromkeys((*COLUMNS, *TICKS), ""), "birth_country": "FRANCE"}
    return await _form(request, await session_of(request), None, form, {})


async def add(request: Request) -> Response:
    """Add a candidate, or show the form again with every reason why not."""
    found, form = await session_of(request), await _read(request)
    given, errors = _checked(request, form)
    if given is None:
        return await _form(request, found, None, form, errors)
    try:
        await acts.enrol(request.app[KIOSK], signed_in(request), found.id, [given])
    except KioskError as refusal:
        return await _form(request, found, None, form, _beside(request, refusal))
    return go(f"{HOME}/{found.id}?done=added")


async def edit(request: Request) -> Response:
    """Show the form of a candidate on the list."""
    found, one = await _candidate(request)
    return await _form(request, found, one, form_from(one), {})


async def change(request: Request) -> Response:
    """Change a candidate, or show the form again with why not."""
    (found, one), form = await _candidate(request), await _read(request)
    given, errors = _checked(request, form)
    if given is None:
        return await _form(request, found, one, form, errors)
    given = msgspec.structs.replace(given, learner=one.learner, division=one.division)
    try:
        await acts.change(request.app[KIOSK], signed_in(request), one.id, given)
    except KioskError as refusal:
        return await _form(request, found, one, form, _beside(request, refusal))
    return go(f"{HOME}/{found.id}?done=candidate")


async def withdraw(request: Request) -> Response:
    """Take a candidate off the list, or say why it cannot be."""
    found, one = await _candidate(request)
    try:
        await acts.withdraw(request.app[KIOSK], signed_in(request), one.id)
    except KioskError as refusal:
        return await _form(request, found, one, form_from(one), _beside(request, refusal))
    return go(f"{HOME}/{found.id}?done=withdrawn")


async def _candidate(request: Request) -> tuple[Session, Candidate]:
    """Return the session and the candidate of the address; raises NotFound unless they go together."""
    found, wanted = await session_of(request), request.match_info["candidate"]
    one = await request.app[KIOSK].db.read(lambda conn: candidates.by_id(conn, wanted))
    if one is None or one.session != found.id:
        raise NotFound("candidate.unknown")
    return found, one


async def _read(request: Request) -> dict[str, str]:
    told_form = await form_of(request)
    return {name: told_form.get(name, "") for name in (*COLUMNS, "waived")}


def _checked(request: Request, form: Mapping[str, str]) -> tuple[Enrolment | None, dict[str, str]]:
    """Return the candidate of a form, or every reason why not under the name of its field."""
    reading = Reading()
    born = form["birth_date"].split("-")
    values = {**form, "birth_date": "/".join(reversed(born)) if len(born) == 3 else form["birth_date"]}
    names = {name: name for name in COLUMNS}
    given = enrolment_of(Row(1, {name: value.strip() for name, value in values.items()}, names, reading))
    kiosk, lang = request.app[KIOSK], language(request)
    errors: dict[str, str] = {}
    for finding, said in zip(
        reading.problems.first, told(kiosk.pages.words, lang, reading.problems.first), strict=True
    ):
        errors.setdefault(finding.field or "last_name", said.message)
    if given is None or errors:
        return None, errors
    return msgspec.structs.replace(given, waived=form["waived"] == _YES), {}


def _beside(request: Request, refusal: KioskError) -> dict[str, str]:
    return {refusal.field or "form": words_of(request, refusal)}


async def _form(
    request: Request,
    found: Session,
    one: Candidate | None,
    form: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    return page(
        request,
        "staff/session_candidate.html",
        status=Refused.status if errors else 200,
        space=SPACE,
        session=await view_of(request, found),
        candidate=one,
        form=form,
        errors=errors,
        labels={name: plain_heading(words) for name, words in COLUMNS.items()},
    )


class PupilLine(NamedTuple):
    """A pupil who may be enrolled; `enrolled` when they already are."""

    id: str
    last_name: str
    first_name: str
    division: str
    born: str
    certifiability: str
    enrolled: bool


async def pupils(request: Request) -> Response:
    """Show the school's pupils, by class, with whether their profile is certifiable and who is enrolled already."""
    return await _pupils(request, "")


async def _pupils(request: Request, error: str, left: int = 0) -> Response:
    found = await session_of(request)

    def read(conn: Reader) -> tuple[list[Learner], list[Candidate]]:
        return learners.of_organisation(conn, found.organisation), candidates.of_session(conn, found.id)

    everyone, listed = await request.app[KIOSK].db.read(read)
    enrolled = {one.learner for one in listed} | {(one.name_key, one.birth_date) for one in listed}
    lines = sorted((_line(one, enrolled) for one in everyone), key=_order)
    divisions = sorted({one.division for one in lines if one.division}, key=folded)
    asked = request.query.get("division", "")
    wanted = asked if asked in divisions else ""
    kept = [one for one in lines if not wanted or one.division == wanted]
    shown, rows = (None, kept) if wanted else paged(kept, request.query.get("page", ""))
    return page(
        request,
        "staff/session_pupils.html",
        status=Refused.status if error else 200,
        space=SPACE,
        session=await view_of(request, found),
        rows=rows,
        shown=shown,
        divisions=divisions,
        division=wanted,
        error=error,
        left=left,
    )


def _line(one: Learner, enrolled: set[str | tuple[str, str] | None]) -> PupilLine:
    key = name_key(one.first_name, one.last_name), one.birth_date or ""
    known = None if one.certifiable is None else bool(one.certifiable)
    return PupilLine(
        one.id,
        one.last_name,
        one.first_name,
        one.division or "",
        one.birth_date or "",
        certifiability(known),
        one.id in enrolled or key in enrolled,
    )


def _order(one: PupilLine) -> tuple[str, str, str, str]:
    return folded(one.division), folded(one.last_name), folded(one.first_name), one.id


async def enrol_pupils(request: Request) -> Response:
    """Enrol the pupils ticked; those already there or without birth date are left out and counted."""
    kiosk, person, wanted = request.app[KIOSK], signed_in(request), request.match_info["id"]
    actor = principal(person)
    await kiosk.db.read(lambda conn: authorised(conn, actor, wanted))
    posted = await in_time(request.post())
    chosen = [str(value) for value in posted.getall("learner", []) if isinstance(value, str)][:MOST_CHOSEN]
    try:
        if not chosen:
            raise Refused("planning.nobody_chosen")
        added, left = await acts.enrol_learners(kiosk, person, wanted, chosen)
    except KioskError as refusal:
        return await _pupils(request, words_of(request, refusal))
    done = "pupils_left" if left else "pupils"
    return go(f"{HOME}/{wanted}?done={done}&count={len(left) or len(added)}")
