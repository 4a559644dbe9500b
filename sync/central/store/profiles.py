"""Profile states and the pieces that say them, and who asked for whom: rows of asking are added and never changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from sync.central.store.upsert import insert
from sync.central.tables import pieces, profile_asks, profile_states, records, schools

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class StateRow:
    """The last profile state of a person of a school, by the number of its record; `erased_seq` when they were erased."""

    site: str
    person: str
    piece: str
    seq: int
    record: str
    erased_seq: int | None = None


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece as kept: `who` is the keyed hash of its person, `sealed` the document for our box alone."""

    site: str
    person: str
    hash: str
    who: str
    sealed: bytes
    received_at: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One person asked for: question, place in it, by whom, and how many schools answered."""

    site: str
    asked: str
    number: int
    by: str
    who: str
    at: int
    found: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A piece found for a question, with what proves it."""

    site: str
    school: str
    uai: str
    public_key: str
    sealed: bytes
    frame: bytes


async def add_state(conn: AsyncConnection, row: StateRow) -> None:
    """Keep a state when it is the latest of its person; the piece of an older one goes."""
    known = await state_of(conn, row.site, row.person)
    if known is not None and max(known.seq, known.erased_seq or 0) >= row.seq:
        return
    values = asdict(row)
    fresh = {name: values[name] for name in ("piece", "seq", "record", "erased_seq")}
    statement = insert(conn, profile_states).values(**values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["site", "person"], set_=fresh))
    await _drop_piece(conn, row.site, row.person)


async def erase(conn: AsyncConnection, site: str, person: str, seq: int, record: str) -> None:
    """Erase what a school handed in about a person; a state that comes late is then too late."""
    row = StateRow(site, person, "", seq, record, seq)
    fresh = {"piece": "", "erased_seq": seq}
    statement = insert(conn, profile_states).values(**asdict(row))
    await conn.execute(statement.on_conflict_do_update(index_elements=["site", "person"], set_=fresh))
    await _drop_piece(conn, site, person)


async def _drop_piece(conn: AsyncConnection, site: str, person: str) -> None:
    await conn.execute(delete(pieces).where(pieces.c.site == site, pieces.c.person == person))


async def state_of(conn: AsyncConnection, site: str, person: str) -> StateRow | None:
    """Return the last state of a person of a school; its row is then ours until the transaction ends."""
    mine = (profile_states.c.site == site) & (profile_states.c.person == person)
    row = (await conn.execute(select(profile_states).where(mine).with_for_update())).one_or_none()
    return None if row is None else StateRow(*row)


async def keep_piece(conn: AsyncConnection, row: PieceRow) -> None:
    """Keep a piece; the same handed in again changes nothing that matters."""
    values = asdict(row)
    fresh = {name: values[name] for name in ("hash", "who", "sealed", "received_at")}
    statement = insert(conn, pieces).values(**values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["site", "person"], set_=fresh))


async def pieces_of(conn: AsyncConnection, who: str, other_than: str) -> list[Kept]:
    """Return the pieces of a person that schools other than one handed in, revoked schools left out; latest first."""
    query = (
        select(
            pieces.c.site,
            schools.c.name,
            schools.c.uai,
            schools.c.public_key,
            pieces.c.sealed,
            records.c.frame,
        )
        .select_from(pieces)
        .join(schools, schools.c.site == pieces.c.site)
        .join(
            profile_states,
            (profile_states.c.site == pieces.c.site)
            & (profile_states.c.person == pieces.c.person)
            & (profile_states.c.piece == pieces.c.hash),
        )
        .join(
            records, (records.c.site == profile_states.c.site) & (records.c.hash == profile_states.c.record)
        )
        .where(pieces.c.who == who, pieces.c.site != other_than, schools.c.revoked_at.is_(None))
        .order_by(pieces.c.received_at.desc(), pieces.c.site)
        .limit(20)
    )
    return [Kept(*row) for row in await conn.execute(query)]


async def asked_since(conn: AsyncConnection, site: str, since: int) -> int:
    """Return how many people a school asked for since an instant."""
    mine = (profile_asks.c.site == site) & (profile_asks.c.at > since)
    return int(await conn.scalar(select(func.count()).select_from(profile_asks).where(mine)) or 0)


async def was_asked(conn: AsyncConnection, site: str, asked: str) -> bool:
    """Return whether this very question was answered before."""
    mine = (profile_asks.c.site == site) & (profile_asks.c.asked == asked)
    return bool(await conn.scalar(select(func.count()).select_from(profile_asks).where(mine)))


async def add_asks(conn: AsyncConnection, rows: list[Ask]) -> None:
    """Write down who asked for whom."""
    await conn.execute(insert(conn, profile_asks).on_conflict_do_nothing(), [asdict(row) for row in rows])


async def read_asks(conn: AsyncConnection, site: str, most: int = 20) -> list[Ask]:
    """Return the last people a school asked for."""
    query = select(profile_asks).where(profile_asks.c.site == site)
    query = query.order_by(profile_asks.c.at.desc(), profile_asks.c.asked, profile_asks.c.number).limit(most)
    return [Ask(*row) for row in await conn.execute(query)]


async def count_pieces(conn: AsyncConnection, site: str) -> int:
    """Return how many pieces of a school are kept."""
    return int(await conn.scalar(select(func.count()).select_from(pieces).where(pieces.c.site == site)) or 0)


async def drop_old(conn: AsyncConnection, before: int) -> int:
    """Erase the pieces handed in before an instant; return how many. Their states stay, as ids and hashes."""
    old = select(pieces.c.site, pieces.c.person).where(pieces.c.received_at < before)
    rows = (await conn.execute(old)).all()
    for site, person in rows:
        await _drop_piece(conn, site, person)
        mine = (profile_states.c.site == site) & (profile_states.c.person == person)
        await conn.execute(update(profile_states).where(mine).values(piece=""))
    return len(rows)
