"""Schools, their keys, and the codes that let them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from sync.central.store.upsert import insert as upsert
from sync.central.tables import enrolment_codes, schools

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class School:
    """An enrolled school: `public_key` is its Ed25519 key, raw, in hex."""

    site: str
    uai: str
    name: str
    public_key: str
    enrolled_at: int
    revoked_at: int | None
    last_contact: int | None


@dataclass(frozen=True, slots=True)
class Code:
    """A single-use code as the table knows it, and who was refused with it."""

    code_hash: str
    uai: str
    name: str
    made_at: int
    expires_at: int
    used_at: int | None
    site: str | None
    statement: str | None
    refused_code: str | None
    refused_at: int | None
    refused_times: int


async def read_school(conn: AsyncConnection, site: str) -> School | None:
    """Return one school, revoked or not."""
    row = (await conn.execute(select(schools).where(schools.c.site == site))).one_or_none()
    return None if row is None else School(*row)


async def read_schools(conn: AsyncConnection, sites: set[str]) -> dict[str, School]:
    """Return the schools among `sites` that exist, by id."""
    rows = await conn.execute(select(schools).where(schools.c.site.in_(sorted(sites))))
    return {row.site: School(*row) for row in rows}


async def all_schools(conn: AsyncConnection) -> list[School]:
    """Return every school, by name."""
    rows = await conn.execute(select(schools).order_by(schools.c.name, schools.c.site))
    return [School(*row) for row in rows]


async def add_school(conn: AsyncConnection, school: School) -> None:
    """Add a school; one that comes back with the same key keeps its records under its new name."""
    row = {
        "site": school.site,
        "uai": school.uai,
        "name": school.name,
        "public_key": school.public_key,
        "enrolled_at": school.enrolled_at,
    }
    words = {"uai": school.uai, "name": school.name}
    statement = upsert(conn, schools).values(**row)
    await conn.execute(statement.on_conflict_do_update(index_elements=["site"], set_=words))


async def touch_school(conn: AsyncConnection, site: str, now: int) -> bool:
    """Note a contact, which also makes this transaction the school's only writer; False when revoked."""
    known = (schools.c.site == site) & schools.c.revoked_at.is_(None)
    done = await conn.execute(update(schools).where(known).values(last_contact=now))
    return done.rowcount == 1


async def hold_school(conn: AsyncConnection, site: str) -> bool:
    """Make this transaction the school's only writer, without a contact; False when there is no such school."""
    mine = update(schools).where(schools.c.site == site).values(uai=schools.c.uai)
    return (await conn.execute(mine)).rowcount == 1


async def revoke_school(conn: AsyncConnection, site: str, now: int) -> bool:
    """Refuse everything this key signs from now on; False when there is no such school left to revoke."""
    known = (schools.c.site == site) & schools.c.revoked_at.is_(None)
    return (await conn.execute(update(schools).where(known).values(revoked_at=now))).rowcount == 1


async def add_code(conn: AsyncConnection, hashed: str, uai: str, name: str, times: tuple[int, int]) -> None:
    """Keep a code's hash; `times` are when it was made and when it stops being good."""
    row = {"code_hash": hashed, "uai": uai, "name": name, "made_at": times[0], "expires_at": times[1]}
    await conn.execute(insert(enrolment_codes).values(**row))


async def read_code(conn: AsyncConnection, hashed: str) -> Code | None:
    """Return a code, used or not; its row is then ours until the transaction ends."""
    query = select(enrolment_codes).where(enrolment_codes.c.code_hash == hashed).with_for_update()
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else Code(*row)


async def use_code(conn: AsyncConnection, hashed: str, site: str, statement: str, now: int) -> None:
    """Mark the code as used by `site` and keep the answer given, so that a lost answer can be given again."""
    mine = enrolment_codes.c.code_hash == hashed
    values = {"used_at": now, "site": site, "statement": statement}
    await conn.execute(update(enrolment_codes).where(mine).values(**values))


async def note_refusal(conn: AsyncConnection, hashed: str, why: str, now: int) -> None:
    """Note that someone came with this code and was refused: officers are shown it."""
    mine = enrolment_codes.c.code_hash == hashed
    times = enrolment_codes.c.refused_times + 1
    values = {"refused_code": why, "refused_at": now, "refused_times": times}
    await conn.execute(update(enrolment_codes).where(mine).values(**values))


async def open_codes(conn: AsyncConnection, now: int) -> list[Code]:
    """Return the codes still to be used, and those someone was refused with, newest first."""
    waiting = enrolment_codes.c.used_at.is_(None) & (enrolment_codes.c.expires_at > now)
    refused = enrolment_codes.c.refused_at.is_not(None)
    query = select(enrolment_codes).where(waiting | refused).order_by(enrolment_codes.c.made_at.desc())
    return [Code(*row) for row in await conn.execute(query.limit(100))]
