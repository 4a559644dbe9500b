"""What travelled, in SQL: the log's records on our side, the receipts and refusals the sync daemon keeps on its own.

The daemon's database is only read here, and may not exist yet.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from sync.connections import connect_reader

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.store.base import Reader


class Kept(NamedTuple):
    """Hashes of the records the central instance has acknowledged, and how many it would not take."""

    receipts: frozenset[str]
    refused: int


def record_hashes(conn: Reader) -> list[str]:
    """Return the hash of every record of the log, oldest first."""
    return [row[0] for row in conn.execute("SELECT hash FROM log_records ORDER BY seq")]


def kept(sync_db: Path) -> Kept:
    """Return what the daemon holds; nothing when it never ran. Raises sqlite3.Error on a damaged file."""
    if not sync_db.exists():
        return Kept(frozenset(), 0)
    with closing(connect_reader(sync_db)) as conn:
        receipts = frozenset(row[0] for row in conn.execute("SELECT hash FROM receipts"))
        refused = conn.execute("SELECT count(*) FROM refusals").fetchone()[0]
    return Kept(receipts, int(refused))
