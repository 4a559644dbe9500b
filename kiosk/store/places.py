"""Lots of places in SQL, and how many learners occupy one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.places import Places

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Lot(msgspec.Struct, frozen=True):
    """So many places from one instant to another, None for ever; milliseconds."""

    id: int
    organisation: str
    count: int
    from_ms: int
    until_ms: int | None
    label: str


def of_organisation(conn: Reader, organisation: str) -> list[Lot]:
    """Return an organisation's lots, latest first."""
    rows = conn.execute(
        "SELECT id, organisation, count, from_ms, until_ms, label FROM places WHERE organisation = ?"
        " ORDER BY from_ms DESC, id DESC",
        (organisation,),
    )
    return [Lot(*row) for row in rows]


def add(tx: Reader, lot: Lot) -> None:
    """Add a lot; its id is given by the table."""
    tx.execute(
        "INSERT INTO places (organisation, count, from_ms, until_ms, label) VALUES (?, ?, ?, ?, ?)",
        (lot.organisation, lot.count, lot.from_ms, lot.until_ms, lot.label),
    )


def remove(tx: Reader, organisation: str, lot: int) -> bool:
    """Remove a lot; return False when the organisation has no such lot."""
    return (
        tx.execute("DELETE FROM places WHERE organisation = ? AND id = ?", (organisation, lot)).rowcount == 1
    )


def counted(conn: Reader, organisation: str, now_ms: int) -> Places:
    """Return the places an organisation has at an instant, and how many are occupied."""
    lots = conn.execute(
        "SELECT count(*), coalesce(sum(CASE WHEN from_ms <= ?2 AND (until_ms IS NULL OR until_ms > ?2)"
        " THEN count ELSE 0 END), 0) FROM places WHERE organisation = ?1",
        (organisation, now_ms),
    ).fetchone()
    taken = conn.execute(
        "SELECT count(DISTINCT coalesce(x.learner, x.pupil)) FROM campaigns c"
        " JOIN participations x ON x.campaign = c.id"
        " WHERE c.organisation = ? AND c.archived_ms IS NULL AND c.deleted_ms IS NULL"
        " AND x.trial = 0 AND x.deleted_ms IS NULL",
        (organisation,),
    ).fetchone()
    return Places(int(lots[1]) if lots[0] else None, int(taken[0]))
