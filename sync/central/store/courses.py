"""The courses schools made, kept by the digest of their definition."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.central.store.upsert import insert
from sync.central.tables import courses

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class MadeCourse:
    """A course as its school announced it; `definition` is its one spelling, of which `course` is the digest."""

    site: str
    course: str
    definition: bytes
    created_at: int
    record: str


async def add_courses(conn: AsyncConnection, rows: list[MadeCourse]) -> None:
    """Keep courses; announcing one again changes nothing, since its id says all of it."""
    if rows:
        await conn.execute(insert(conn, courses).on_conflict_do_nothing(), [asdict(row) for row in rows])


async def read_definitions(conn: AsyncConnection, wanted: Collection[str]) -> list[bytes]:
    """Return the definitions of these courses, whichever school made them: the same id is the same course."""
    if not wanted:
        return []
    query = select(courses.c.definition).where(courses.c.course.in_(sorted(wanted))).distinct()
    return list(await conn.scalars(query))
