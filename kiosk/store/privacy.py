"""What tables hold of a person, read and erased by the list in kiosk.store.holdings; files they name, and who they are."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kiosk.store.holdings import DELETE, HOLDINGS

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.store.base import Reader

Row = dict[str, str | int | None]


class Subject(NamedTuple):
    """A person as tables know them: an account, the learners it is, or a learner without account."""

    person: str
    """The account's id, empty for a learner without one."""
    learners: tuple[str, ...]
    organisations: tuple[str, ...]
    """Those whose learner the person is."""
    mails: tuple[str, ...]

    @property
    def id(self) -> str:
        """What names this subject in the log: an id, never a name."""
        return self.person or self.learners[0]


def is_learner_of(conn: Reader, organisation: str, learner: str) -> bool:
    """Return whether an organisation has this learner."""
    row = conn.execute(
        "SELECT 1 FROM learners WHERE id = ? AND organisation = ? AND deleted_ms IS NULL",
        (learner, organisation),
    ).fetchone()
    return row is not None


def overwrite_what_goes(tx: Reader, *, wanted: bool) -> None:
    """Have what is taken away overwritten with zeros, not left in free pages of the file."""
    tx.execute("PRAGMA secure_delete = ON" if wanted else "PRAGMA secure_delete = OFF")


def empty_journal(database: Path) -> None:
    """Bring the journal into the database and empty it, where pages of before would stay; a busy moment leaves it to the next."""
    with contextlib.closing(sqlite3.connect(database, timeout=5)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def subject_of_learner(conn: Reader, learner: str) -> Subject | None:
    """Return the person a learner is, None when there is no such learner, or they were erased."""
    row = conn.execute(
        "SELECT person FROM learners WHERE id = ? AND erased_ms IS NULL", (learner,)
    ).fetchone()
    if row is None:
        return None
    return _subject(conn, "", (learner,)) if row[0] is None else subject_of_person(conn, row[0])


def subject_of_person(conn: Reader, person: str) -> Subject | None:
    """Return a person by account, None when there is no such account, or it was erased."""
    if conn.execute("SELECT 1 FROM people WHERE id = ? AND erased_ms IS NULL", (person,)).fetchone() is None:
        return None
    rows = conn.execute("SELECT id FROM learners WHERE person = ? ORDER BY created_ms, id", (person,))
    return _subject(conn, person, tuple(row[0] for row in rows))


def _subject(conn: Reader, person: str, learners: tuple[str, ...]) -> Subject:
    given = {"person": person, "learners": msgspec.json.encode(learners).decode()}
    held = "(SELECT value FROM json_each(:learners))"
    rows = conn.execute(
        f"SELECT DISTINCT organisation FROM learners WHERE id IN {held} AND deleted_ms IS NULL ORDER BY 1",  # noqa: S608 - a constant
        given,
    )
    mails = conn.execute(
        "SELECT email FROM people WHERE id = :person AND email IS NOT NULL UNION"  # noqa: S608 - a constant
        " SELECT email FROM emails WHERE person = :person UNION"
        f" SELECT lower(email) FROM learners WHERE id IN {held} AND email IS NOT NULL",
        given,
    )
    return Subject(person, learners, tuple(row[0] for row in rows), tuple(row[0] for row in mails))


def rows_of(conn: Reader, subject: Subject) -> dict[str, list[Row]]:
    """Return every row about a person, by table, without secrets; tables without any are left out."""
    found: dict[str, list[Row]] = {}
    for holding in HOLDINGS:
        if not holding.whose:
            continue
        cursor = conn.execute(f"SELECT * FROM {holding.table} WHERE {holding.whose}", _given(subject, 0))  # noqa: S608 - constants of HOLDINGS
        names = [column[0] for column in cursor.description]
        rows = [
            {
                name: _plain(value)
                for name, value in zip(names, row, strict=True)
                if name not in holding.hidden
            }
            for row in cursor
        ]
        if rows:
            found[holding.table] = rows
    return found


def _plain(value: str | int | bytes | None) -> str | int | None:
    """Return a value as it is read; the bytes of a document are text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def sittings_of(conn: Reader, subject: Subject) -> list[str]:
    """Return the participations of a person."""
    whose = next(holding.whose for holding in HOLDINGS if holding.table == "participations")
    rows = conn.execute(f"SELECT id FROM participations WHERE {whose}", _given(subject, 0))  # noqa: S608 - a constant of HOLDINGS
    return [row[0] for row in rows]


def candidates_of(conn: Reader, subject: Subject) -> list[str]:
    """Return the candidates a person was in certification sessions."""
    whose = next(holding.whose for holding in HOLDINGS if holding.table == "candidates")
    rows = conn.execute(f"SELECT id FROM candidates WHERE {whose} ORDER BY id", _given(subject, 0))  # noqa: S608 - a constant of HOLDINGS
    return [row[0] for row in rows]


def files_of(conn: Reader, subject: Subject) -> list[tuple[str, str]]:
    """Return the files a person handed back, as (hash, name)."""
    given = _given(subject, 0)
    found: set[tuple[str, str]] = set()
    for holding in HOLDINGS:
        if holding.table in {"uploads", "candidate_uploads"}:
            rows = conn.execute(f"SELECT sha256, name FROM {holding.table} WHERE {holding.whose}", given)  # noqa: S608 - constants of HOLDINGS
            found.update((row[0], row[1]) for row in rows)
    return sorted(found)


def erase(tx: Reader, subject: Subject, now_ms: int) -> dict[str, int]:
    """Erase everything tables hold of a person; return how many rows of each table were touched."""
    given = _given(subject, now_ms)
    done: dict[str, int] = {}
    for holding in HOLDINGS:
        if not holding.whose or not holding.erase:
            continue
        if holding.erase == DELETE:
            statement = f"DELETE FROM {holding.table} WHERE {holding.whose}"  # noqa: S608 - constants of HOLDINGS
        else:
            statement = f"UPDATE {holding.table} SET {holding.erase} WHERE {holding.whose}"  # noqa: S608 - constants of HOLDINGS
        count = tx.execute(statement, given).rowcount
        if count:
            done[holding.table] = count
    return done


def still_named(conn: Reader, sha256: str) -> bool:
    """Return whether any row still names a file by its hash."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM uploads WHERE sha256 = ?1)"
        " OR EXISTS (SELECT 1 FROM candidate_uploads WHERE sha256 = ?1)",
        (sha256,),
    ).fetchone()
    return bool(row[0])


