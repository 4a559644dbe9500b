"""Charts as staff pages draw them: integers ready to stand in an inline SVG, and the rows of the table behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from exam.activity import by_day, eventful
from kiosk.screens.staff_views import local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from exam.activity import Day
    from kiosk.store.following import Taking

WIDTH, HEIGHT = 600, 120
QUARTER_MS = 15 * 60 * 1000


class CurveRow(NamedTuple):
    """One day of the table behind the curve."""

    day: date
    started: int
    shared: int
    started_in_all: int
    shared_in_all: int


@dataclass(frozen=True)
class Curve:
    """Two lines over the days of a campaign, as points of a drawing of `WIDTH` by `HEIGHT`; the highest is `most`."""

    started: str
    shared: str
    most: int
    first: date
    last: date
    rows: list[CurveRow]
    width: int = WIDTH
    height: int = HEIGHT


def curve_of(takings: Iterable[Taking]) -> Curve | None:
    """Return the curve of who began and who sent results, each learner once; None before anybody began."""
    began: dict[str, int] = {}
    sent: dict[str, int] = {}
    for one in takings:
        began[one.who] = min(one.started_ms, began.get(one.who, one.started_ms))
        if one.shared_ms is not None:
            sent[one.who] = min(one.shared_ms, sent.get(one.who, one.shared_ms))
    days = by_day(map(_day, began.values()), map(_day, sent.values()))
    if not days:
        return None
    most = days[-1].started_in_all
    return Curve(
        started=_line(days, most, lambda day: day.started_in_all),
        shared=_line(days, most, lambda day: day.shared_in_all),
        most=most,
        first=date.fromordinal(days[0].day),
        last=date.fromordinal(days[-1].day),
        rows=[CurveRow(date.fromordinal(number), *counts) for number, *counts in eventful(days)],
    )


def _day(at_ms: int) -> int:
    return _day_of_quarter(at_ms // QUARTER_MS)


@lru_cache(maxsize=4096)
def _day_of_quarter(quarter: int) -> int:
    """Return the school's day, as a number, of a quarter of an hour: no clock of the world changes its day or its hour within one."""
    return local(quarter * QUARTER_MS).toordinal()


def _line(days: Sequence[Day], most: int, value: Callable[[Day], int]) -> str:
    """Return the points of a line that starts from nothing, so that a campaign of one day is a slope and not a dot."""
    heights = [0, *(value(day) for day in days)]
    last = len(heights) - 1
    return " ".join(
        f"{WIDTH * place // last},{HEIGHT - HEIGHT * height // most}" for place, height in enumerate(heights)
    )
