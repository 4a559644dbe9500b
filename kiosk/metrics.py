"""Counters of the server, in Prometheus text, with no label that could name a person."""

from __future__ import annotations

from collections import Counter


class Metrics:
    """Requests by class of status, answers saved and refused, live listeners."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.answers = 0

    def text(self, listeners: int, sittings: int) -> str:
        """Return the page `/metrics` gives, with the two gauges read by the caller."""
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
        ]
        return "\n".join(lines) + "\n"
