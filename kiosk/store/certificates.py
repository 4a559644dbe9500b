"""Results as the central instance published them, and the statements they came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.store.base import Reader


class Certificate(msgspec.Struct, frozen=True):
    """One published result; `token` is the COSE_Sign1 and None without a certificate, `sheet` a corrected identity."""

    candidate: str
    session: str
    person: str | None
    learner: str | None
    status: str
    comment: str
    candidate_words: str
    organisation_words: str
    score: int | None
    highest: int
    mesh: int | None
    levels: str
    code: str
    token: bytes | None
    sheet: str | None
    published_ms: int
    statement: int


class Result(NamedTuple):
    """A published result beside who and when: what CSV, PDF and pages show. `sheet` is the identity in force, or None."""

    certificate: Certificate
    sheet: str | None
    first_name: str
    last_name: str
    birth_date: str
    birth_city: str | None
    external_id: str | None
    division: str | None
    number: int
    date: str
    time: str
    site: str


_FIELDS = Certificate.__struct_fields__
_SELECT = (
    "SELECT k.candidate, k.session, k.person, k.learner, k.status, k.comment, k.candidate_words,"
    " k.organisation_words, k.score, k.highest, k.mesh, k.levels, k.code, k.token, k.sheet, k.published_ms,"
    " k.statement, coalesce(k.sheet, i.sheet), c.first_name, c.last_name, c.birth_date, c.birth_city,"
    " c.external_id, c.division, s.number, s.date, s.time, s.site FROM certificates k"
    " JOIN candidates c ON c.id = k.candidate JOIN sessions s ON s.id = k.session"
    " LEFT JOIN identity_sheets i ON i.candidate = k.candidate"
)
_ORDER = " ORDER BY c.last_name, c.first_name, c.birth_date, k.candidate"


def last_number(conn: Reader) -> int:
    """Return the number of the last statement applied, 0 before the first."""
    return int(conn.execute("SELECT coalesce(max(number), 0) FROM statements").fetchone()[0])


def keep_statement(tx: Reader, row: tuple[int, str, str, int, bytes, int]) -> None:
    """Keep a statement: number, type, session, when it was signed, its line, when it came."""
    tx.execute(
        "INSERT INTO statements (number, type, session, at_ms, line, received_ms) VALUES (?, ?, ?, ?, ?, ?)",
        row,
    )


def last_said(conn: Reader, session: str) -> bytes | None:
    """Return the line of the last statement about a session, or None."""
    row = conn.execute(
        "SELECT line FROM statements WHERE session = ? ORDER BY number DESC LIMIT 1", (session,)
    ).fetchone()
    return bytes(row[0]) if row else None


def keep(tx: Reader, one: Certificate) -> None:
    """Keep a result in place of an earlier one of the candidate."""
    marks = ", ".join("?" for _ in _FIELDS)
    tx.execute(
        "INSERT OR REPLACE INTO certificates (" + ", ".join(_FIELDS) + ") VALUES (" + marks + ")",  # noqa: S608 - the names of our own columns
        msgspec.structs.astuple(one),
    )


def forget_session(tx: Reader, session: str) -> None:
    """Withdraw the results of a session."""
    tx.execute("DELETE FROM certificates WHERE session = ?", (session,))


def keep_published(tx: Reader, session: str, at_ms: int | None) -> None:
    """Keep when a session's results were published, None when that was withdrawn."""
    tx.execute("UPDATE sessions SET published_ms = ? WHERE id = ?", (at_ms, session))


def of_session(conn: Reader, session: str) -> list[Result]:
    """Return the results of a session by name."""
    return _all(conn.execute(_SELECT + " WHERE k.session = ?" + _ORDER, (session,)).fetchall())


def of_division(conn: Reader, organisation: str, division: str) -> list[Result]:
    """Return the results of a class of an organisation by name, each pupil's latest session last."""
    rows = conn.execute(
        _SELECT + " LEFT JOIN learners l ON l.id = k.learner WHERE s.organisation = ?"
        " AND coalesce(l.division, c.division) = ?" + _ORDER + ", s.date",
        (organisation, division),
    )
    return _all(rows.fetchall())


def of_person(conn: Reader, person: str) -> list[Result]:
    """Return the results of an account, latest session first."""
    rows = conn.execute(
        _SELECT + " LEFT JOIN learners l ON l.id = k.learner WHERE k.person = ? OR l.person = ?"
        " ORDER BY s.date DESC, s.time DESC, k.candidate",
        (person, person),
    )
    return _all(rows.fetchall())


def divisions(conn: Reader, organisation: str) -> list[tuple[str, int]]:
    """Return the classes that have results, and how many."""
    rows = conn.execute(
        "SELECT coalesce(l.division, c.division) d, count(*) FROM certificates k"
        " JOIN candidates c ON c.id = k.candidate JOIN sessions s ON s.id = k.session"
        " LEFT JOIN learners l ON l.id = k.learner WHERE s.organisation = ? AND d IS NOT NULL GROUP BY d ORDER BY d",
        (organisation,),
    )
    return [(row[0], row[1]) for row in rows]


def counts(conn: Reader, organisation: str) -> dict[str, tuple[int, int]]:
    """Return, by session, how many results and how many validated."""
    rows = conn.execute(
        "SELECT k.session, count(*), sum(k.status = 'validated') FROM certificates k"
        " JOIN sessions s ON s.id = k.session WHERE s.organisation = ? GROUP BY k.session",
        (organisation,),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _all(rows: Sequence[tuple[object, ...]]) -> list[Result]:
    size = len(_FIELDS)
    return [
        Result(msgspec.convert(dict(zip(_FIELDS, row[:size], strict=True)), Certificate), *row[size:])  # type: ignore[arg-type]  # columns of known types
        for row in rows
    ]
