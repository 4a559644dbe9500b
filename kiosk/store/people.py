"""Accounts, logins and attempts in SQL. Functions take the transaction or a read connection and decide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.logins import Login
from kiosk.people import Display, Person

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_PERSON = (
    "p.id, p.username, p.first_name, p.last_name, p.role, p.division, p.lang, p.theme, p.face, p.size,"
    " p.must_change, p.disabled"
)


def _person(row: tuple[Any, ...]) -> Person:
    return Person(
        id=row[0],
        username=row[1],
        first_name=row[2],
        last_name=row[3],
        role=row[4],
        division=row[5],
        lang=row[6],
        display=Display(theme=row[7], face=row[8], size=row[9]),
        must_change=bool(row[10]),
        disabled=bool(row[11]),
    )


def person_by_username(conn: Reader, username: str) -> tuple[Person, str] | None:
    """Return the person of this username (lower case) and their password's PHC string."""
    row = conn.execute(
        f"SELECT {_PERSON}, p.password FROM people p WHERE p.username = ?",  # noqa: S608 - constant columns
        (username,),
    ).fetchone()
    return (_person(row[:-1]), row[-1]) if row else None


def person_by_id(conn: Reader, person: str) -> Person | None:
    """Return a person, or None."""
    row = conn.execute(
        f"SELECT {_PERSON} FROM people p WHERE p.id = ?",  # noqa: S608 - constant columns
        (person,),
    ).fetchone()
    return _person(row) if row else None


def all_people(conn: Reader) -> list[Person]:
    """Return every account, by name."""
    rows = conn.execute(
        f"SELECT {_PERSON} FROM people p ORDER BY p.role, p.last_name, p.first_name, p.id"  # noqa: S608 - constant columns
    )
    return [_person(row) for row in rows]


def add_person(tx: Reader, person: Person, phc: str, now_ms: int) -> bool:
    """Add an account; return False when the username is taken."""
    d = person.display
    cursor = tx.execute(
        "INSERT INTO people (id, username, first_name, last_name, role, division, password, must_change, lang,"
        " theme, face, size, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (username) DO NOTHING",
        (
            person.id,
            person.username,
            person.first_name,
            person.last_name,
            person.role,
            person.division,
            phc,
            int(person.must_change),
            person.lang,
            d.theme,
            d.face,
            d.size,
            now_ms,
        ),
    )
    return cursor.rowcount == 1


def set_password(tx: Reader, person: str, phc: str, *, must_change: bool) -> None:
    """Replace a password."""
    tx.execute(
        "UPDATE people SET password = ?, must_change = ? WHERE id = ?", (phc, int(must_change), person)
    )


def set_display(tx: Reader, person: str, lang: str, display: Display) -> None:
    """Keep how a person wants pages to look."""
    tx.execute(
        "UPDATE people SET lang = ?, theme = ?, face = ?, size = ? WHERE id = ?",
        (lang, display.theme, display.face, display.size, person),
    )


def set_disabled(tx: Reader, person: str, *, disabled: bool) -> None:
    """Close or reopen an account; its logins go with it."""
    tx.execute("UPDATE people SET disabled = ? WHERE id = ?", (int(disabled), person))
    tx.execute("DELETE FROM logins WHERE person = ?", (person,))


def add_login(tx: Reader, login: Login, now_ms: int) -> None:
    """Keep a login, and sweep those that have expired."""
    tx.execute("DELETE FROM logins WHERE expires_ms <= ?", (now_ms,))
    tx.execute(
        "INSERT INTO logins (digest, id, person, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?)",
        (login.digest, login.id, login.person.id, now_ms, login.expires_ms),
    )


def login_by_digest(conn: Reader, digest: bytes) -> Login | None:
    """Return the login whose secret has this SHA-256, with its person as they are now."""
    row = conn.execute(
        f"SELECT {_PERSON}, l.id, l.expires_ms FROM logins l JOIN people p ON p.id = l.person"  # noqa: S608 - constant columns
        " WHERE l.digest = ?",
        (digest,),
    ).fetchone()
    if row is None:
        return None
    return Login(id=row[12], digest=digest, person=_person(row[:12]), expires_ms=row[13])


def drop_login(tx: Reader, digest: bytes) -> None:
    """End a login."""
    tx.execute("DELETE FROM logins WHERE digest = ?", (digest,))


def drop_other_logins(tx: Reader, person: str, digest: bytes) -> None:
    """End every login of a person but one."""
    tx.execute("DELETE FROM logins WHERE person = ? AND digest <> ?", (person, digest))


def attempts_of(conn: Reader, subject: str) -> tuple[int, int]:
    """Return the failures counted for a subject and until when it is blocked (wall clock, ms)."""
    row = conn.execute(
        "SELECT failures, blocked_until_ms FROM attempts WHERE subject = ?", (subject,)
    ).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def keep_attempts(tx: Reader, subject: str, failures: int, blocked_until_ms: int, now_ms: int) -> None:
    """Keep the count of failures of a subject."""
    tx.execute(
        "INSERT INTO attempts (subject, failures, blocked_until_ms, updated_ms) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures,"
        " blocked_until_ms = excluded.blocked_until_ms, updated_ms = excluded.updated_ms",
        (subject, failures, blocked_until_ms, now_ms),
    )


def drop_attempts(tx: Reader, subject: str) -> None:
    """Forget the failures of a subject."""
    tx.execute("DELETE FROM attempts WHERE subject = ?", (subject,))


def sweep_attempts(tx: Reader, before_ms: int) -> None:
    """Forget failures nobody added to since `before_ms` and that block nobody any more."""
    tx.execute("DELETE FROM attempts WHERE updated_ms < ? AND blocked_until_ms < ?", (before_ms, before_ms))


def reset_password(tx: Reader, person: str, phc: str) -> None:
    """Give a one-time password and end every login."""
    set_password(tx, person, phc, must_change=True)
    tx.execute("DELETE FROM logins WHERE person = ?", (person,))
