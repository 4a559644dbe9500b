"""Migrations go forwards, once, and refuse a history that is not theirs."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.migrate import MigrationSet, SchemaError, migrate


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    found = sqlite3.connect(":memory:", isolation_level=None)
    yield found
    found.close()


@pytest.fixture
def notes(tmp_path: Path) -> MigrationSet:
    (tmp_path / "0001_notes.sql").write_text("CREATE TABLE notes (n INTEGER);")
    (tmp_path / "0002_more.sql").write_text(
        "ALTER TABLE notes ADD COLUMN t TEXT; INSERT INTO notes VALUES (1, 'a')"
    )
    return MigrationSet("notes", tmp_path)


def test_each_file_is_applied_once(connection: sqlite3.Connection, notes: MigrationSet) -> None:
    assert migrate(connection, [notes]) == 2
    assert migrate(connection, [notes]) == 0
    assert connection.execute("SELECT * FROM notes").fetchall() == [(1, "a")]


def test_a_newer_database_is_refused_with_what_to_do(
    connection: sqlite3.Connection, notes: MigrationSet
) -> None:
    migrate(connection, [notes])
    (notes.folder / "0002_more.sql").unlink()
    with pytest.raises(SchemaError, match=r"newer version of Préau.*install that version"):
        migrate(connection, [notes])


def test_a_file_changed_after_it_was_applied_is_refused(
    connection: sqlite3.Connection, notes: MigrationSet
) -> None:
    migrate(connection, [notes])
    (notes.folder / "0001_notes.sql").write_text("CREATE TABLE notes (n TEXT);")
    with pytest.raises(SchemaError, match="another notes 0001"):
        migrate(connection, [notes])


def test_a_failing_file_leaves_the_database_as_it_was(
    connection: sqlite3.Connection, notes: MigrationSet
) -> None:
    (notes.folder / "0003_bad.sql").write_text(
        "CREATE TABLE half (n INTEGER); CREATE TABLE notes (n INTEGER);"
    )
    with pytest.raises(SchemaError, match=r"0003_bad\.sql failed and was taken back"):
        migrate(connection, [notes])
    tables = connection.execute("SELECT name FROM sqlite_master WHERE name IN ('notes', 'half')").fetchall()
    assert tables == [("notes",)]


def test_a_missing_number_is_refused(connection: sqlite3.Connection, notes: MigrationSet) -> None:
    (notes.folder / "0004_gap.sql").write_text("SELECT 1;")
    with pytest.raises(SchemaError, match="expected number 0003"):
        migrate(connection, [notes])


BOOKS = """
CREATE TABLE shelves (n INTEGER PRIMARY KEY); INSERT INTO shelves VALUES (1);
CREATE TABLE books (shelf INTEGER NOT NULL REFERENCES shelves (n)); INSERT INTO books VALUES (1);
"""
REBUILD = """-- foreign keys: off
CREATE TABLE new_shelves (n INTEGER PRIMARY KEY, name TEXT); INSERT INTO new_shelves (n) SELECT n FROM shelves;
DROP TABLE shelves; ALTER TABLE new_shelves RENAME TO shelves;
"""


@pytest.fixture
def library(connection: sqlite3.Connection, tmp_path: Path) -> MigrationSet:
    connection.execute("PRAGMA foreign_keys = ON")
    (tmp_path / "0001_books.sql").write_text(BOOKS)
    found = MigrationSet("library", tmp_path)
    migrate(connection, [found])
    return found


def test_a_file_may_make_a_table_again_that_others_point_to(
    connection: sqlite3.Connection, library: MigrationSet
) -> None:
    (library.folder / "0002_shelves.sql").write_text(REBUILD)
    assert migrate(connection, [library]) == 1
    assert connection.execute("SELECT n, name FROM shelves").fetchall() == [(1, None)]
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO books VALUES (2)")  # references hold again


def test_a_file_that_leaves_a_reference_to_nothing_is_taken_back(
    connection: sqlite3.Connection, library: MigrationSet
) -> None:
    (library.folder / "0002_shelves.sql").write_text(f"{REBUILD}\nDELETE FROM shelves;")
    with pytest.raises(SchemaError, match="a row of books points to nothing in shelves"):
        migrate(connection, [library])
    assert connection.execute("SELECT * FROM shelves").fetchall() == [(1,)]
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
