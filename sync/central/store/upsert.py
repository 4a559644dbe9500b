"""`INSERT … ON CONFLICT` is spelt alike on SQLite and PostgreSQL but lives in their dialects: this picks one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert(conn: AsyncConnection, table: Table) -> Insert:
    """Return the insert of this connection's dialect, which knows `on_conflict_do_nothing` and `…_do_update`."""
    if conn.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
