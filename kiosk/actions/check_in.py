"""A candidate comes in: number of the session, names, birth date, then the access code; the supervisor sees the rest.

The same things are refused as in the public service, in the same order. A passage that has begun is not taken over by who
merely knows a name: the new machine asks, the old one goes on, and a supervisor decides.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.profile import profile
from exam.session.decisions import decide_check_in, decide_ready, decide_start
from exam.session.passage import ACTIVE
from kiosk.codes import read_code
from kiosk.errors import Conflict, Forbidden, NotFound, Refused
from kiosk.logins import digest_of, new_secret
from kiosk.pasts import validated_of
from kiosk.session_codes import name_key, sound_date
from kiosk.store import candidates as store
from kiosk.store import learners, machines, sessions
from kiosk.store.machines import Machine, Pass

if TYPE_CHECKING:
    import sqlite3

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.candidates import Candidate
    from kiosk.store.sessions import Session
    from sync.db import Tx

MACHINES_MAX = 3000
MINUTE_MS = 60_000


class Arrival(NamedTuple):
    """What a candidate says of themselves; `birth_date` is YYYY-MM-DD."""

    number: int
    first_name: str
    last_name: str
    birth_date: str


class CameIn(NamedTuple):
    """Who came in, the secret of their pass, and whether a supervisor must first allow them to take over."""

    candidate: str
    secret: str
    pending: bool


async def know_machine(kiosk: Kiosk, address: str = "") -> tuple[Machine, str]:
    """Return a machine seen for the first time, with the secret of its cookie.

    Raises TooMany when one address brings too many, Conflict beyond all reason: those that never had a candidate make room.
    """
    kiosk.rooms.arrivals.check(address, kiosk.clock.now_ms())
    now, secret = kiosk.clock.now_ms(), new_secret()

    def job(tx: Tx) -> Machine:
        count = machines.count(tx)
        if count >= MACHINES_MAX and not machines.drop_unused(tx):
            raise Conflict("machine.too_many")
        taken = set(machines.labels(tx).values())
        label = next(
            text for text in (f"P{place:02}" for place in range(count + 1, 9999)) if text not in taken
        )
        made = Machine(secrets.token_hex(8), label, None, "{}", now, now, None)
        machines.add(tx, made, digest_of(secret))
        return made

    return await kiosk.db.write(job), secret


async def check_in(
    kiosk: Kiosk, person: Person | None, machine: Machine, arrival: Arrival, address: str
) -> CameIn:
    """Let a candidate in at this machine; raises NotFound, Conflict, Forbidden or Refused as the module says."""
    kiosk.rooms.arrivals.check(address, kiosk.clock.now_ms())
    if not sound_date(arrival.birth_date):
        raise Refused("candidate.bad_birth_date", field="birth_date")
    session, row = await kiosk.db.read(lambda conn: _identified(conn, arrival, person))
    await _check_gate(kiosk, session, row, person)
    room, now, secret = kiosk.rooms.get(session.id), kiosk.clock.now_ms(), new_secret()

    def job(tx: Tx) -> bool:
        again = _identified(tx, arrival, person)[1]
        entry = kiosk.passages.get(tx, again.id)
        passage = entry.attempt.passage
        made = Pass(digest_of(secret), secrets.token_hex(4), again.id, machine.id, now)
        if passage.state in ACTIVE:
            machines.end_pending(tx, again.id, now)
            machines.add_pass(tx, msgspec.structs.replace(made, pending=True))
            tx.on_undo(lambda: kiosk.passages.forget(tx, again.id))
            entry.asking = machine.id
            room.labels[machine.id] = machine.label
            return True
        events = decide_check_in(passage, again.id, session.id, machine.id, room.clock.now())
        room.labels[machine.id] = machine.label
        machines.end_passes(tx, again.id, now)
        machines.add_pass(tx, made)
        store.keep_joined(tx, again.id, person.id if person is not None else None, now)
        kiosk.passages.append(tx, entry, events, now)
        return False

    pending = await kiosk.db.write(job)
    kiosk.passes.forget(row.id)
    return CameIn(row.id, secret, pending)


async def take_over(kiosk: Kiosk, machine: Machine) -> CameIn | None:
    """Return the pass of the passage that was moved to this machine and waits for it, or None."""
    now, secret = kiosk.clock.now_ms(), new_secret()

    def job(tx: Tx) -> str | None:
        row = store.moved_to(tx, machine.id)
        if row is None or kiosk.rooms.find(row.session) is None:
            return None
        machines.end_passes(tx, row.id, now)
        made = Pass(digest_of(secret), secrets.token_hex(4), row.id, machine.id, now)
        machines.add_pass(tx, made)
        return row.id

    found = await kiosk.db.write(job)
    if found is None:
        return None
    kiosk.passes.forget(found)
    return CameIn(found, secret, pending=False)


async def waits_here(kiosk: Kiosk, machine: str) -> bool:
    """Return whether a passage was moved to this machine and not taken yet."""
    return await kiosk.db.read(lambda conn: store.moved_to(conn, machine)) is not None


async def give_code(kiosk: Kiosk, found: Pass, code: str) -> None:
    """Take the access code: the candidate then waits to be admitted. Raises Refused when it is another."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        entry = kiosk.passages.get(tx, found.candidate)
        if not hmac.compare_digest(read_code(code).encode(), entry.room.session.code.encode()):
            raise Refused("session.wrong_code", field="code")
        kiosk.passages.append(tx, entry, decide_ready(entry.attempt.passage, entry.room.clock.now()), now)

    await kiosk.db.write(job)


