"""Who works for which organisation, in SQL. A membership that ended stays, with when it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.people import MemberRole, Workplace

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_MEMBER = (
    "SELECT p.id, p.first_name, p.last_name, p.username, p.email, m.role, m.joined_ms, m.terms_ms, p.seen_ms"
    " FROM memberships m JOIN people p ON p.id = m.person"
)


class Member(msgspec.Struct, frozen=True):
    """A person of an organisation, as its team is listed; instants in milliseconds."""

    person: str
    first_name: str
    last_name: str
    username: str | None
    email: str | None
    role: MemberRole
    joined_ms: int
    terms_ms: int | None
    seen_ms: int | None


def _member(row: tuple[Any, ...]) -> Member:
    return Member(*row)


def add(tx: Reader, organisation: str, person: str, role: MemberRole, now_ms: int) -> None:
    """Make a person a member; whoever left comes back with this role and must accept the terms again."""
    tx.execute(
        "INSERT INTO memberships (organisation, person, role, joined_ms) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (organisation, person) DO UPDATE SET role = excluded.role, joined_ms = excluded.joined_ms,"
        " left_ms = NULL, terms_ms = NULL",
        (organisation, person, role, now_ms),
    )


def role_in(conn: Reader, organisation: str, person: str) -> MemberRole | None:
    """Return what a person is in an organisation, None when they are no member of it."""
    row = conn.execute(
        "SELECT role FROM memberships WHERE organisation = ? AND person = ? AND left_ms IS NULL",
        (organisation, person),
    ).fetchone()
    return row[0] if row else None


def one(conn: Reader, organisation: str, person: str) -> Member | None:
    """Return a member, or None."""
    row = conn.execute(
        _MEMBER + " WHERE m.organisation = ? AND m.person = ? AND m.left_ms IS NULL", (organisation, person)
    ).fetchone()
    return _member(row) if row else None


def of_organisation(conn: Reader, organisation: str) -> list[Member]:
    """Return the members whose account is open, administrators first, then by name."""
    rows = conn.execute(
        _MEMBER + " WHERE m.organisation = ? AND m.left_ms IS NULL AND p.disabled = 0"
        " ORDER BY m.role, p.last_name, p.first_name, p.id",
        (organisation,),
    )
    return [_member(row) for row in rows]


def is_member_email(conn: Reader, organisation: str, email: str) -> bool:
    """Say whether a member has this e-mail."""
    row = conn.execute(
        "SELECT 1 FROM memberships m JOIN people p ON p.id = m.person"
        " WHERE m.organisation = ? AND m.left_ms IS NULL AND p.email = ?",
        (organisation, email),
    ).fetchone()
    return row is not None


def workplaces_of(conn: Reader, person: str) -> tuple[Workplace, ...]:
    """Return the organisations a person may act for, by name."""
    rows = conn.execute(
        "SELECT o.id, o.name, m.role, m.terms_ms IS NOT NULL, o.logo IS NOT NULL FROM memberships m JOIN organisations o ON o.id = m.organisation"
        " WHERE m.person = ? AND m.left_ms IS NULL ORDER BY o.name, o.id",
        (person,),
    )
    return tuple(
        Workplace(organisation, name, role, terms=bool(terms), has_logo=bool(logo))
        for organisation, name, role, terms, logo in rows
    )


def count_admins(conn: Reader, organisation: str) -> int:
    """Return how many administrators with an open account an organisation has."""
    row = conn.execute(
        "SELECT count(*) FROM memberships m JOIN people p ON p.id = m.person"
        " WHERE m.organisation = ? AND m.role = 'admin' AND m.left_ms IS NULL AND p.disabled = 0",
        (organisation,),
    ).fetchone()
    return int(row[0])


def set_role(tx: Reader, organisation: str, person: str, role: MemberRole) -> None:
    """Change what a member is."""
    tx.execute(
        "UPDATE memberships SET role = ? WHERE organisation = ? AND person = ?", (role, organisation, person)
    )


def accept_terms(tx: Reader, organisation: str, person: str, now_ms: int) -> None:
    """Note that a member accepted the terms of use."""
    tx.execute(
        "UPDATE memberships SET terms_ms = ? WHERE organisation = ? AND person = ?",
        (now_ms, organisation, person),
    )


def end(tx: Reader, organisation: str, person: str, now_ms: int) -> None:
    """End a membership; their browsers stop acting for the organisation at once."""
    tx.execute(
        "UPDATE memberships SET left_ms = ? WHERE organisation = ? AND person = ?",
        (now_ms, organisation, person),
    )
    tx.execute(
        "UPDATE logins SET organisation = NULL WHERE organisation = ? AND person = ?", (organisation, person)
    )
