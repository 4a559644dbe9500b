"""Sessions and candidates from files: read against what exists, then all of it in one commit, or nothing.

Reading changes nothing. Confirming reads the same file again inside the commit, so that what was true when the preview was
shown and is no longer cannot slip in.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import candidates as lists
from kiosk.actions.planning import checked as checked_plan
from kiosk.actions.planning import create_in
from kiosk.actors import authorised, principal
from kiosk.enrolment.candidates_file import kept_from, known_key, read_candidates
from kiosk.enrolment.limits import FILE_BYTES
from kiosk.enrolment.sessions_file import Existing, Known, read_sessions
from kiosk.enrolment_drafts import LASTS_MS, Draft
from kiosk.errors import Conflict, NotFound, TooLarge
from kiosk.imports.reading import FileRefused, Reading
from kiosk.session_codes import name_key
from kiosk.store import candidates as candidate_store
from kiosk.store import learners, planning
from kiosk.store import sessions as store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.actions.candidates import Enrolment
    from kiosk.enrolment.sessions_file import Planned
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.sessions import Session
    from sync.db import Tx


def known_to(conn: Reader, organisation: str, now_ms: int) -> Known:
    """Return what a file of sessions is held against, on the school's own clock."""
    found, keys = store.listed(conn, organisation), planning.candidate_keys(conn, organisation)
    filled = planning.fillings(conn, organisation)
    by_number = {
        one.number: Existing(
            one.id,
            one.status == "created" and not (one.id in filled and filled[one.id].joined),
            frozenset(keys.get(one.id, ())),
        )
        for one in found
    }
    now = datetime.fromtimestamp(now_ms // 1000, UTC).astimezone()
    return Known(f"{now:%Y-%m-%d %H:%M}", by_number, frozenset(_place(one) for one in found))


def _place(one: Session) -> tuple[str, ...]:
    return one.site.casefold(), one.room.casefold(), one.date, one.time


async def read_file(kiosk: Kiosk, person: Person, file_name: str, data: bytes) -> Draft:
    """Return what a file of sessions says, its problems included; raises TooLarge."""
    organisation, now = principal(person).organisation, kiosk.clock.now_ms()
    _check_size(data)
    known = await kiosk.db.read(lambda conn: known_to(conn, organisation, now))
    sessions, reading = await asyncio.to_thread(_read, data, known)
    return Draft(person.id, organisation, now + LASTS_MS, file_name[:200], data, tuple(sessions), reading)


def _check_size(data: bytes) -> None:
    if len(data) > FILE_BYTES:
        raise TooLarge("planning.file_too_large", field="file")


def _read(data: bytes, known: Known) -> tuple[list[Planned], Reading]:
    try:
        return read_sessions(data, known)
    except FileRefused as refusal:
        reading = Reading()
        reading.problems.add(refusal.finding)
        return [], reading


async def confirm(kiosk: Kiosk, person: Person, draft: Draft) -> list[Session]:
    """Plan every session of a draft and enrol its candidates; raises Conflict, and does nothing, when it holds no longer."""
    organisation, now = principal(person).organisation, kiosk.clock.now_ms()
    if draft.reading.problems.count or draft.organisation != organisation:
        raise Conflict("planning.has_problems")

    def job(tx: Tx) -> list[Session]:
        known = known_to(tx, organisation, now)
        sessions, reading = _read(draft.data, known)
        if reading.problems.count:
            raise Conflict("planning.outdated")
        pupils = _pupils(tx, organisation)
        return [_plan_one(tx, person, organisation, one, pupils, now) for one in sessions]

    return await kiosk.db.write(job)


_Pupils = dict[tuple[str, str], tuple[str, str | None]]


def _plan_one(  # noqa: PLR0913, PLR0917 - one session's parts, inside a job
    tx: Tx, person: Person, organisation: str, one: Planned, pupils: _Pupils, now: int
) -> Session:
    if one.plan is not None:
        session = create_in(tx, organisation, person.id, checked_plan(one.plan), now)
    else:
        found = store.by_number(tx, one.number or 0)
        if found is None or found.organisation != organisation:
            raise NotFound("session.unknown")
        session = found
    given = [lists.checked(candidate) for _, candidate in one.candidates]
    lists.add_all(tx, session.id, _linked(given, pupils), now)
    return session


def _pupils(conn: Reader, organisation: str) -> _Pupils:
    """Return the pupils that a name and birth date designate without doubt: their id and class."""
    found: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    for one in learners.of_organisation(conn, organisation):
        if one.birth_date:
            key = name_key(one.first_name, one.last_name), one.birth_date
            found.setdefault(key, []).append((one.id, one.division))
    return {key: alike[0] for key, alike in found.items() if len(alike) == 1}


def _linked(given: Iterable[Enrolment], pupils: _Pupils) -> list[Enrolment]:
    """Return candidates with the pupil of the school's list that each is, when there is one."""
    made = []
    for one in given:
        pupil = pupils.get(known_key(one)) if one.learner is None else None
        made.append(
            msgspec.structs.replace(one, learner=pupil[0], division=one.division or pupil[1])
            if pupil
            else one
        )
    return made


async def replace_list(kiosk: Kiosk, person: Person, session: str, data: bytes) -> tuple[int, Reading]:
    """Put the candidates of a spreadsheet in place of a session's list; return how many, and what the file said.

    With a problem, nothing changes and the number is 0. Raises Conflict once a candidate has joined, TooLarge.
    """
    actor = principal(person)
    _check_size(data)
    found = await kiosk.db.read(lambda conn: authorised(conn, actor, session))
    try:
        given, reading = await asyncio.to_thread(read_candidates, data)
    except FileRefused as refusal:
        reading = Reading()
        reading.problems.add(refusal.finding)
        return 0, reading
    if reading.problems.count:
        return 0, reading

    def prepared(conn: Reader) -> list[Enrolment]:
        before = candidate_store.of_session(conn, session)
        return _linked(kept_from(before, given), _pupils(conn, found.organisation))

    ready = await kiosk.db.read(prepared)
    return await lists.replace_all(kiosk, person, session, ready), reading
