"""The list of a session: who is on it, with extra time and adjusted items. The principal alone, until finalisation."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.actors import authorised, principal
from kiosk.enrolment.countries import FRANCE, code_of, country_of
from kiosk.errors import Conflict, NotFound, Refused
from kiosk.session_codes import name_key, sound_date
from kiosk.store import candidates as store
from kiosk.store import learners
from kiosk.store.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.learners import Learner
    from kiosk.store.sessions import Session
    from sync.db import Tx

TEXT = 255
MOST = 2000
"""Candidates of one session."""


class Enrolment(msgspec.Struct, frozen=True):
    """One candidate as they are enrolled; `birth_date` is YYYY-MM-DD."""

    first_name: str
    last_name: str
    birth_date: str
    learner: str | None = None
    sex: str | None = None
    birth_city: str | None = None
    birth_city_code: str | None = None
    birth_postcode: str | None = None
    birth_country: str | None = None
    email: str | None = None
    results_email: str | None = None
    external_id: str | None = None
    division: str | None = None
    extra_percent: int = 0
    adjusted: bool = False
    waived: bool = False


def checked(given: Enrolment) -> Enrolment:
    """Return the enrolment with its texts trimmed, empty ones as None; raises Refused naming the field."""
    clean = {
        name: " ".join(value.split()) or None
        for name, value in msgspec.structs.asdict(given).items()
        if isinstance(value, str)
    }
    for name in ("first_name", "last_name"):
        if not clean[name]:
            raise Refused("candidate.required", field=name)
    for name, value in clean.items():
        if value is not None and len(value) > TEXT:
            raise Refused("candidate.too_long", field=name)
    if not sound_date(given.birth_date):
        raise Refused("candidate.bad_birth_date", field="birth_date")
    if clean.get("sex") not in {None, "M", "F"}:
        raise Refused("candidate.bad_sex", field="sex")
    if not 0 <= given.extra_percent <= 99:
        raise Refused("candidate.bad_extra_time", field="extra_percent")
    return msgspec.convert({**msgspec.structs.asdict(given), **clean}, Enrolment)


async def enrol(kiosk: Kiosk, person: Person, session: str, given: Sequence[Enrolment]) -> list[Candidate]:
    """Return the candidates added; raises Conflict when one is on the list already, and then adds none."""
    actor, fresh = principal(person), [checked(one) for one in given]
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> list[Candidate]:
        found = _open_list(authorised(tx, actor, session))
        return add_all(tx, found.id, fresh, now)

    return await kiosk.db.write(job)


def add_all(tx: Tx, session: str, given: Iterable[Enrolment], now_ms: int) -> list[Candidate]:
    """Add checked enrolments inside a job; raises Conflict for the first who is on the list already."""
    made = []
    for one in given:
        if store.count(tx, session) >= MOST:
            raise Conflict("candidate.too_many")
        key = name_key(one.first_name, one.last_name)
        if store.matching(tx, session, key, one.birth_date):
            raise Conflict("candidate.twice", field="last_name")
        row = Candidate(
            id=secrets.token_hex(8),
            session=session,
            created_ms=now_ms,
            name_key=key,
            **msgspec.structs.asdict(one),
        )
        store.add(tx, row)
        made.append(row)
    return made


async def enrol_learners(
    kiosk: Kiosk, person: Person, session: str, wanted: Sequence[str]
) -> tuple[list[Candidate], list[str]]:
    """Enrol pupils of the school's own list; return who was added, and the ids left out: already there, without birth date, or born in no known country.

    Raises NotFound for a learner of another organisation; nobody is then added.
    """
    actor, now = principal(person), kiosk.clock.now_ms()

    def job(tx: Tx) -> tuple[list[Candidate], list[str]]:
        found = _open_list(authorised(tx, actor, session))
        added: list[Candidate] = []
        left: list[str] = []
        for name in dict.fromkeys(wanted):
            learner = learners.by_id(tx, name)
            if learner is None or learner.organisation != found.organisation:
                raise NotFound("learner.unknown")
            one = _of_learner(learner)
            if one is None or store.matching(
                tx, session, name_key(one.first_name, one.last_name), one.birth_date
            ):
                left.append(name)
                continue
            added += add_all(tx, session, [one], now)
        return added, left

    return await kiosk.db.write(job)


def _of_learner(learner: Learner) -> Enrolment | None:
    """Return a pupil as a candidate, None without a birth date or when their country is none."""
    country = country_of(learner.birth_country) if learner.birth_country else None
    if not sound_date(learner.birth_date or "") or (learner.birth_country and country is None):
        return None
    return Enrolment(
        learner.first_name,
        learner.last_name,
        learner.birth_date or "",
        learner=learner.id,
        sex=learner.sex if learner.sex in {"M", "F"} else None,
        birth_city=learner.birth_city,
        birth_city_code=learner.birth_city_code if country in {FRANCE, None} else code_of(country),
        birth_country=country,
        division=learner.division,
    )


async def replace_all(kiosk: Kiosk, person: Person, session: str, given: Sequence[Enrolment]) -> int:
    """Put these candidates in place of the whole list and return their number; raises Conflict once one has joined."""
    actor, fresh, now = principal(person), [checked(one) for one in given], kiosk.clock.now_ms()

    def job(tx: Tx) -> int:
        found = _open_list(authorised(tx, actor, session))
        for row in store.of_session(tx, found.id):
            if row.checked_in_ms is not None:
                raise Conflict("candidate.joined")
            store.remove(tx, row.id)
        return len(add_all(tx, found.id, fresh, now))

    return await kiosk.db.write(job)


async def change(kiosk: Kiosk, person: Person, candidate: str, given: Enrolment) -> Candidate:
    """Return the candidate as changed; extra time and adjusted items are settled once the passage has begun."""
    actor, fresh = principal(person), checked(given)

    def job(tx: Tx) -> Candidate:
        row = _known(tx, candidate)
        _open_list(authorised(tx, actor, row.session))
        if row.started_ms is not None and (fresh.extra_percent, fresh.adjusted) != (
            row.extra_percent,
            row.adjusted,
        ):
            raise Conflict("candidate.started")
        key = name_key(fresh.first_name, fresh.last_name)
        if any(one.id != row.id for one in store.matching(tx, row.session, key, fresh.birth_date)):
            raise Conflict("candidate.twice", field="last_name")
        changed = msgspec.structs.replace(row, name_key=key, **msgspec.structs.asdict(fresh))
        store.change(tx, changed)
        kiosk.passages.forget(tx, row.id)
        return changed

    return await kiosk.db.write(job)


async def withdraw(kiosk: Kiosk, person: Person, candidate: str) -> None:
    """Take a candidate off the list; raises Conflict once they have joined."""
    actor = principal(person)

    def job(tx: Tx) -> None:
        row = _known(tx, candidate)
        _open_list(authorised(tx, actor, row.session))
        if row.checked_in_ms is not None:
            raise Conflict("candidate.joined")
        store.remove(tx, row.id)

    await kiosk.db.write(job)


def _known(tx: Tx, candidate: str) -> Candidate:
    """Return a candidate whoever's it is: the caller then authorises on the session."""
    row = store.by_id(tx, candidate)
    if row is None:
        raise NotFound("candidate.unknown")
    return row


def _open_list(session: Session) -> Session:
    if session.status not in {"created", "open"}:
        raise Conflict("session.closed")
    return session
