"""What the results of a campaign add up to: an average, a distribution, one figure a competence.

Only what pupils have shared enters here; everything is counted on integers from the shared facts, which never
change once sent. Stages come from the course, or ten bands of mastery when it has none.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.events import Shared
from exam.rounding import Tally, round_half_up
from exam.stages import bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.content import Course
    from exam.stages import Step
    from kiosk.store.participations import Participant


class SharedRow(msgspec.Struct, frozen=True):
    """One pupil's sent results; instants in milliseconds of the wall clock."""

    participation: str
    first_name: str
    last_name: str
    division: str | None
    answered: int
    started_ms: int
    ended_ms: int | None
    shared_ms: int
    shared: Shared

    @property
    def mastery(self) -> int:
        """Mastery in whole percent."""
        return Tally(self.shared.validated, self.shared.targeted).percent()


_shared = msgspec.json.Decoder(Shared)


def shared_row(one: Participant) -> SharedRow | None:
    """Return what a pupil sent, or None when nothing was."""
    p = one.participation
    if p.shared is None or p.shared_ms is None:
        return None
    return SharedRow(
        participation=p.id,
        first_name=one.first_name,
        last_name=one.last_name,
        division=one.division,
        answered=p.answered,
        started_ms=p.started_ms,
        ended_ms=p.ended_ms,
        shared_ms=p.shared_ms,
        shared=_shared.decode(p.shared),
    )


class Band(NamedTuple):
    """A band of results: its rank from 0 (also its stars), its bounds in percent; `place` in the course's stages."""

    rank: int
    low: int
    high: int
    place: int | None


def bands_of(steps: Sequence[Step]) -> list[Band]:
    """Return the stages as bands in ascending order; ten bands of mastery when the course has no stage."""
    if steps:
        return [Band(rank, *bounds(steps, rank), step.place) for rank, step in enumerate(steps)]
    return [Band(rank, 10 * rank + (1 if rank else 0), 10 * rank + 10, None) for rank in range(10)]


def rank_of(row: SharedRow, bands: Sequence[Band]) -> int:
    """Return the rank of the band a result is in: the stage fixed when it was sent, or its share of ten bands."""
    for band in bands:
        if band.place is not None and band.place == row.shared.stage:
            return band.rank
    return max((band.rank for band in bands if band.low <= row.mastery), default=0)


def counts(rows: Sequence[SharedRow], bands: Sequence[Band]) -> list[int]:
    """Return how many results each band holds, in the order of the bands."""
    found = [rank_of(row, bands) for row in rows]
    return [found.count(band.rank) for band in bands]


def average(rows: Sequence[SharedRow]) -> int | None:
    """Return the mean mastery in whole percent, None when nothing was sent."""
    if not rows:
        return None
    shares = [Tally(row.shared.validated, row.shared.targeted).share() for row in rows]
    return round_half_up(100 * sum(shares, Fraction(0)) / len(shares))


def by_competence(rows: Sequence[SharedRow]) -> list[tuple[str, int]]:
    """Return the mean mastery of each competence in whole percent, in code order."""
    shares: dict[str, list[Fraction]] = {}
    for row in rows:
        for code, validated, targeted in row.shared.competences:
            shares.setdefault(code, []).append(Tally(validated, targeted).share())
    return [
        (code, round_half_up(100 * sum(found, Fraction(0)) / len(found)))
        for code, found in sorted(shares.items())
    ]


def badge_titles(course: Course, lang: str) -> dict[str, str]:
    """Return the badges of a course by id, titled in a language of the bank."""
    return {badge.id: badge.title[lang] for badge in course.badges}
