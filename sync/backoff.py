"""How long to wait after a failure: longer each time, never the same as the other schools.

Half of the wait is drawn at random, so that a thousand schools whose central instance comes back do not all
knock at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_MS = 1_000
LONGEST_MS = 300_000


class Backoff:
    """Counts failures in a row; `draw(n)` gives an integer from 0 to n - 1."""

    def __init__(self, draw: Callable[[int], int]) -> None:
        self.failures = 0
        self._draw = draw

    def succeeded(self) -> None:
        """Forget past failures."""
        self.failures = 0

    def failed(self, least_ms: int = 0) -> int:
        """Count a failure and return the milliseconds to wait, at least what the other side asked for."""
        whole = min(FIRST_MS << min(self.failures, 20), LONGEST_MS)
        self.failures += 1
        wait = whole // 2 + self._draw(whole // 2 + 1)
        return max(wait, min(least_ms, LONGEST_MS))
