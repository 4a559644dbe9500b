"""What linking an account to a pupil reads and writes, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.reconciling import Listed, Methods

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_LISTED = (
    "SELECT l.id, l.first_name, l.middle_name, l.third_name, l.last_name, l.preferred_last_name, l.student_number,"
    " l.ine, l.person FROM learners l"
)
_LIVE = " AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL AND l.erased_ms IS NULL"


def born_on(conn: Reader, organisation: str, birth_date: str) -> list[Listed]:
    """Return the learners of an organisation who were born that day."""
    rows = conn.execute(
        _LISTED + " WHERE l.organisation = ? AND l.birth_date = ?" + _LIVE, (organisation, birth_date)
    )
    return [Listed(*row) for row in rows]


def with_ine(conn: Reader, ine: str, birth_date: str) -> list[Listed]:
    """Return the learners of every organisation with this INE and birth date, disabled ones too: they have left."""
    rows = conn.execute(
        _LISTED + " WHERE l.ine = ? AND l.birth_date = ? AND l.deleted_ms IS NULL AND l.erased_ms IS NULL"
        " ORDER BY l.disabled_ms IS NOT NULL, l.updated_ms DESC, l.id",
        (ine, birth_date),
    )
    return [Listed(*row) for row in rows]


def account_elsewhere(conn: Reader, learner: Listed, organisation: str, birth_date: str) -> str | None:
    """Return the account that the same INE has in another organisation, None when there is none or several."""
    if learner.ine is None:
        return None
    rows = conn.execute(
        "SELECT DISTINCT l.person FROM learners l WHERE l.ine = ? AND l.birth_date = ? AND l.organisation <> ?"
        " AND l.person IS NOT NULL AND l.deleted_ms IS NULL AND l.erased_ms IS NULL LIMIT 2",
        (learner.ine, birth_date, organisation),
    ).fetchall()
    return rows[0][0] if len(rows) == 1 else None


def learner_here(conn: Reader, organisation: str, person: str) -> str | None:
    """Return which learner of an organisation this account is, disabled ones too."""
    row = conn.execute(
        "SELECT id FROM learners WHERE organisation = ? AND person = ? AND deleted_ms IS NULL",
        (organisation, person),
    ).fetchone()
    return row[0] if row else None


def others_of(conn: Reader, person: str, organisation: str) -> list[tuple[str | None, str | None]]:
    """Return the INE and birth date under which other organisations know this account."""
    rows = conn.execute(
        "SELECT ine, birth_date FROM learners WHERE person = ? AND organisation <> ? AND deleted_ms IS NULL",
        (person, organisation),
    )
    return [(row[0], row[1]) for row in rows]


def methods_of(conn: Reader, person: str) -> Methods | None:
    """Return the ways into an account, None when there is no such account."""
    row = conn.execute(
        "SELECT username, email, EXISTS (SELECT 1 FROM identities i WHERE i.person = people.id) FROM people"
        " WHERE id = ?",
        (person,),
    ).fetchone()
    return Methods(row[0], row[1], bool(row[2])) if row else None


def link(tx: Reader, learner: str, person: str, now_ms: int) -> bool:
    """Link a learner who has no account to one; return False when another got there first."""
    cursor = tx.execute(
        "UPDATE OR IGNORE learners SET person = ?, updated_ms = ? WHERE id = ? AND person IS NULL",
        (person, now_ms, learner),
    )
    return cursor.rowcount == 1
