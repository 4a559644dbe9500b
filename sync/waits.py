"""How long writes waited until they were on disk, counted by the writer for whoever watches the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SLOW_NS = 200_000_000
"""A write that waits longer than this is felt by the person who made it."""


@dataclass(slots=True)
class Waits:
    """Counts since the start: writes, those that waited more than 200 ms, and the longest wait. Written by one thread."""

    writes: int = 0
    slow: int = 0
    longest_ns: int = 0

    def note(self, since: Iterable[int], now: int) -> None:
        """Count writes asked for at these instants and settled `now`, all on the monotonic clock, in nanoseconds."""
        for asked in since:
            waited = now - asked
            self.writes += 1
            self.slow += waited > SLOW_NS
            self.longest_ns = max(self.longest_ns, waited)
