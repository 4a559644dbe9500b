"""What a jury did and what followed: rows that are only ever added."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from sync.central.jury import JuryAct
from sync.central.store.upsert import insert
from sync.central.tables_certification import (
    cert_finals,
    cert_results,
    certifications,
    jury_acts,
    sealed_banks,
)

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result; `status` may be `error` when replay failed, `act` is the jury's act behind it (0: none)."""

    site: str
    candidate: str
    number: int
    session: str
    status: str
    comment: str
    answers: int
    degraded: int
    score: int | None
    low: int | None
    high: int | None
    ability: int | None
    deviation: int | None
    mesh: int | None
    levels: bytes
    basis: str
    act: int
    officer: str
    at: int


async def acts_of(conn: AsyncConnection, site: str, session: str) -> list[JuryAct]:
    """Return a session's acts in order."""
    mine = (jury_acts.c.site == site) & (jury_acts.c.session == session)
    query = select(jury_acts).where(mine).order_by(jury_acts.c.number)
    return [JuryAct(*row) for row in await conn.execute(query)]


async def add_act(conn: AsyncConnection, act: JuryAct) -> None:
    """Add an act."""
    await conn.execute(insert(conn, jury_acts).values(**asdict(act)))


async def results_of(conn: AsyncConnection, site: str, session: str) -> dict[str, list[ResultRow]]:
    """Return every result of a session by candidate, oldest first: the last is in force."""
    mine = (cert_results.c.site == site) & (cert_results.c.session == session)
    query = select(cert_results).where(mine).order_by(cert_results.c.candidate, cert_results.c.number)
    found: dict[str, list[ResultRow]] = {}
    for row in await conn.execute(query):
        found.setdefault(row.candidate, []).append(ResultRow(*row))
    return found


async def last_result(conn: AsyncConnection, site: str, candidate: str) -> ResultRow | None:
    """Return the result in force."""
    mine = (cert_results.c.site == site) & (cert_results.c.candidate == candidate)
    query = select(cert_results).where(mine).order_by(cert_results.c.number.desc()).limit(1)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else ResultRow(*row)


async def add_result(conn: AsyncConnection, row: ResultRow) -> None:
    """Add a result."""
    await conn.execute(insert(conn, cert_results).values(**asdict(row)))


async def to_settle(conn: AsyncConnection, limit: int) -> list[tuple[str, str]]:
    """Return sessions `(site, session)` that were finalised and hold a judged certification without its result."""
    c, f, r = certifications.c, cert_finals.c, cert_results.c
    basis = c.head + "|" + c.verdict + "|%"
    known = select(r.number).where(r.site == c.site, r.candidate == c.candidate, r.basis.like(basis)).exists()
    final = select(f.seq).where(f.site == c.site, f.session == c.session).exists()
    query = select(c.site, c.session).where(c.began == 1, c.verdict != "waiting", final, ~known).distinct()
    return [(row[0], row[1]) for row in await conn.execute(query.limit(limit))]


async def to_judge(conn: AsyncConnection, limit: int) -> list[tuple[str, str]]:
    """Return certifications `(site, candidate)` that wait, and whose bank is known."""
    c, b = certifications.c, sealed_banks.c
    joined = certifications.join(sealed_banks, (b.tables == c.tables) & (b.thresholds == c.thresholds))
    query = select(c.site, c.candidate).select_from(joined).where(c.verdict == "waiting")
    return [(row[0], row[1]) for row in await conn.execute(query.order_by(c.site, c.seq).limit(limit))]


async def next_act(conn: AsyncConnection, site: str, session: str) -> int:
    """Return the number of a session's next act."""
    mine = (jury_acts.c.site == site) & (jury_acts.c.session == session)
    return int(await conn.scalar(select(func.max(jury_acts.c.number)).where(mine)) or 0) + 1
