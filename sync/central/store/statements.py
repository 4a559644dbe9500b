"""What was said to each school, by number, and how far it asked; and where its identity sheets are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from sync.central.store.upsert import insert
from sync.central.tables_certification import identities, statements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement; `fetched_at` is when its school showed that it holds it."""

    site: str
    number: int
    type: str
    session: str
    line: bytes
    at: int
    fetched_at: int | None


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """Who a candidate is, sealed: `said` is the hash the school's record names, `hash` that of the sheet in force.

    Once the school erased the person nothing is left but the ids: `erased`, and no sheet is taken any more.
    """

    site: str
    candidate: str
    session: str
    hash: str
    said: str
    who: str
    named: str
    box: str
    sealed: bytes
    received_at: int

    @property
    def erased(self) -> bool:
        """Return whether the school erased this person."""
        return not self.sealed


async def next_number(conn: AsyncConnection, site: str) -> int:
    """Return the number of the next statement to a school, whose row this transaction holds."""
    return (
        int(await conn.scalar(select(func.max(statements.c.number)).where(statements.c.site == site)) or 0)
        + 1
    )


async def add(conn: AsyncConnection, row: StatementRow) -> None:
    """Keep a statement."""
    await conn.execute(insert(conn, statements).values(**asdict(row)))


async def after(conn: AsyncConnection, site: str, number: int, limit: int) -> list[StatementRow]:
    """Return a school's statements after a number, in order."""
    mine = (statements.c.site == site) & (statements.c.number > number)
    query = select(statements).where(mine).order_by(statements.c.number).limit(limit)
    return [StatementRow(*row) for row in await conn.execute(query)]


async def note_fetched(conn: AsyncConnection, site: str, number: int, now: int) -> None:
    """Note that a school holds its statements up to a number."""
    mine = (statements.c.site == site) & (statements.c.number <= number) & statements.c.fetched_at.is_(None)
    await conn.execute(update(statements).where(mine).values(fetched_at=now))


async def of_session(conn: AsyncConnection, site: str, session: str) -> list[StatementRow]:
    """Return what was said of a session, oldest first."""
    mine = (statements.c.site == site) & (statements.c.session == session)
    query = select(statements).where(mine).order_by(statements.c.number)
    return [StatementRow(*row) for row in await conn.execute(query)]


async def keep_identity(conn: AsyncConnection, row: IdentityRow) -> None:
    """Keep an identity sheet in place of the one before."""
    values = asdict(row)
    later = {name: value for name, value in values.items() if name not in {"site", "candidate"}}
    statement = insert(conn, identities).values(**values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["site", "candidate"], set_=later))


async def erase_identities(conn: AsyncConnection, site: str, candidates: Iterable[str], now: int) -> None:
    """Erase who candidates are, for good: what is sealed, its hashes, and what they were looked up by."""
    for candidate in candidates:
        known = await identity_of(conn, site, candidate)
        session = known.session if known is not None else ""
        await keep_identity(conn, IdentityRow(site, candidate, session, "", "", "", "", "", b"", now))


async def identity_of(conn: AsyncConnection, site: str, candidate: str) -> IdentityRow | None:
    """Return a candidate's identity."""
    mine = (identities.c.site == site) & (identities.c.candidate == candidate)
    row = (await conn.execute(select(identities).where(mine))).one_or_none()
    return None if row is None else IdentityRow(*row)


async def identities_of(conn: AsyncConnection, site: str, session: str) -> dict[str, IdentityRow]:
    """Return the identities of a session by candidate."""
    mine = (identities.c.site == site) & (identities.c.session == session)
    return {row.candidate: IdentityRow(*row) for row in await conn.execute(select(identities).where(mine))}


async def identities_at(conn: AsyncConnection, site: str) -> list[IdentityRow]:
    """Return every identity of a school."""
    query = select(identities).where(identities.c.site == site).order_by(identities.c.candidate)
    return [IdentityRow(*row) for row in await conn.execute(query)]


async def identities_by(conn: AsyncConnection, *, who: str = "", named: str = "") -> list[IdentityRow]:
    """Return the identities of one keyed hash, of an INE or of a name at a school."""
    same = identities.c.who == who if who else identities.c.named == named
    return [IdentityRow(*row) for row in await conn.execute(select(identities).where(same).limit(100))]
