"""How a campaign lived: how many began and how many sent results, day by day and in all.

Days are dates of the school's own calendar, given by who asks: nothing here looks at a clock.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ONE = timedelta(days=1)


class Day(NamedTuple):
    """One day: how many began and sent that day, and how many had by its end."""

    day: date
    started: int
    shared: int
    started_in_all: int
    shared_in_all: int


def by_day(started: Iterable[date], shared: Iterable[date]) -> list[Day]:
    """Return every day from the first act to the last, days without any included; empty when nothing happened."""
    began, sent = Counter(started), Counter(shared)
    acted = began.keys() | sent.keys()
    if not acted:
        return []
    days, day = [], min(acted)
    all_began = all_sent = 0
    while day <= max(acted):
        all_began, all_sent = all_began + began[day], all_sent + sent[day]
        days.append(Day(day, began[day], sent[day], all_began, all_sent))
        day += _ONE
    return days


def eventful(days: Sequence[Day]) -> list[Day]:
    """Return the days on which something happened: what a table needs, however long the campaign."""
    return [day for day in days if day.started or day.shared]
