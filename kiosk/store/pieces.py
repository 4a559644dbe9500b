"""Profile states as they leave this school, and as they came from others, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.events import Known

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Subject(NamedTuple):
    """Whom a state is about: the account, and the number and birth date of its learner."""

    person: str
    organisation: str
    ine: str
    birth_date: str


class CarriedPast(msgspec.Struct, frozen=True):
    """What one sitting elsewhere settled, and when it was last answered (ms)."""

    at: int
    known: list[Known]


class CarriedReset(msgspec.Struct, frozen=True):
    """A start from nothing elsewhere."""

    at: int
    skills: list[str]


class CarriedState(msgspec.Struct, frozen=True):
    """What another school said of a pupil, as the engines take it: the fields of sync.pieces.State."""

    bank: str
    certifiable: bool
    competences: list[tuple[str, int, int]]
    pasts: list[CarriedPast]
    resets: list[CarriedReset]
    score: int


class Carried(NamedTuple):
    """A state that another school signed; instants in milliseconds."""

    learner: str
    site: str
    uai: str
    school: str
    hash: str
    state: CarriedState
    at_ms: int
    received_ms: int


_state = msgspec.json.Decoder(CarriedState)
_CARRIED = (
    "SELECT c.learner, c.site, c.uai, c.school, c.hash, c.state, c.at_ms, c.received_ms FROM carried_states c"
)
_SUBJECT = (
    "SELECT l.person, l.organisation, l.ine, l.birth_date FROM learners l JOIN people p ON p.id = l.person"
    " WHERE l.ine IS NOT NULL AND l.birth_date IS NOT NULL AND l.deleted_ms IS NULL AND p.erased_ms IS NULL"
)


def subject_of(conn: Reader, person: str) -> Subject | None:
    """Return whom a state of this account is about, None when nobody could look it up."""
    row = conn.execute(
        _SUBJECT + " AND l.person = ? ORDER BY l.created_ms, l.id LIMIT 1", (person,)
    ).fetchone()
    return Subject(*row) if row else None


def stale(conn: Reader, after: str, most: int) -> list[str]:
    """Return accounts whose state may have changed since it was last made, in order from after `after`."""
    rows = conn.execute(
        "SELECT DISTINCT l.person FROM learners l LEFT JOIN pieces s ON s.person = l.person"
        " WHERE l.person > ? AND l.ine IS NOT NULL AND l.birth_date IS NOT NULL AND l.deleted_ms IS NULL"
        " AND EXISTS (SELECT 1 FROM participations x WHERE x.pupil = l.person AND x.answered > 0 AND x.trial = 0)"
        " AND (s.person IS NULL OR l.updated_ms > s.at_ms"
        "  OR EXISTS (SELECT 1 FROM participations x WHERE x.pupil = l.person AND x.last_ms > s.at_ms)"
        "  OR EXISTS (SELECT 1 FROM resets r WHERE r.person = l.person AND r.at_ms > s.at_ms))"
        " ORDER BY l.person LIMIT ?",
        (after, most),
    )
    return [row[0] for row in rows]


def content_of(conn: Reader, person: str) -> str | None:
    """Return the digest of what the last state of a person says, None when there is none."""
    row = conn.execute("SELECT content FROM pieces WHERE person = ?", (person,)).fetchone()
    return row[0] if row else None


def touch(tx: Reader, person: str, at_ms: int) -> None:
    """Note that a state was looked at and says the same as before."""
    tx.execute("UPDATE pieces SET at_ms = ? WHERE person = ?", (at_ms, person))


def keep(tx: Reader, person: str, piece: tuple[str, bytes, str], record: int, at_ms: int) -> None:
    """Keep the last state of a person: its hash, its bytes and the digest of what it says."""
    digest, data, content = piece
    tx.execute(
        "INSERT INTO pieces (person, hash, piece, content, record, at_ms) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, piece = excluded.piece,"
        " content = excluded.content, record = excluded.record, at_ms = excluded.at_ms",
        (person, digest, data, content, record, at_ms),
    )


def carried_of_person(conn: Reader, person: str) -> list[Carried]:
    """Return what other schools said of an account, through whatever learner."""
    rows = conn.execute(
        _CARRIED + " JOIN learners l ON l.id = c.learner WHERE l.person = ? ORDER BY c.at_ms DESC, c.site",
        (person,),
    )
    return [_carried(row) for row in rows]


def carried_of_learner(conn: Reader, learner: str) -> list[Carried]:
    """Return what other schools said of a learner."""
    rows = conn.execute(_CARRIED + " WHERE c.learner = ? ORDER BY c.at_ms DESC, c.site", (learner,))
    return [_carried(row) for row in rows]


def _carried(row: tuple[str, str, str, str, str, str, int, int]) -> Carried:
    learner, site, uai, school, digest, state, at_ms, received_ms = row
    return Carried(learner, site, uai, school, digest, _state.decode(state), at_ms, received_ms)


def keep_carried(tx: Reader, carried: Carried, request: str) -> None:
    """Keep what a school said of a learner, in place of what it said before."""
    tx.execute(
        "INSERT INTO carried_states (learner, site, uai, school, hash, state, at_ms, received_ms, request)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (learner, site) DO UPDATE SET uai = excluded.uai,"
        " school = excluded.school, hash = excluded.hash, state = excluded.state, at_ms = excluded.at_ms,"
        " received_ms = excluded.received_ms, request = excluded.request WHERE excluded.at_ms >= at_ms",
        (
            carried.learner,
            carried.site,
            carried.uai,
            carried.school,
            carried.hash,
            msgspec.json.encode(carried.state).decode(),
            carried.at_ms,
            carried.received_ms,
            request,
        ),
    )