def open_sessions(conn: Reader, subject: Subject) -> int:
    """Return in how many certification sessions not yet finalised a person is enrolled."""
    row = conn.execute(
        "SELECT count(*) FROM candidates c JOIN sessions s ON s.id = c.session"
        " WHERE s.finalised_ms IS NULL AND s.mode = 'certification' AND c.erased_ms IS NULL"
        " AND (c.person = :person OR c.learner IN (SELECT value FROM json_each(:learners)))",
        _given(subject, 0),
    ).fetchone()
    return int(row[0])


def alone_in_charge(conn: Reader, person: str) -> bool:
    """Return whether an organisation would have no administrator left without this person."""
    row = conn.execute(
        "SELECT count(*) FROM memberships m WHERE m.person = ?1 AND m.role = 'admin' AND m.left_ms IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM memberships o JOIN people p ON p.id = o.person WHERE o.organisation ="
        " m.organisation AND o.role = 'admin' AND o.left_ms IS NULL AND o.person <> ?1 AND p.disabled = 0)",
        (person,),
    ).fetchone()
    return int(row[0]) > 0


def still_here(conn: Reader, subject: Subject) -> bool:
    """Return whether an account is still a pupil's on some list, or a member's of some organisation."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM learners WHERE person = ?1 AND disabled_ms IS NULL AND deleted_ms IS NULL)"
        " OR EXISTS (SELECT 1 FROM memberships WHERE person = ?1 AND left_ms IS NULL)",
        (subject.person,),
    ).fetchone()
    return bool(subject.person) and bool(row[0])


def count_erasures(conn: Reader) -> int:
    """Return how many people were erased."""
    return int(conn.execute("SELECT count(*) FROM erasures").fetchone()[0])


def note_erasure(tx: Reader, subject: str, by: str | None, now_ms: int, record: int) -> None:
    """Keep that somebody was erased, as an id."""
    tx.execute(
        "INSERT INTO erasures (subject, by, at_ms, record) VALUES (?, ?, ?, ?)", (subject, by, now_ms, record)
    )


def _given(subject: Subject, now_ms: int) -> dict[str, str | int]:
    return {
        "person": subject.person,
        "learners": msgspec.json.encode(subject.learners).decode(),
        "mails": msgspec.json.encode(subject.mails).decode(),
        "now": now_ms,
    }
