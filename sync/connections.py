"""How a SQLite file is opened: the settings that make "committed" mean "on disk".

WAL with `synchronous=FULL`: a commit returns after fsync, so a power cut loses nothing that was acknowledged.
Connections are in autocommit mode: only the writer decides where a transaction begins and ends.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BUSY_MS = 5_000
"""How long a statement waits for another process (a backup, a command) to release the file."""
CHECKPOINT_PAGES = 4_000
"""Pages of WAL before its content is copied to the main file: 16 MB, so the copy is rare under load."""


def connect_writer(path: Path) -> sqlite3.Connection:
    """Return the connection of the one writer; creates the file when absent.

    Raises sqlite3.DatabaseError when the file is not a database.
    """
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=512, timeout=BUSY_MS / 1000
    )
    try:
        _tune_writer(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Return a connection that refuses every write; the file must exist.

    Opened read-write at file level, because SQLite needs to create the WAL index when no writer is running.
    """
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        timeout=BUSY_MS / 1000,
    )
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA mmap_size = 134217728")
    except BaseException:
        connection.close()
        raise
    return connection


def _tune_writer(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Savepoints and sorts stay in memory: no temporary file, hence no other disk that can fill up.
    connection.execute("PRAGMA temp_store = MEMORY")
    # 8 MB: a sitting appends at ends of trees, and larger only took memory (23 MB more in the bench, no faster).
    connection.execute("PRAGMA cache_size = -8192")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute("PRAGMA journal_size_limit = 67108864")
