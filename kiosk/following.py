"""Lists of a campaign as staff narrow them: one line a learner, filters that add up, pages of a fixed length.

Pure: what is listed was read before, and is given in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kiosk.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kiosk.store.following import Taking

PAGE = 25
"""Lines of a page, as in the lists schools know."""
T = TypeVar("T")


class Follower(NamedTuple):
    """A learner's latest attempt, and how many attempts there are."""

    taking: Taking
    attempts: int


def followers(takings: Iterable[Taking]) -> list[Follower]:
    """Return one line a learner, by last then first name, whatever the accents and capitals."""
    latest: dict[str, Follower] = {}
    for one in takings:
        before = latest.get(one.who)
        kept = one if before is None or one.attempt >= before.taking.attempt else before.taking
        latest[one.who] = Follower(kept, 1 + (before.attempts if before else 0))
    return sorted(latest.values(), key=lambda one: name_order(one.taking))


def name_order(taking: Taking) -> tuple[str, str, str]:
    """Return what lists are sorted by: SQLite puts É after Z; people look for Élif among the E."""
    return folded(taking.last_name), folded(taking.first_name), taking.id


@dataclass(frozen=True)
class Narrowing:
    """What a reader asks of any list of people: a class, a group, a piece of a name."""

    division: str = ""
    group: str = ""
    name: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.division or self.group or self.name)

    def keeps(self, taking: Taking) -> bool:
        """Say whether this person is shown."""
        full = folded(f"{taking.last_name} {taking.first_name} {taking.last_name}")
        return (
            (not self.division or taking.division == self.division)
            and (not self.group or taking.group == self.group)
            and folded(self.name) in full
        )


class Choices(NamedTuple):
    """The classes and groups there are to choose from."""

    divisions: list[str]
    groups: list[str]


def choices(takings: Iterable[Taking]) -> Choices:
    """Return the classes and groups present, sorted."""
    people = list(takings)
    return Choices(
        sorted({one.division for one in people if one.division}, key=folded),
        sorted({one.group for one in people if one.group}, key=folded),
    )


class Page(NamedTuple):
    """Which lines of a list are shown: `number` is from 1 and within `pages`, `first` and `last` are ranks from 1."""

    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """The rank of the first line shown, 0 when there is none."""
        return (self.number - 1) * PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The rank of the last line shown, 0 when there is none."""
        return min(self.number * PAGE, self.total)


def paged(rows: Sequence[T], asked: str) -> tuple[Page, Sequence[T]]:
    """Return the page asked for and its lines; the nearest page that exists when there is no such one."""
    pages = max(1, -(-len(rows) // PAGE))
    number = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return Page(number, pages, len(rows)), rows[(number - 1) * PAGE : number * PAGE]
