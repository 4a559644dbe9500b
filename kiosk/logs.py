"""What the server says of itself: one JSON line an event on standard error, with no name, code or secret.

Nothing is written for a request that went well: the log of an exam is its signed chain, and a disk filled by
telemetry has stopped exams elsewhere. What is written has a quota a minute (`kiosk.log_quota`), and what cannot be
written, on a full disk say, is let go: a line of the log never stops what it tells of.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
import structlog.tracebacks

from kiosk.log_quota import OfLibraries, OfOurs, Quota


class Unbroken:
    """An error stream that takes what it can: who writes to it is never told that it could not."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, or not."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Let go of what waits, or keep it for the next time."""
        with suppress(OSError):
            self._stream.flush()


def set_up_logs() -> None:
    """Send structured lines and the libraries' warnings to standard error."""
    quota = Quota()
    # The process's own error stream: a stand-in may be closed before the last line.
    stream = cast("TextIO", Unbroken(sys.__stderr__ or sys.stderr))
    logging.basicConfig(level=logging.WARNING, stream=stream, format="%(levelname)s %(name)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(OfLibraries(quota))
    structlog.configure(
        processors=[
            OfOurs(quota),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the local variables: they hold cookies, answers and names.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
