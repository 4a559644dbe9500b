"""The courses schools made, in SQL. A course is never changed: another definition is another course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_SELECT = (
    "SELECT o.organisation, o.id, o.name, o.definition, o.owner, o.created_ms, p.first_name, p.last_name,"
    " (SELECT count(*) FROM campaigns c WHERE c.course = o.id AND c.organisation = o.organisation"
    " AND c.deleted_ms IS NULL) FROM courses o JOIN people p ON p.id = o.owner WHERE o.deleted_ms IS NULL"
)


class MadeCourse(msgspec.Struct, frozen=True):
    """A course of an organisation: its definition as JSON, who made it, and how many campaigns use it."""

    organisation: str
    id: str
    name: str
    definition: str
    owner: str
    created_ms: int
    owner_first_name: str = ""
    owner_last_name: str = ""
    campaigns: int = 0


def _made(row: tuple[Any, ...]) -> MadeCourse:
    return MadeCourse(*row)


def of_organisation(conn: Reader, organisation: str) -> list[MadeCourse]:
    """Return the courses an organisation offers itself, by name."""
    rows = conn.execute(_SELECT + " AND o.organisation = ? ORDER BY o.name, o.id", (organisation,))
    return [_made(row) for row in rows]


def one(conn: Reader, organisation: str, course: str) -> MadeCourse | None:
    """Return a course an organisation offers, or None."""
    row = conn.execute(_SELECT + " AND o.organisation = ? AND o.id = ?", (organisation, course)).fetchone()
    return _made(row) if row else None


def definitions(conn: Reader) -> list[str]:
    """Return every definition there ever was, those no longer offered too: sittings may still follow them."""
    return [row[0] for row in conn.execute("SELECT DISTINCT definition FROM courses ORDER BY definition")]


def add(tx: Reader, made: MadeCourse) -> bool:
    """Add a course, or offer it again; return False when it is offered already."""
    cursor = tx.execute(
        "INSERT INTO courses (organisation, id, name, definition, owner, created_ms) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (organisation, id) DO UPDATE SET deleted_ms = NULL, owner = excluded.owner,"
        " created_ms = excluded.created_ms WHERE courses.deleted_ms IS NOT NULL",
        (made.organisation, made.id, made.name, made.definition, made.owner, made.created_ms),
    )
    return cursor.rowcount == 1


def withdraw(tx: Reader, organisation: str, course: str, now_ms: int) -> None:
    """Offer a course no more; campaigns and sittings that follow it go on."""
    tx.execute(
        "UPDATE courses SET deleted_ms = ? WHERE organisation = ? AND id = ?", (now_ms, organisation, course)
    )
