"""Numbered SQL files bring a database up to date, each in its own transaction, never backwards.

A set is a named folder of `0001_words.sql` files. What was applied is kept with its digest: a file that
changed afterwards, or a number this version does not know, stops the start with a sentence saying what to do.

A file whose first line is `-- foreign keys: off` may make tables again that others point to, which SQLite only
allows while references are not enforced; every reference is checked before its commit.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_UNREFERENCED = "-- foreign keys: off\n"
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_APPLIED = """
CREATE TABLE IF NOT EXISTS migrations_applied (
  set_name TEXT NOT NULL, number INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (set_name, number)
) STRICT, WITHOUT ROWID
"""


class SchemaError(Exception):
    """The database cannot be used by this version; the message says what to do."""


@dataclass(frozen=True)
class MigrationSet:
    """A name that never changes, and the folder of its numbered files."""

    name: str
    folder: Path


@dataclass(frozen=True)
class Migration:
    """One file of a set."""

    number: int
    path: Path
    sql: str

    @property
    def sha256(self) -> str:
        """Digest of the text, to notice a file edited after it was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def rebuilds(self) -> bool:
        """Whether it asks to be run while references are not enforced."""
        return self.sql.startswith(_UNREFERENCED)


def migrations_of(found: MigrationSet) -> list[Migration]:
    """Return the files of a set in order. Raises SchemaError when a number is missing or a name is odd."""
    migrations = []
    for number, path in enumerate(sorted(found.folder.glob("*.sql")), start=1):
        match = _NAME.fullmatch(path.name)
        if match is None or int(match[1]) != number:
            raise SchemaError(f"migrations {found.name}: expected number {number:04d}, found {path.name}")
        migrations.append(Migration(number, path, path.read_text("utf-8")))
    return migrations


def migrate(connection: sqlite3.Connection, sets: Sequence[MigrationSet]) -> int:
    """Apply what is missing and return how many files that was.

    Raises SchemaError when the database is newer or its history differs; nothing is changed then.
    """
    connection.execute(_APPLIED)
    pending = [(found.name, step) for found in sets for step in _pending(connection, found)]
    for name, step in pending:
        _apply(connection, name, step)
    return len(pending)


def _pending(connection: sqlite3.Connection, found: MigrationSet) -> list[Migration]:
    rows = connection.execute(
        "SELECT number, sha256 FROM migrations_applied WHERE set_name = ? ORDER BY number", (found.name,)
    )
    applied = dict(rows.fetchall())
    known = migrations_of(found)
    newest = max(applied, default=0)
    if newest > len(known):
        raise SchemaError(
            f"the database was written by a newer version of Préau ({found.name} {newest:04d}, this version knows "
            f"{len(known):04d}): install that version, or restore a backup made before the update"
        )
    for step in known[:newest]:
        if applied.get(step.number) != step.sha256:
            raise SchemaError(
                f"the database was built with another {found.name} {step.number:04d} than this version's "
                f"{step.path.name}: reinstall Préau, or restore a backup"
            )
    return known[newest:]


def _apply(connection: sqlite3.Connection, name: str, step: Migration) -> None:
    with _references(connection, enforced=not step.rebuilds):
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{step.sql}\n;")
            if step.rebuilds:
                _check_references(connection, step)
            connection.execute(
                "INSERT INTO migrations_applied VALUES (?, ?, ?)", (name, step.number, step.sha256)
            )
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise SchemaError(f"migration {step.path.name} failed and was taken back: {error}") from error
            raise


@contextmanager
def _references(connection: sqlite3.Connection, *, enforced: bool) -> Iterator[None]:
    """Leave references as they are, or not enforced for the time of a file; SQLite wants it outside a transaction."""
    before = connection.execute("PRAGMA foreign_keys").fetchone()[0]
    if not enforced:
        connection.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        if before:
            connection.execute("PRAGMA foreign_keys = ON")


def _check_references(connection: sqlite3.Connection, step: Migration) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise SchemaError(
            f"migration {step.path.name} was taken back: a row of {broken[0]} points to nothing in {broken[2]}"
        )
