"""How a verdict on a log is told: one JSON object for scripts, sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from sync.verdict import Failure, Verdict


def show(verdict: Verdict, *, as_json: bool) -> int:
    """Print the verdict and return the exit status: 0 when verified, else 1."""
    if as_json:
        print(msgspec.json.encode(verdict).decode())
    else:
        print(f"{verdict.verdict}: {verdict.records} records, {verdict.sittings} sittings")
        for failure in verdict.failures:
            print(f"  {_place(failure)}{failure.code}: {failure.message}")
    return 0 if verdict.verdict == "verified" else 1


def _place(failure: Failure) -> str:
    parts = []
    if failure.record:
        parts.append(f"record {failure.record}")
    if failure.sitting:
        parts.append(f"sitting {failure.sitting}")
    if failure.step:
        parts.append(f"step {failure.step}")
    return f"{', '.join(parts)}: " if parts else ""
