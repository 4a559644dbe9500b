"""What is older than it is to be kept, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Due(NamedTuple):
    """How many things of a kind are there, how many are past their time, and the oldest instant (ms)."""

    held: int
    due: int
    oldest_ms: int | None


_COUNTS = {
    "participations": ("participations", "last_ms", "1 = 1"),
    "disabled": (
        "learners",
        "disabled_ms",
        "disabled_ms IS NOT NULL AND deleted_ms IS NULL AND erased_ms IS NULL",
    ),
    "uploads": ("uploads", "at_ms", "1 = 1"),
    "mails": ("mails", "coalesce(settled_ms, created_ms)", "state <> 'waiting'"),
    "imports": ("learner_imports", "updated_ms", "state NOT IN ('uploading', 'uploaded', 'validated')"),
    "refusals": ("lockdown_refusals", "last_ms", "1 = 1"),
}


def due(conn: Reader, kind: str, before_ms: int) -> Due:
    """Return what there is of a kind; `before_ms` of 0 means that nothing is ever due."""
    table, instant, live = _COUNTS[kind]
    extra = f" AND ({_THERE})" if kind == "participations" else ""
    row = conn.execute(
        f"SELECT count(*), coalesce(sum({instant} < ?), 0), min({instant}) FROM {table} WHERE {live}{extra}",  # noqa: S608 - constants above
        (before_ms,),
    ).fetchone()
    return Due(*row)


_THERE = (
    "EXISTS (SELECT 1 FROM log_events e WHERE e.sitting = participations.id) OR (participations.deleted_ms IS NULL"
    " AND participations.campaign IN (SELECT id FROM campaigns WHERE kind = 'collection'))"
)
"""A participation not purged yet: its events are there, or it never had any and is still listed."""


class Old(NamedTuple):
    """A participation past its time, the number of the record that shared it, if any, and whether it has events."""

    id: str
    record: int | None
    sitting: bool


def old_participations(conn: Reader, before_ms: int, after: str, most: int) -> list[Old]:
    """Return sittings past their time whose events are still there, in order; one that a start from nothing cut is left."""
    rows = conn.execute(
        "SELECT id, record, EXISTS (SELECT 1 FROM log_events e WHERE e.sitting = participations.id)"  # noqa: S608 - a constant
        f" FROM participations WHERE last_ms < ? AND id > ? AND ({_THERE})"
        " AND NOT EXISTS (SELECT 1 FROM resets r WHERE r.person = participations.pupil"
        "  AND r.at_ms > participations.started_ms AND r.at_ms <= participations.last_ms) ORDER BY id LIMIT ?",
        (before_ms, after, most),
    )
    return [Old(row[0], row[1], bool(row[2])) for row in rows]


def close_participation(tx: Reader, participation: str, now_ms: int) -> None:
    """Take a participation out of every list, and its words and results with it; what was learnt stays in `settled`."""
    tx.execute(
        "UPDATE participations SET deleted_ms = coalesce(deleted_ms, ?), external_id = NULL, shared = NULL WHERE id = ?",
        (now_ms, participation),
    )
    for table in ("results", "reports", "uploads"):
        tx.execute(f"DELETE FROM {table} WHERE participation = ?", (participation,))  # noqa: S608 - constants above


def old_learners(conn: Reader, before_ms: int, most: int) -> list[str]:
    """Return pupils who left the lists before an instant."""
    rows = conn.execute(
        "SELECT id FROM learners WHERE disabled_ms < ? AND deleted_ms IS NULL AND erased_ms IS NULL ORDER BY id LIMIT ?",
        (before_ms, most),
    )
    return [row[0] for row in rows]


def files_of_participations(conn: Reader, participations: list[str]) -> list[str]:
    """Return the hashes of the files handed back in these sittings."""
    marks = ", ".join("?" * len(participations))
    rows = conn.execute(
        f"SELECT DISTINCT sha256 FROM uploads WHERE participation IN ({marks})",  # noqa: S608 - marks alone
        participations,
    )
    return [row[0] for row in rows]


def drop_uploads(tx: Reader, before_ms: int) -> list[str]:
    """Forget files handed back before an instant; return their hashes."""
    rows = tx.execute("SELECT DISTINCT sha256 FROM uploads WHERE at_ms < ?", (before_ms,)).fetchall()
    tx.execute("DELETE FROM uploads WHERE at_ms < ?", (before_ms,))
    return [row[0] for row in rows]


def drop_mails(tx: Reader, before_ms: int) -> int:
    """Forget mails that left or failed before an instant."""
    return tx.execute("DELETE FROM mails WHERE state <> 'waiting' AND settled_ms < ?", (before_ms,)).rowcount


def drop_imports(tx: Reader, before_ms: int) -> int:
    """Forget imports that ended before an instant, but the last of each organisation, which plans are compared with."""
    ended = (
        "SELECT id FROM learner_imports i WHERE updated_ms < ?1 AND state NOT IN ('uploading', 'uploaded', 'validated')"
        " AND id <> coalesce((SELECT k.id FROM learner_imports k WHERE k.organisation = i.organisation"
        " AND k.state = 'imported' ORDER BY k.updated_ms DESC, k.id LIMIT 1), '')"
    )
    tx.execute(f"DELETE FROM learner_import_rows WHERE import IN ({ended})", (before_ms,))  # noqa: S608 - a constant
    return tx.execute(f"DELETE FROM learner_imports WHERE id IN ({ended})", (before_ms,)).rowcount  # noqa: S608 - a constant


def drop_telemetry(tx: Reader, before_ms: int) -> int:
    """Forget refusals and wrong passwords of before an instant, and what supervisors of finalised sessions called themselves."""
    count = tx.execute("DELETE FROM lockdown_refusals WHERE last_ms < ?", (before_ms,)).rowcount
    tx.execute(
        "UPDATE supervisors SET name = '' WHERE seen_ms < ? AND name <> ''"
        " AND session IN (SELECT id FROM sessions WHERE finalised_ms IS NOT NULL)",
        (before_ms,),
    )
    count += tx.execute("DELETE FROM supervisor_refusals WHERE last_ms < ?", (before_ms,)).rowcount
    return (
        count
        + tx.execute(
            "DELETE FROM attempts WHERE updated_ms < ?1 AND blocked_until_ms < ?1", (before_ms,)
        ).rowcount
    )
