"""What became of a file, in figures and findings: kept with the import and shown for as long as its history is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.imports.limits import FINDINGS
from kiosk.imports.reading import Finding

if TYPE_CHECKING:
    from kiosk.imports.plan import Plan
    from kiosk.imports.reading import Findings, Reading


class Told(msgspec.Struct, frozen=True):
    """Some findings in full and how many there are."""

    first: list[Finding] = []
    count: int = 0

    @property
    def more(self) -> int:
        """How many are not among the first."""
        return self.count - len(self.first)


class Report(msgspec.Struct, frozen=True):
    """The figures of an import. `fields` counts the pupils whose column changes, `reasons` those left aside."""

    added: int = 0
    changed: int = 0
    enabled: int = 0
    disabled: int = 0
    deleted: int = 0
    kept: int = 0
    linked: int = 0
    read: int = 0
    fields: dict[str, int] = {}
    reasons: dict[str, int] = {}
    problems: Told = Told()
    warnings: Told = Told()
    skipped: Told = Told()


def refusal_of(reading: Reading) -> Report:
    """Return the report of a file that cannot be imported: nothing is, and every problem is told."""
    return Report(
        problems=_told(reading.problems),
        warnings=_told(reading.warnings),
        skipped=_told(reading.skipped),
        reasons=dict(reading.reasons),
    )


def report_of(reading: Reading, plan: Plan) -> Report:
    """Return the report of what an import would do."""
    counts = plan.counts
    return Report(
        added=counts["add"] + counts["return"],
        changed=counts["change"],
        enabled=counts["enable"],
        disabled=counts["disable"],
        deleted=counts["delete"],
        kept=plan.kept,
        read=len(reading.learners),
        fields=dict(sorted(plan.fields.items())),
        reasons=dict(reading.reasons),
        warnings=_told(reading.warnings),
        skipped=_told(reading.skipped),
    )


def failed(code: str, detail: str = "") -> Report:
    """Return the report of an import that stopped for this reason."""
    return Report(problems=Told([Finding(code, detail=detail)], 1))


def _told(findings: Findings) -> Told:
    return Told(findings.first[:FINDINGS], findings.count)