async def start(kiosk: Kiosk, found: Pass, lang: str) -> None:
    """Begin the passage of an admitted candidate; nothing when it has begun."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        entry = kiosk.passages.get(tx, found.candidate)
        if entry.attempt.passage.state in ACTIVE:
            return
        session = entry.room.session
        events = decide_start(
            entry.attempt,
            entry.id,
            session.id,
            entry.room.clock.now(),
            allowance_ms=session.allowance_min * MINUTE_MS,
            extra_percent=entry.extra_percent,
            adjusted=entry.adjusted,
            lang=lang,
        )
        kiosk.passages.append(tx, entry, events, now)

    await kiosk.db.write(job)


def _identified(conn: Reader, arrival: Arrival, person: Person | None) -> tuple[Session, Candidate]:
    """Return the session and the candidate of this arrival, for this account."""
    session = sessions.by_number(conn, arrival.number)
    if session is None:
        raise NotFound("session.unknown_number", field="number")
    if session.status != "open":
        raise Conflict("session.not_accessible", field="number")
    key = name_key(arrival.first_name, arrival.last_name)
    rows = store.matching(conn, session.id, key, arrival.birth_date)
    if len(rows) != 1:
        raise NotFound("candidate.no_match")
    row = rows[0]
    _check_account(conn, row, person)
    return session, row


def _check_account(conn: Reader, row: Candidate, person: Person | None) -> None:
    """Raise unless this account, or nobody's, may be this candidate."""
    learner = learners.by_id(conn, row.learner) if row.learner else None
    if learner is not None and learner.person is not None:
        if person is None:
            raise Forbidden("candidate.sign_in")
        if learner.person != person.id:
            raise Conflict("candidate.other_pupil")
    if person is None:
        if row.person is not None:
            raise Forbidden("candidate.sign_in")
        return
    if row.person is not None and row.person != person.id:
        raise Conflict("candidate.unexpected_account")
    other = store.of_person_in(conn, row.session, person.id)
    if other is not None and other.id != row.id:
        raise Conflict("candidate.unexpected_account")


async def _check_gate(kiosk: Kiosk, session: Session, row: Candidate, person: Person | None) -> None:
    """Raise Conflict unless the profile is certifiable, or the principal said it need not be."""
    if not session.gate or row.waived or row.started_ms is not None:
        return
    now, bank = kiosk.clock.now_ms(), kiosk.banks.current

    def read(conn: sqlite3.Connection) -> bool:
        learner = learners.by_id(conn, row.learner) if row.learner else None
        if learner is not None and learner.certifiable == 1:
            return True
        if person is None:
            return False
        return profile(bank, validated_of(conn, kiosk.banks, kiosk.log, person.id, now)).certifiable

    if not await kiosk.db.read(read):
        raise Conflict("candidate.not_certifiable")
