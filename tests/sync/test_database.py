"""The database keeps what it acknowledged, and nothing of what it refused."""

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from sync.db import Busy, Closed, CommitFailed, Database, DatabaseDead, Tx
from sync.migrate import MigrationSet


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text(
        "CREATE TABLE notes (n INTEGER PRIMARY KEY, t TEXT NOT NULL) STRICT;"
    )
    database = Database.open(tmp_path / "test.db", [MigrationSet("test", folder)])
    yield database
    await database.close()


def add(number: int, text: str = "x") -> Callable[[Tx], int]:
    def job(tx: Tx) -> int:
        tx.execute("INSERT INTO notes VALUES (?, ?)", (number, text))
        return number

    return job


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT n FROM notes ORDER BY n")]


async def test_what_write_returned_is_read_back(db: Database) -> None:
    assert await asyncio.gather(*(db.write(add(n)) for n in range(50))) == list(range(50))
    assert await db.read(numbers) == list(range(50))


async def test_jobs_waiting_together_share_one_commit(db: Database) -> None:
    commits = 0

    def count(_: Tx) -> None:
        nonlocal commits
        commits += 1

    db.before_commit = count
    hold = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait(tx: Tx) -> None:
        asyncio.run_coroutine_threadsafe(hold.wait(), loop).result()

    first = db.write(wait)
    others = [db.write(add(n)) for n in range(100)]
    hold.set()
    await asyncio.gather(first, *others)
    assert commits == 1


