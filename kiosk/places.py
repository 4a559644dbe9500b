"""Places (credits): how many learners an organisation was given room for, and how many take part.

One place is one learner, whatever the number of their participations, as long as one of them is in a campaign that is
not archived. Nothing is ever refused for want of a place: an exceeded count is said, and settled between adults.
The count is asked for on every page of the staff, so it is kept for a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KEPT_MS = 60_000
LOW = 10
"""Percent of the places left under which staff are warned."""
MOST_LOT = 1_000_000

State = Literal["unlimited", "fine", "low", "exceeded"]


class Places(msgspec.Struct, frozen=True):
    """The places of an organisation now; `total` is None when none were ever counted out."""

    total: int | None
    occupied: int

    @property
    def available(self) -> int:
        """Places left, never below 0."""
        return max(0, (self.total or 0) - self.occupied)

    @property
    def state(self) -> State:
        """Whether staff should be warned."""
        if self.total is None:
            return "unlimited"
        if self.occupied > self.total:
            return "exceeded"
        return "low" if 100 * self.available < LOW * self.total else "fine"


class PlacesCount:
    """The places of each organisation, read again after a minute or when something was said to change."""

    def __init__(self, load: Callable[[str, int], Awaitable[Places]]) -> None:
        self._load = load
        self._known: dict[str, tuple[Places, int]] = {}

    async def of(self, organisation: str, now_ms: int) -> Places:
        """Return an organisation's places at an instant of the wall clock."""
        known = self._known.get(organisation)
        if known is not None and 0 <= now_ms - known[1] < KEPT_MS:
            return known[0]
        found = await self._load(organisation, now_ms)
        self._known[organisation] = (found, now_ms)
        return found

    def forget(self, organisation: str) -> None:
        """Read the places again at the next page."""
        self._known.pop(organisation, None)
