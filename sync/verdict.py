"""What a verification found: a verdict, what was read, and every failure by record, sitting and step."""

from __future__ import annotations

from typing import Literal

import msgspec

MAX_FAILURES = 100
"""Failures listed; a file damaged everywhere needs no longer list."""


class Failure(msgspec.Struct, frozen=True):
    """One thing that does not hold. Zero and "" mean that the failure has no such place."""

    record: int
    sitting: str
    step: int
    code: str
    message: str


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer of `preau verify`."""

    verdict: Literal["verified", "failed"]
    records: int
    sittings: int
    failures: list[Failure]
    purged: int = 0
    """Sittings taken away as a whole once their time was over, under a signed tombstone."""


class Findings:
    """Collects failures in the order they are met, up to a bound."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []

    def add(self, code: str, message: str, *, record: int = 0, sitting: str = "", step: int = 0) -> None:
        """Note one failure."""
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(Failure(record, sitting, step, code, message))

    def verdict(self, records: int, sittings: int, purged: int = 0) -> Verdict:
        """Return the verdict: verified only when nothing was noted."""
        return Verdict("failed" if self.failures else "verified", records, sittings, self.failures, purged)