async def test_a_failing_job_takes_back_its_own_writes_only(db: Database) -> None:
    undone: list[str] = []

    def bad(tx: Tx) -> None:
        tx.on_undo(lambda: undone.append("first"))
        tx.on_undo(lambda: undone.append("second"))
        tx.execute("INSERT INTO notes VALUES (1000, 'bad')")
        raise ValueError("no")

    jobs = [db.write(add(n)) if n != 7 else db.write(bad) for n in range(20)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(results[7], ValueError)
    assert await db.read(numbers) == [n for n in range(20) if n != 7]
    assert undone == ["second", "first"]


async def test_memory_follows_the_tables_when_neighbours_fail(db: Database) -> None:
    """A counter kept in memory by jobs that undo it ends equal to what is stored, whoever fails."""
    memory: list[int] = []

    def job(number: int) -> Callable[[Tx], None]:
        def run(tx: Tx) -> None:
            memory.append(number)
            tx.on_undo(memory.pop)
            tx.execute("INSERT INTO notes VALUES (?, 'x')", (number,))
            if number % 7 == 3:
                raise ValueError(number)

        return run

    await asyncio.gather(*(db.write(job(n)) for n in range(100)), return_exceptions=True)
    assert memory == await db.read(numbers) == [n for n in range(100) if n % 7 != 3]


async def test_a_refusal_before_any_write_disturbs_nobody(db: Database) -> None:
    runs = 0

    def counted(tx: Tx) -> None:
        nonlocal runs
        runs += 1

    def refuse(tx: Tx) -> None:
        raise ValueError

    results = await asyncio.gather(db.write(counted), db.write(refuse), return_exceptions=True)
    assert runs == 1
    assert isinstance(results[1], ValueError)


async def test_a_failing_commit_fails_every_job_and_the_next_one_works(db: Database) -> None:
    undone: list[int] = []

    def refuse(_: Tx) -> None:
        raise RuntimeError("the log cannot seal")

    def job(tx: Tx) -> None:
        tx.execute("INSERT INTO notes VALUES (1, 'x')")
        tx.on_undo(lambda: undone.append(1))

    db.before_commit = refuse
    with pytest.raises(CommitFailed, match="cannot seal"):
        await db.write(job)
    db.before_commit = None
    assert undone == [1]
    assert await db.write(add(2)) == 2
    assert await db.read(numbers) == [2]


async def test_a_disk_that_is_full_fails_the_batch_and_keeps_the_past(db: Database) -> None:
    await db.write(add(1))
    await db.write(lambda tx: tx.execute("PRAGMA max_page_count = 8").fetchall())
    with pytest.raises((CommitFailed, sqlite3.OperationalError)):
        await db.write(add(2, "x" * 200_000))
    await db.write(lambda tx: tx.execute("PRAGMA max_page_count = 100000").fetchall())
    assert await db.write(add(3)) == 3
    assert await db.read(numbers) == [1, 3]


async def test_who_only_looks_is_answered_with_what_is_kept_though_neighbours_cannot_be_saved(
    db: Database,
) -> None:
    await db.write(add(1))
    hold = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait(_: Tx) -> None:
        asyncio.run_coroutine_threadsafe(hold.wait(), loop).result()

    def refuse(_: Tx) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    first = db.write(wait)
    db.before_commit = refuse
    lost, seen = db.write(add(2)), db.write(lambda tx: numbers(tx.connection))
    staged = db.write(lambda tx: tx.on_undo(lambda: None))
    failed = db.write(lambda tx: tx.execute("SELECT no_such_column FROM notes"))
    hold.set()
    await first
    with pytest.raises(CommitFailed):
        await lost
    with pytest.raises(CommitFailed):
        await staged
    assert await seen == [1], "what a neighbour wrote and could not keep is not shown"
    with pytest.raises(sqlite3.OperationalError, match="no_such_column"):
        await failed
    assert db.failing
    db.before_commit = None
    assert await db.write(add(3)) == 3


async def test_an_undo_that_fails_stops_the_writer_and_says_so(db: Database) -> None:
    def broken(tx: Tx) -> None:
        tx.on_undo(lambda: 1 // 0)

    def refuse(_: Tx) -> None:
        raise RuntimeError("no commit")

    db.before_commit = refuse
    with pytest.raises(CommitFailed):
        await db.write(broken)
    with pytest.raises((DatabaseDead, Closed)):
        await db.write(add(1))


async def test_a_job_whose_own_undo_fails_stops_the_writer_too(db: Database) -> None:
    def broken(tx: Tx) -> None:
        tx.on_undo(lambda: 1 // 0)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        await db.write(broken)
    with pytest.raises((DatabaseDead, Closed)):
        await db.write(add(1))


async def test_too_many_waiting_writes_are_told_busy(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "small.db", [], max_waiting=3)
    hold = asyncio.Event()
    loop = asyncio.get_running_loop()
    first = database.write(lambda _: asyncio.run_coroutine_threadsafe(hold.wait(), loop).result())
    waits = [database.write(lambda _: None) for _ in range(2)]
    with pytest.raises(Busy):
        waits += [database.write(lambda _: None) for _ in range(10)]
    hold.set()
    await asyncio.gather(first, *waits)
    await database.close()


async def test_a_caller_that_gave_up_does_not_undo_the_write(db: Database) -> None:
    db.write(add(5)).cancel()
    await db.write(add(6))
    assert await db.read(numbers) == [5, 6]


async def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await db.read(lambda connection: connection.execute("INSERT INTO notes VALUES (1, 'x')"))


async def test_close_commits_what_waits_and_then_refuses(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "c.db", [])
    await database.write(lambda tx: tx.execute("CREATE TABLE t (n INTEGER)"))
    waiting = [database.write(lambda tx: tx.execute("INSERT INTO t VALUES (1)")) for _ in range(5)]
    await database.close()
    await asyncio.gather(*waiting)
    with pytest.raises(Closed):
        database.write(lambda _: None)
    reopened = Database.open(tmp_path / "c.db", [])
    assert reopened.read_sync(lambda c: c.execute("SELECT count(*) FROM t").fetchone()) == (5,)
    reopened.close_sync()


def test_a_process_that_forgets_to_close_still_ends(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from sync.db import Database
        db = Database.open(Path(sys.argv[1]), [])
        db.write_sync(lambda tx: tx.execute("CREATE TABLE t (n INTEGER)").close())
        print("done")
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "f.db")]
    found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert found.stdout == "done\n"
