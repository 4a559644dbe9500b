"""Sealed bundles, by what they lead certifications with."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.central.store.upsert import insert
from sync.central.tables_certification import sealed_banks

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class SealedRow:
    """One bundle as it came; `day_key` is sealed for our box."""

    bundle: str
    digest: str
    version: str
    tables: str
    thresholds: str
    signer: str
    data: bytes
    day_key: bytes
    added_at: int


async def add(conn: AsyncConnection, row: SealedRow) -> bool:
    """Keep a bundle; False when it was already there."""
    statement = insert(conn, sealed_banks).values(**asdict(row))
    return (await conn.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def by_digests(conn: AsyncConnection, tables: str, thresholds: str) -> SealedRow | None:
    """Return the bundle that leads sittings with these tables and thresholds."""
    same = (sealed_banks.c.tables == tables) & (sealed_banks.c.thresholds == thresholds)
    row = (await conn.execute(select(sealed_banks).where(same).limit(1))).one_or_none()
    return None if row is None else SealedRow(*row)


async def versions(conn: AsyncConnection) -> dict[str, str]:
    """Return the version of each bundle known."""
    return {
        row[0]: row[1] for row in await conn.execute(select(sealed_banks.c.bundle, sealed_banks.c.version))
    }
