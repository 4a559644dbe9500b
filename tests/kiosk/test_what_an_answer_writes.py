"""An answer pays for one row and nothing else: whatever lists want to find fast, they do not make every answer dearer."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from kiosk.opening import MIGRATIONS
from kiosk.store.participations import KEEP_SUMMARY
from sync.migrate import migrate

if TYPE_CHECKING:
    from pathlib import Path


def test_no_index_of_participations_holds_a_column_that_every_answer_sets(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)
    try:
        migrate(connection, MIGRATIONS)
        indexes = [row[1] for row in connection.execute("PRAGMA index_list(participations)")]
        indexed = {row[2] for name in indexes for row in connection.execute(f"PRAGMA index_info({name})")}
    finally:
        connection.close()
    written = set(re.findall(r"(\w+) = \?", KEEP_SUMMARY.partition(" WHERE ")[0]))
    assert {"status", "answered", "last_ms"} <= written
    assert not written & indexed
