"""The figures of a health report, in SQL; no name among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Figures(NamedTuple):
    """How many pupils have an account, take part, and have shared."""

    pupils: int
    participations: int
    shared: int


def figures(conn: Reader) -> Figures:
    """Return the figures of now."""
    row = conn.execute(
        "SELECT (SELECT count(*) FROM people WHERE role = 'pupil' AND disabled = 0),"
        " (SELECT count(*) FROM participations),"
        " (SELECT count(*) FROM participations WHERE status = 'shared')"
    ).fetchone()
    return Figures(*row)


def last_report_ms(conn: Reader) -> int | None:
    """Return when the last health report was signed (wall clock), None before the first."""
    row = conn.execute("SELECT max(at) FROM log_records WHERE type = 'health.report'").fetchone()
    return None if row[0] is None else int(row[0])
