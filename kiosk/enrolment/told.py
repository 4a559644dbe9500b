"""Findings of a file of sessions or candidates in words: a sentence of ours, else the one imports of pupils have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.import_words import FileProblem, problem_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.imports.reading import Finding
    from web.i18n import Words

_OURS = "sessions_plan"


def told(words: Words, lang: str, findings: Iterable[Finding]) -> list[FileProblem]:
    """Return findings in words: line, field, why, and what to do."""
    return [_told(words, lang, one) for one in findings]


def _told(words: Words, lang: str, finding: Finding) -> FileProblem:
    params = {**finding.params, "field": finding.field or ""}
    why = _first(words, f"{_OURS}.code.{finding.key}", f"{_OURS}.code.{finding.code}")
    following = _first(
        words, f"{_OURS}.next.{finding.key}", f"{_OURS}.next.{finding.code}", f"{_OURS}.next.any"
    )
    return FileProblem(
        finding.line,
        finding.field,
        finding.code,
        words.text(lang, why, params) if why else problem_of(words, lang, finding).message,
        words.text(lang, following, params),
    )


def _first(words: Words, *keys: str) -> str:
    return next((key for key in keys if words.has(key)), "")
