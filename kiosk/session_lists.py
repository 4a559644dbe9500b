"""The list of sessions as a principal narrows and sorts it: pure, what is listed was read before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from kiosk.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kiosk.store.sessions import Session

Tab = Literal["coming", "finished"]
Sort = Literal["date", "number", "room"]
TABS: tuple[Tab, ...] = get_args(Tab)
SORTS: tuple[Sort, ...] = get_args(Sort)
COMING = frozenset({"created", "open"})
_LONGEST = 100


@dataclass(frozen=True)
class Asked:
    """What a reader asks of the list: a tab, a piece of text, days, an order."""

    tab: Tab = "coming"
    text: str = ""
    since: str = ""
    until: str = ""
    sort: Sort = "date"

    @property
    def narrows(self) -> bool:
        """Whether anything of the tab may be left out."""
        return bool(self.text or self.since or self.until)


class Count(NamedTuple):
    """How many sessions each tab holds."""

    coming: int
    finished: int


def asked_of(query: Mapping[str, str]) -> Asked:
    """Return what an address asks; what it does not know is left out."""
    tab, sort = query.get("tab", ""), query.get("sort", "")
    return Asked(
        next((one for one in TABS if one == tab), "coming"),
        query.get("q", "").strip()[:_LONGEST],
        query.get("since", "")[:10],
        query.get("until", "")[:10],
        next((one for one in SORTS if one == sort), "date"),
    )


def counted(sessions: Iterable[Session]) -> Count:
    """Return how many sessions are to come and finished."""
    coming = [one.status in COMING for one in sessions]
    return Count(sum(coming), len(coming) - sum(coming))


def narrowed(sessions: Iterable[Session], asked: Asked) -> list[Session]:
    """Return the sessions of a tab that are asked for: the next one first among those to come, the latest first among the others."""
    kept = [
        one for one in sessions if (one.status in COMING) == (asked.tab == "coming") and _matches(one, asked)
    ]
    if asked.sort == "number":
        return sorted(kept, key=lambda one: one.number)
    if asked.sort == "room":
        return sorted(
            kept, key=lambda one: (folded(one.site), folded(one.room), one.date, one.time, one.number)
        )
    return sorted(kept, key=lambda one: (one.date, one.time, one.number), reverse=asked.tab == "finished")


def _matches(one: Session, asked: Asked) -> bool:
    words = folded(f"{one.number} {one.site} {one.room} {one.examiners}")
    return (
        folded(asked.text) in words
        and (not asked.since or one.date >= asked.since)
        and (not asked.until or one.date <= asked.until)
    )
