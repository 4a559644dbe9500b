"""Banks the central instance can replay with, by the digest participations name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.central.store.upsert import insert
from sync.central.tables import banks

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def add_bank(conn: AsyncConnection, digest: str, version: str, bundle: bytes, now: int) -> bool:
    """Keep a bank; False when it was already there."""
    row = insert(conn, banks).values(digest=digest, version=version, bundle=bundle, added_at=now)
    return (await conn.execute(row.on_conflict_do_nothing())).rowcount == 1


async def read_bundle(conn: AsyncConnection, digest: str) -> bytes | None:
    """Return the bundle of a bank."""
    return await conn.scalar(select(banks.c.bundle).where(banks.c.digest == digest))


async def read_version(conn: AsyncConnection, digest: str) -> str | None:
    """Return the version of a bank, as its authors named it."""
    return await conn.scalar(select(banks.c.version).where(banks.c.digest == digest))
