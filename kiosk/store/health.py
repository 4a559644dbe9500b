"""The figures of a health report, in SQL; no name among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Figures(NamedTuple):
    """How many learners have an open account, take part, and have shared; trials of the staff are not counted."""

    pupils: int
    participations: int
    shared: int


def figures(conn: Reader) -> Figures:
    """Return the figures of now."""
    row = conn.execute(
        "SELECT (SELECT count(DISTINCT p.id) FROM people p JOIN learners l ON l.person = p.id WHERE p.disabled = 0"
        " AND l.disabled_ms IS NULL AND l.deleted_ms IS NULL),"
        " (SELECT count(*) FROM participations WHERE trial = 0 AND deleted_ms IS NULL),"
        " (SELECT count(*) FROM participations WHERE trial = 0 AND deleted_ms IS NULL AND status = 'shared')"
    ).fetchone()
    return Figures(*row)


def last_report_ms(conn: Reader) -> int | None:
    """Return when the last health report was signed (wall clock), None before the first."""
    row = conn.execute("SELECT max(at) FROM log_records WHERE type = 'health.report'").fetchone()
    return None if row[0] is None else int(row[0])
