"""Findings of an import in words: the sentence, the field as people call it, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.imports.reading import Finding
    from web.i18n import Words


class FileProblem(msgspec.Struct, frozen=True):
    """One finding as it is told: the line in the file, the field, a stable code, why, and the next step."""

    line: int | None
    field: str | None
    code: str
    message: str
    next: str | None = None


def problems_of(words: Words, lang: str, findings: Iterable[Finding]) -> list[FileProblem]:
    """Return findings in words."""
    return [problem_of(words, lang, finding) for finding in findings]


def problem_of(words: Words, lang: str, finding: Finding) -> FileProblem:
    """Return a finding in words; the sentence of its code when its detail has none of its own."""
    key = f"imports.code.{finding.key}"
    if not words.has(key):
        key = f"imports.code.{finding.code}"
    told = (f"imports.next.{name}" for name in (finding.key, finding.code, "any"))
    following = next((key for key in told if words.has(key)), "")
    params = {**finding.params, "field": finding.field or ""}
    return FileProblem(
        finding.line,
        finding.field,
        finding.code,
        words.text(lang, key, params),
        words.text(lang, following, params) if following else None,
    )
