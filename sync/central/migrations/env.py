"""How Alembic reaches the central database: a connection handed over at start, or an address given by hand.

`preau central serve` migrates inside the transaction it opened. Someone writing a migration may also run Alembic
itself with `-x database=postgresql://…`; nothing here reads a file.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

import sync.central.tables_certification  # noqa: F401 - declares its tables beside the others
from sync.central.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_by_hand(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(migrate_by_hand(context.get_x_argument(as_dictionary=True)["database"]))
