"""One way to the central database, SQLite or PostgreSQL: short reads, short writes, migrations at start.

On SQLite a write begins with `BEGIN IMMEDIATE` (it waits its turn instead of failing half-way) and a commit is on
disk when it returns (`synchronous=FULL`, WAL). On PostgreSQL the same statements run under its default isolation,
and a write that loses to another in a deadlock is begun again.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.util import CommandError
from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from sync.central.errors import WrongSetting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7_726_001  # one number for every worker that may migrate the same PostgreSQL at once
BUSY_MS = 30_000
TRIES = 5
AGAIN = ("40001", "40P01")  # serialization failure, deadlock detected
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


class Database:
    """An open engine. `read` and `write` give one connection inside one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection to read from; what was read is one moment of the database."""
        async with self.engine.connect() as conn, conn.begin():
            yield conn

    async def write(self, job: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `job` in one transaction and return its result once committed; a deadlock begins it again."""
        for left in range(TRIES - 1, -1, -1):
            try:
                return await self._write_once(job)
            except DBAPIError as error:
                if not left or getattr(error.orig, "sqlstate", None) not in AGAIN:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _write_once(self, job: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        if self._turn is None:
            async with self.engine.begin() as conn:
                return await job(conn)
        async with self._turn, self.engine.connect() as conn:
            await conn.execution_options(preau_write=True)
            async with conn.begin():
                return await job(conn)

    async def close(self) -> None:
        """Close every connection; without it the drivers' threads outlive the loop."""
        await self.engine.dispose()


async def open_database(url: str) -> Database:
    """Open the database at `url`, bring its tables up to date and return it.

    Raises `WrongSetting` when the address is not one of SQLite or PostgreSQL.
    """
    engine = create_async_engine(_address(url), pool_pre_ping=True, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    database = Database(engine)
    try:
        await database.write(_migrate)
    except CommandError as error:
        await database.close()
        raise WrongSetting("database", f"this database is of another version of Préau: {error}") from error
    except BaseException:
        await database.close()
        raise
    return database


def _address(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme in DRIVERS:
        url = f"{DRIVERS[scheme]}://{rest}"
    if url.partition("://")[0] not in DRIVERS.values():
        raise WrongSetting("database", "the database address must begin with sqlite:// or postgresql://")
    return make_url(url).render_as_string(hide_password=False)


def _prepare_sqlite(connection: AsyncAdapt_aiosqlite_connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's own "begin" event sends BEGIN
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    writes = conn.get_execution_options().get("preau_write", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def _migrate(conn: AsyncConnection) -> None:
    if conn.dialect.name == "postgresql":
        await conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
    await conn.run_sync(_upgrade)


def _upgrade(conn: Connection) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
