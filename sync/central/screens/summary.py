"""The schools as an officer scans them: who has a failure first, then who waits, then the others by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.central.store import participations, problems, schools
from sync.central.store.participations import FAILED, VERIFIED, WAITING

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.store.schools import School


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school in the list, with its counts."""

    school: School
    copies: int
    verified: int
    waiting: int
    failed: int
    problems: int

    @property
    def state(self) -> str:
        """The one word for its pill."""
        if self.failed:
            return "failed"
        if self.school.revoked_at is not None:
            return "revoked"
        if self.problems:
            return "problems"
        if self.waiting:
            return "waiting"
        return "verified" if self.copies else "empty"


@dataclass(frozen=True, slots=True)
class Summary:
    """Every school and the totals of their verdicts."""

    lines: list[SchoolLine]

    @property
    def copies(self) -> int:
        """How many copies came in, of campaigns and of certifications."""
        return sum(line.copies for line in self.lines)

    @property
    def verified(self) -> int:
        """How many hold."""
        return sum(line.verified for line in self.lines)

    @property
    def waiting(self) -> int:
        """How many wait for their bank."""
        return sum(line.waiting for line in self.lines)

    @property
    def failed(self) -> int:
        """How many do not hold."""
        return sum(line.failed for line in self.lines)


_ORDER = {"failed": 0, "problems": 1, "waiting": 2}


async def summarise(conn: AsyncConnection) -> Summary:
    """Return every school with its counts, in the order an officer needs them."""
    counts = await participations.count_verdicts(conn)
    troubles = await problems.count_problems(conn)
    lines = []
    for school in await schools.all_schools(conn):
        mine = counts.get(school.site, {})
        lines.append(
            SchoolLine(
                school,
                sum(mine.values()),
                mine.get(VERIFIED, 0),
                mine.get(WAITING, 0),
                mine.get(FAILED, 0),
                troubles.get(school.site, 0),
            )
        )
    return Summary(sorted(lines, key=lambda line: _ORDER.get(line.state, 3)))
