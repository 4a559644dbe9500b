"""What a school does, from its records: how many of each type, and the last ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from sync.central.store.records import STORED
from sync.central.tables import records

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Kept(NamedTuple):
    """One record: its number, when it was made, and the line as it was signed."""

    seq: int
    at: int
    frame: bytes


async def count_types(conn: AsyncConnection, site: str, types: tuple[str, ...]) -> dict[str, int]:
    """Return how many records of each of these types a school sent."""
    mine = (records.c.site == site) & records.c.type.in_(types) & (records.c.state == STORED)
    query = select(records.c.type, func.count()).where(mine).group_by(records.c.type)
    return {row[0]: int(row[1]) for row in await conn.execute(query)}


async def last_of_type(conn: AsyncConnection, site: str, kind: str, most: int) -> list[Kept]:
    """Return the last records of a type."""
    mine = (records.c.site == site) & (records.c.type == kind) & (records.c.state == STORED)
    query = select(records.c.seq, records.c.at, records.c.frame).where(mine)
    return [Kept(*row) for row in await conn.execute(query.order_by(records.c.seq.desc()).limit(most))]
