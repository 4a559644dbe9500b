"""An import as its pages show it: figures in groups, findings in words, and where it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.import_words import FileProblem, problems_of
from kiosk.screens.staff_views import local

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.store.learner_imports import Import
    from web.i18n import Words

ROWS_A_PAGE = 50
GROUPS: dict[str, tuple[str, ...]] = {
    "added": ("add", "return"),
    "changed": ("change",),
    "enabled": ("enable",),
    "disabled": ("disable",),
    "deleted": ("delete",),
}
"""The lists of a preview and the actions each gathers."""


@dataclass(frozen=True)
class ImportView:
    """What a page says of an import; findings are given where one import is shown."""

    id: str
    state: str
    format: str
    mode: str
    file_name: str
    who: str
    created: datetime
    updated: datetime
    percent: int
    counts: dict[str, int]
    kept: int
    linked: int
    read: int
    fields: dict[str, int]
    reasons: dict[str, int]
    problems: list[FileProblem] = field(default_factory=list)
    warnings: list[FileProblem] = field(default_factory=list)
    skipped: list[FileProblem] = field(default_factory=list)
    problem_count: int = 0
    warning_count: int = 0
    skipped_count: int = 0

    @property
    def working(self) -> bool:
        """Whether the file is still arriving or being read."""
        return self.state in {"uploading", "uploaded"}

    @property
    def changes(self) -> int:
        """How many pupils confirming it would touch."""
        return sum(self.counts.values())


def import_view(one: Import, percent: int, words: Words | None = None, lang: str = "fr") -> ImportView:
    """Return an import as pages show it; with `words`, its findings too."""
    report = one.report
    return ImportView(
        id=one.id,
        state=one.state,
        format=one.format,
        mode=one.mode,
        file_name=one.file_name,
        who=f"{one.first_name} {one.last_name}".strip(),
        created=local(one.created_ms),
        updated=local(one.updated_ms),
        percent=percent,
        counts={name: getattr(report, name) for name in GROUPS},
        kept=report.kept,
        linked=report.linked,
        read=report.read,
        fields=report.fields,
        reasons=report.reasons,
        problems=problems_of(words, lang, report.problems.first) if words else [],
        warnings=problems_of(words, lang, report.warnings.first) if words else [],
        skipped=problems_of(words, lang, report.skipped.first) if words else [],
        problem_count=report.problems.count,
        warning_count=report.warnings.count,
        skipped_count=report.skipped.count,
    )
