"""How many lines of a kind the server may write of itself in a minute: nobody fills a disk by making it complain.

A line left out is counted, and the next of its kind says how many there were.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING

import structlog
from aiohttp.http_exceptions import HttpProcessingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from structlog.typing import EventDict, WrappedLogger

LINES = 60
MINUTE_S = 60.0
KINDS = 1000


class Quota:
    """Lines by kind; `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kinds: dict[str, tuple[float, int, int]] = {}

    def take(self, kind: str) -> int | None:
        """Return how many lines of this kind were left out before this one, None when this one must be left out too."""
        now = self._clock()
        since, written, left_out = self._kinds.get(kind, (now, 0, 0))
        if now - since >= MINUTE_S:
            since, written = now, 0
        if written >= LINES:
            self._kinds[kind] = since, written, left_out + 1
            return None
        if len(self._kinds) >= KINDS:
            self._kinds.clear()
        self._kinds[kind] = since, written + 1, 0
        return left_out


class OfLibraries(logging.Filter):
    """Holds the libraries' lines to the quota; a request that is no HTTP is told in one line, without a trace."""

    def __init__(self, quota: Quota) -> None:
        super().__init__()
        self._quota = quota

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line is written."""
        left_out = self._quota.take(f"{record.name}: {record.msg}")
        if left_out is None:
            return False
        if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
            record.exc_info = None
        if left_out:
            record.msg = f"{record.msg} ({left_out} such lines left out)"
        return True


class OfOurs:
    """Holds the server's own lines to the quota."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the line, or raise structlog.DropEvent."""
        left_out = self._quota.take(str(event.get("event")))
        if left_out is None:
            raise structlog.DropEvent
        return {**event, "left_out": left_out} if left_out else event
