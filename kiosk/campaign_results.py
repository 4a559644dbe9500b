"""What the results of a campaign add up to: an average, a distribution, one figure a competence.

Only what pupils have shared enters here; everything is counted on integers from the shared facts, which never
change once sent. Stages come from the course, or ten bands of mastery when it has none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.analysis import mean_mastery
from exam.events import Shared
from exam.rounding import Tally
from exam.stages import bounds
from kiosk.following import name_order
from kiosk.store.following import Taking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exam.content import Course
    from exam.stages import Step


class SharedRow(msgspec.Struct, frozen=True):
    """What one learner last sent; `sendings` counts all they sent, `previous` is the mastery sent just before, in percent."""

    taking: Taking
    shared: Shared
    sendings: int = 1
    previous: int | None = None

    @property
    def mastery(self) -> int:
        """Mastery in whole percent."""
        return percent_of(self.shared)

    @property
    def evolution(self) -> int | None:
        """Points of mastery gained or lost since the sending before, None when there was none."""
        return None if self.previous is None else self.mastery - self.previous

    @property
    def shared_ms(self) -> int:
        """When it was sent."""
        return self.taking.shared_ms or 0


_shared = msgspec.json.Decoder(Shared)


def read_shared(taking: Taking) -> Shared | None:
    """Return what an attempt sent, or None when it was not."""
    return None if taking.shared is None or taking.shared_ms is None else _shared.decode(taking.shared)


class ProfileSent(msgspec.Struct, frozen=True):
    """A profile as it was sent: score, whether it is certifiable, and (code, level, points) of sixteen competences."""

    score: int
    certifiable: bool
    competences: list[tuple[str, int, int]]


_profile = msgspec.json.Decoder(ProfileSent)


def read_profile(taking: Taking) -> ProfileSent | None:
    """Return the profile an attempt sent, or None when it was not."""
    return None if taking.shared is None or taking.shared_ms is None else _profile.decode(taking.shared)


def percent_of(shared: Shared) -> int:
    """Return the mastery of a sending in whole percent."""
    return Tally(shared.validated, shared.targeted).percent()


def shared_rows(takings: Iterable[Taking]) -> list[SharedRow]:
    """Return what each learner last sent, by last then first name; attempts come earliest first."""
    by_learner: dict[str, list[tuple[Taking, Shared]]] = {}
    for one in takings:
        if (shared := read_shared(one)) is not None:
            by_learner.setdefault(one.who, []).append((one, shared))
    rows = []
    for sent in by_learner.values():
        taking, shared = sent[-1]
        previous = percent_of(sent[-2][1]) if len(sent) > 1 else None
        rows.append(SharedRow(taking, shared, len(sent), previous))
    return sorted(rows, key=lambda row: name_order(row.taking))


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
    return mean_mastery(Counter((row.shared.validated, row.shared.targeted) for row in rows))


def by_competence(rows: Sequence[SharedRow]) -> list[tuple[str, int]]:
    """Return the mean mastery of each competence in whole percent, in code order."""
    held: defaultdict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    for row in rows:
        for code, validated, targeted in row.shared.competences:
            held[code][validated, targeted] += 1
    means = ((code, mean_mastery(found)) for code, found in sorted(held.items()))
    return [(code, mean) for code, mean in means if mean is not None]


def badge_titles(course: Course, lang: str) -> dict[str, str]:
    """Return the badges of a course by id, titled in a language of the bank."""
    return {badge.id: badge.title[lang] for badge in course.badges}
