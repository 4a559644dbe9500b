"""What a pupil settled here, as a document that can follow them to another school.

Made again when it changed: after a sending, at the end of a practice, once a day. The record in the log names ids and a hash;
the document, which holds the national number, stays in a table and can be erased.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, NamedTuple

import structlog

from exam.profile import profile
from kiosk.errors import NotFound
from kiosk.pasts import own_history_of
from kiosk.store import pieces
from sync.canonical import canonical
from sync.pieces import (
    MAX_PASTS,
    Piece,
    Restarted,
    Settled,
    State,
    is_person,
    piece_bytes,
    piece_hash,
    plain_ine,
)
from sync.records import ProfileState

if TYPE_CHECKING:
    import sqlite3

    from kiosk.keys import Kiosk
    from kiosk.pasts import History
    from kiosk.store.pieces import Subject
    from sync.db import Tx

CHUNK = 20


class _Made(NamedTuple):
    """A state worked out beside the writer, and the digest of what it says."""

    subject: Subject
    state: State
    content: str
    salt: str


async def refresh(kiosk: Kiosk, people: list[str]) -> None:
    """Make the states of these people again, where they changed."""
    if not kiosk.config.profiles_travel:
        return
    now = kiosk.clock.now_ms()
    made = await kiosk.db.read(lambda conn: [_made(kiosk, conn, person, now) for person in people])
    changed = [one for one in made if one is not None]
    if changed:
        await kiosk.db.write(lambda tx: _keep(kiosk, tx, changed, now))


async def refresh_stale(kiosk: Kiosk, after: str, most: int = CHUNK) -> str | None:
    """Make one chunk of the states that may have changed; return whom to go on after, or None."""
    if not kiosk.config.profiles_travel:
        return None
    people = await kiosk.db.read(lambda conn: pieces.stale(conn, after, most))
    if not people:
        return None
    await refresh(kiosk, people)
    return people[-1]


def _made(kiosk: Kiosk, conn: sqlite3.Connection, person: str, now: int) -> _Made | None:
    """Return a person's state, None when nobody could look it up or there is nothing to say."""
    subject = pieces.subject_of(conn, person)
    if subject is None or not is_person(plain_ine(subject.ine), subject.birth_date):
        return None
    try:
        history = own_history_of(conn, kiosk.banks, kiosk.log, person)
    except NotFound as problem:  # the bank of one of its sittings is gone
        structlog.get_logger().warning("profile state not made", person=person, reason=problem.code)
        return None
    if not history.pasts and pieces.content_of(conn, person) is None:
        return None
    state = _state(kiosk, history, now)
    said = canonical([plain_ine(subject.ine), subject.birth_date, state])
    return _Made(subject, state, hashlib.sha256(said).hexdigest(), secrets.token_hex(32))


def _state(kiosk: Kiosk, history: History, now: int) -> State:
    found = profile(kiosk.banks.current, history.validated(now))
    pasts = sorted(history.pasts, key=lambda past: past.at)[-MAX_PASTS:]
    return State(
        bank=kiosk.banks.current.digest,
        certifiable=found.certifiable,
        competences=[(one.competence, one.level, one.points) for one in found.competences],
        pasts=[Settled(past.at, sorted(past.known)) for past in pasts],
        resets=[Restarted(reset.at, sorted(reset.skills)) for reset in history.resets],
        score=found.score,
    )


def _keep(kiosk: Kiosk, tx: Tx, changed: list[_Made], now: int) -> None:
    for one in changed:
        subject = one.subject
        if pieces.subject_of(tx, subject.person) is None:
            continue  # erased meanwhile
        if pieces.content_of(tx, subject.person) == one.content:
            pieces.touch(tx, subject.person, now)
            continue
        data = piece_bytes(Piece(now, subject.birth_date, plain_ine(subject.ine), one.salt, one.state))
        body = ProfileState(subject.person, piece_hash(data), subject.organisation)
        record = kiosk.log.append_record(tx, "profile.state", body, now)
        pieces.keep(tx, subject.person, (piece_hash(data), data, one.content), record, now)
