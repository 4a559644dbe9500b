"""What the server says of itself: one JSON line an event on standard error, with no name, code or secret.

Nothing is written for a request that went well: the log of an exam is its signed chain, and a disk filled by
telemetry has stopped exams elsewhere. What is written has a quota a minute (`kiosk.log_quota`).
"""

from __future__ import annotations

import logging
import sys

import structlog
import structlog.tracebacks

from kiosk.log_quota import OfLibraries, OfOurs, Quota


def set_up_logs() -> None:
    """Send structured lines and the libraries' warnings to standard error."""
    quota = Quota()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
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
        # The process's own error stream: a stand-in may be closed before the last line.
        logger_factory=structlog.PrintLoggerFactory(sys.__stderr__),
        cache_logger_on_first_use=True,
    )
