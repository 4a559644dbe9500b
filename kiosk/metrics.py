"""Counters of the server, in Prometheus text, with no label that could name a person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.waits import Waits


class Metrics:
    """Requests by class of status, answers saved and refused, live listeners."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.answers = 0

    def text(self, listeners: int, sittings: int, waits: Waits) -> str:
        """Return the page `/metrics` gives, with what the caller read elsewhere: two gauges, and how long writes waited."""
        lines = ["# TYPE preau_requests_total counter"]
        classes: Counter[int] = Counter()
        for status, count in self.statuses.items():
            classes[status // 100] += count
        lines += [f'preau_requests_total{{status="{c}xx"}} {n}' for c, n in sorted(classes.items())]
        lines += [
            "# TYPE preau_answers_total counter",
            f"preau_answers_total {self.answers}",
            "# TYPE preau_listeners gauge",
            f"preau_listeners {listeners}",
            "# TYPE preau_sittings_in_memory gauge",
            f"preau_sittings_in_memory {sittings}",
            "# TYPE preau_writes_total counter",
            f"preau_writes_total {waits.writes}",
            "# TYPE preau_writes_over_200ms_total counter",
            f"preau_writes_over_200ms_total {waits.slow}",
            "# TYPE preau_write_longest_ms gauge",
            f"preau_write_longest_ms {waits.longest_ns // 1_000_000}",
        ]
        return "\n".join(lines) + "\n"
