"""What went wrong at the door or in a sitting, named for an officer: one row a school, code and number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from sync.central.store.upsert import insert
from sync.central.tables import problems

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


MESSAGE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of `site` with its record number `seq` (0: none in particular), seen `times` times."""

    site: str
    code: str
    seq: int
    message: str
    times: int
    first_at: int
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    """What to note: what nobody vouches for goes under number 0, so that it cannot pile up."""

    code: str
    seq: int
    message: str


async def note(conn: AsyncConnection, site: str, said: Said, now: int) -> None:
    """Note a problem of a school once more."""
    message = said.message.replace("\0", "")[:MESSAGE_MAX]
    row = insert(conn, problems).values(
        site=site, code=said.code, seq=said.seq, message=message, times=1, first_at=now, at=now
    )
    again = {"times": problems.c.times + 1, "at": now, "message": message}
    await conn.execute(row.on_conflict_do_update(index_elements=["site", "code", "seq"], set_=again))


async def read_problems(conn: AsyncConnection, site: str) -> list[Problem]:
    """Return the problems of a school, the latest first."""
    query = select(problems).where(problems.c.site == site).order_by(problems.c.at.desc())
    return [Problem(*row) for row in await conn.execute(query.limit(200))]


async def count_problems(conn: AsyncConnection) -> dict[str, int]:
    """Return how many problems each school's own key vouches for: a forger must not make a school look wrong."""
    query = select(problems.c.site, func.count()).where(problems.c.seq > 0).group_by(problems.c.site)
    return {row[0]: row[1] for row in await conn.execute(query)}
