"""Accounts, logins and attempts in SQL. Functions take the transaction or a read connection and decide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.logins import Login
from kiosk.people import ROLES, Display, Person, role_of
from kiosk.store.memberships import workplaces_of

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_PERSON = (
    "SELECT p.id, p.username, p.email, p.first_name, p.last_name, m.role, m.organisation, p.lang, p.theme, p.face,"
    " p.size, p.must_change, p.disabled"
)
_WIDTH = 13
_MEMBER = " LEFT JOIN memberships m ON m.person = p.id AND m.left_ms IS NULL AND m.organisation = "
_USUAL = (
    " FROM people p LEFT JOIN memberships m ON m.person = p.id AND m.left_ms IS NULL AND m.organisation = coalesce("
    "(SELECT k.organisation FROM memberships k WHERE k.person = p.id AND k.organisation = p.organisation"
    " AND k.left_ms IS NULL), "
    "(SELECT k.organisation FROM memberships k WHERE k.person = p.id AND k.left_ms IS NULL"
    " ORDER BY k.joined_ms, k.organisation LIMIT 1))"
)
"""A person acting where they usually do: the organisation last chosen, else the first they joined, else none."""


def _person(row: tuple[Any, ...]) -> Person:
    return Person(
        id=row[0],
        username=row[1],
        email=row[2],
        first_name=row[3],
        last_name=row[4],
        role=role_of(row[5]),
        organisation=row[6],
        lang=row[7],
        display=Display(theme=row[8], face=row[9], size=row[10]),
        must_change=bool(row[11]),
        disabled=bool(row[12]),
    )


def person_by_username(conn: Reader, username: str) -> tuple[Person, str | None] | None:
    """Return the person of this username (lower case) and their password's PHC string, acting where they usually do."""
    row = conn.execute(_PERSON + ", p.password" + _USUAL + " WHERE p.username = ?", (username,)).fetchone()
    return (_person(row[:-1]), row[-1]) if row else None


def person_by_email(conn: Reader, email: str) -> tuple[Person, str | None] | None:
    """Return the person of this address (lower case) and their password's PHC string, acting where they usually do."""
    row = conn.execute(_PERSON + ", p.password" + _USUAL + " WHERE p.email = ?", (email,)).fetchone()
    return (_person(row[:-1]), row[-1]) if row else None


def person_by_id(conn: Reader, person: str) -> Person | None:
    """Return a person acting where they usually do, or None."""
    row = conn.execute(_PERSON + _USUAL + " WHERE p.id = ?", (person,)).fetchone()
    return _person(row) if row else None


def person_in(conn: Reader, person: str, organisation: str | None) -> Person | None:
    """Return a person acting for an organisation, as a pupil when they are no member of it; None when unknown."""
    row = conn.execute(
        _PERSON + " FROM people p" + _MEMBER + "?2 WHERE p.id = ?1", (person, organisation)
    ).fetchone()
    return _person(row) if row else None


def all_people(conn: Reader) -> list[Person]:
    """Return every account, by role and name, acting where they usually do."""
    rows = conn.execute(_PERSON + _USUAL + " ORDER BY p.last_name, p.first_name, p.id")
    return sorted((_person(row) for row in rows), key=lambda person: ROLES.index(person.role))


def add_person(tx: Reader, person: Person, phc: str | None, now_ms: int) -> bool:
    """Add an account, without any role; return False when the username or the e-mail is taken."""
    d = person.display
    cursor = tx.execute(
        "INSERT INTO people (id, username, email, first_name, last_name, password, must_change, lang, theme, face,"
        " size, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            person.id,
            person.username,
            person.email,
            person.first_name,
            person.last_name,
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


def password_of(conn: Reader, person: str) -> str | None:
    """Return the PHC string of an account's password; None when it has none."""
    row = conn.execute("SELECT password FROM people WHERE id = ?", (person,)).fetchone()
    return row[0] if row else None


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
    """Keep a login and when its person was last seen, and sweep those that have expired."""
    tx.execute("DELETE FROM logins WHERE expires_ms <= ?", (now_ms,))
    tx.execute(
        "INSERT INTO logins (digest, id, person, created_ms, expires_ms, organisation) VALUES (?, ?, ?, ?, ?, ?)",
        (login.digest, login.id, login.person.id, now_ms, login.expires_ms, login.organisation),
    )
    tx.execute("UPDATE people SET seen_ms = ? WHERE id = ?", (now_ms, login.person.id))


def login_by_digest(conn: Reader, digest: bytes) -> Login | None:
    """Return the login whose secret has this SHA-256, with its person as they are now in the organisation chosen."""
    row = conn.execute(
        _PERSON
        + ", l.id, l.expires_ms FROM logins l JOIN people p ON p.id = l.person"
        + _MEMBER
        + "l.organisation WHERE l.digest = ?",
        (digest,),
    ).fetchone()
    if row is None:
        return None
    person = _person(row[:_WIDTH])
    return Login(
        id=row[_WIDTH],
        digest=digest,
        person=person,
        expires_ms=row[_WIDTH + 1],
        workplaces=workplaces_of(conn, person.id),
    )


def choose_organisation(tx: Reader, login: Login, organisation: str | None) -> None:
    """Have a browser act for an organisation, or for nobody; the next sign-in begins with the organisation."""
    tx.execute("UPDATE logins SET organisation = ? WHERE digest = ?", (organisation, login.digest))
    if organisation is not None:
        tx.execute("UPDATE people SET organisation = ? WHERE id = ?", (organisation, login.person.id))


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
