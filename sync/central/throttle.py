"""How often one may try: counted in the database, so that every worker sees the same tries.

A bucket is what is counted (an address, a name at an address); its key is hashed, for a table of who tried what is
nobody's business. A try is counted before it is made, so that a hundred at once count as a hundred, and taken back when it was
a right one; a window starts with the first of them.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, select, update

from sync.central.errors import Throttled
from sync.central.store.upsert import insert
from sync.central.tables import attempts

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` failures for one subject in `window_ms`."""

    kind: str
    times: int
    window_ms: int


LOGIN_NAME = Limit("login.name", 6, 15 * 60_000)
LOGIN_ADDRESS = Limit("login.address", 30, 15 * 60_000)
ENROLMENT = Limit("enrolment.address", 10, 10 * 60_000)


def network_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 an IPv6 address lives in."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _bucket(limit: Limit, subject: str) -> str:
    return hashlib.sha256(f"{limit.kind}\n{subject}".encode()).hexdigest()


async def take(conn: AsyncConnection, limit: Limit, subject: str, now: int) -> None:
    """Count a try before it is made. Raises `Throttled` when there is none left; roll back, and it was never counted."""
    await _count(conn, limit, subject, now)
    query = select(attempts).where(attempts.c.bucket == _bucket(limit, subject))
    row = (await conn.execute(query)).one()
    if row.times > limit.times:
        raise Throttled(wait_s=max(0, row.started_at + limit.window_ms - now) // 1000 + 1)


async def give_back(conn: AsyncConnection, limit: Limit, subject: str) -> None:
    """Take back one try of `subject` that was a right one."""
    query = update(attempts).where(attempts.c.bucket == _bucket(limit, subject), attempts.c.times > 0)
    await conn.execute(query.values(times=attempts.c.times - 1))


async def _count(conn: AsyncConnection, limit: Limit, subject: str, now: int) -> None:
    """Count one try of `subject`, in a new window when the last one is over."""
    over = attempts.c.started_at + limit.window_ms <= now
    row = insert(conn, attempts).values(bucket=_bucket(limit, subject), started_at=now, times=1)
    again = {
        "times": case((over, 1), else_=attempts.c.times + 1),
        "started_at": case((over, now), else_=attempts.c.started_at),
    }
    await conn.execute(row.on_conflict_do_update(index_elements=["bucket"], set_=again))


async def forget(conn: AsyncConnection, limit: Limit, subject: str) -> None:
    """Clear the count of `subject`, once it has shown who it is."""
    await conn.execute(delete(attempts).where(attempts.c.bucket == _bucket(limit, subject)))


async def sweep(conn: AsyncConnection, now: int) -> None:
    """Drop the counts nobody needs any more."""
    await conn.execute(delete(attempts).where(attempts.c.started_at < now - 24 * 3_600_000))
