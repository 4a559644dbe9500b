"""The accounts of an organisation's learners, several at a time, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.store.base import Reader

_COLUMNS = (
    "SELECT l.id, l.first_name, l.last_name, coalesce(l.division, l.class_group), l.birth_date, p.id, p.username,"
    " p.email, EXISTS (SELECT 1 FROM memberships m WHERE m.person = p.id AND m.left_ms IS NULL)"
    " FROM learners l LEFT JOIN people p ON p.id = l.person"
    " WHERE l.organisation = ? AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL AND l.erased_ms IS NULL"
)
_ORDER = " ORDER BY coalesce(l.division, l.class_group), l.last_name, l.first_name, l.id"


class Holder(NamedTuple):
    """A learner and their account, if any; `group` is their class or their group."""

    learner: str
    first_name: str
    last_name: str
    group: str | None
    birth_date: str | None
    person: str | None
    username: str | None
    email: str | None
    staff: bool


def chosen(conn: Reader, organisation: str, learners: Sequence[str]) -> list[Holder]:
    """Return those of these learners who are in the organisation, by class and name."""
    marks = ", ".join("?" * len(learners))
    rows = conn.execute(_COLUMNS + f" AND l.id IN ({marks})" + _ORDER, (organisation, *learners))
    return [_holder(row) for row in rows]


def without_account(conn: Reader, organisation: str, group: str) -> list[Holder]:
    """Return the learners of a class or group who have no account, by name."""
    rows = conn.execute(
        _COLUMNS + " AND l.person IS NULL AND coalesce(l.division, l.class_group) = ?" + _ORDER,
        (organisation, group),
    )
    return [_holder(row) for row in rows]


def _holder(row: tuple[object, ...]) -> Holder:
    found = Holder(*row)  # type: ignore[arg-type] # the columns are those of the record, in its order
    return found._replace(staff=bool(found.staff))


def groups_without_account(conn: Reader, organisation: str) -> list[tuple[str, int]]:
    """Return each class or group where somebody has no account, and how many."""
    rows = conn.execute(
        "SELECT coalesce(division, class_group), count(*) FROM learners WHERE organisation = ? AND person IS NULL"
        " AND deleted_ms IS NULL AND disabled_ms IS NULL AND erased_ms IS NULL"
        " AND coalesce(division, class_group) IS NOT NULL GROUP BY 1 ORDER BY 1",
        (organisation,),
    )
    return [(row[0], row[1]) for row in rows]


def set_student_number(tx: Reader, learner: str, number: str, now_ms: int) -> bool:
    """Change a student number; return False when it is another's."""
    cursor = tx.execute(
        "UPDATE OR IGNORE learners SET student_number = ?, updated_ms = ? WHERE id = ?",
        (number, now_ms, learner),
    )
    return cursor.rowcount == 1


def delete(tx: Reader, learners: Sequence[str], by: str, now_ms: int) -> None:
    """Delete learners with their participations. Their numbers stay theirs: an import that names them brings them back."""
    for learner in learners:
        tx.execute(
            "UPDATE participations SET deleted_ms = ?, deleted_by = ? WHERE learner = ? AND deleted_ms IS NULL",
            (now_ms, by, learner),
        )
        tx.execute(
            "UPDATE learners SET deleted_ms = ?, updated_ms = ? WHERE id = ?", (now_ms, now_ms, learner)
        )
