"""How a campaign lived: how many began and how many sent results, day by day and in all.

Days are numbers of the school's own calendar, one more each day, given by who asks: nothing here looks at a clock.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Day(NamedTuple):
    """One day: how many began and sent that day, and how many had by its end."""

    day: int
    started: int
    shared: int
    started_in_all: int
    shared_in_all: int


def by_day(started: Iterable[int], shared: Iterable[int]) -> list[Day]:
    """Return every day from the first act to the last, days without any included; empty when nothing happened."""
    began, sent = Counter(started), Counter(shared)
    acted = began.keys() | sent.keys()
    if not acted:
        return []
    days = []
    all_began = all_sent = 0
    for day in range(min(acted), max(acted) + 1):
        all_began, all_sent = all_began + began[day], all_sent + sent[day]
        days.append(Day(day, began[day], sent[day], all_began, all_sent))
    return days


def eventful(days: Sequence[Day]) -> list[Day]:
    """Return the days on which something happened: what a table needs, however long the campaign."""
    return [day for day in days if day.started or day.shared]
