"""What reading a file gives: pupils, lines left aside with their reason, problems and warnings.

A finding has a code of the rule book, the line and the field it is about, and what its sentence needs. The sentence
itself is in `web/locales/*/imports.json`: `code.CODE`, or `code.CODE_detail` when a cause is known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from kiosk.imports.limits import EVERY, FINDINGS, ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

Param = str | int


class Learner(msgspec.Struct, kw_only=True, gc=False):
    """One pupil as a file tells it; None where it says nothing. Dates are ISO 8601, `extra` has configured columns."""

    line: int
    first_name: str
    last_name: str
    middle_name: str | None = None
    third_name: str | None = None
    preferred_last_name: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    birth_city: str | None = None
    birth_city_code: str | None = None
    birth_department: str | None = None
    birth_country: str | None = None
    ine: str | None = None
    student_number: str | None = None
    unique_key: str | None = None
    division: str | None = None
    class_group: str | None = None
    mef: str | None = None
    status: str | None = None
    email: str | None = None
    department: str | None = None
    educational_team: str | None = None
    diploma: str | None = None
    study_scheme: str | None = None
    extra: str | None = None


COLUMNS: tuple[str, ...] = tuple(name for name in Learner.__struct_fields__ if name != "line")
"""Every column of a pupil that a file may fill."""


class Finding(msgspec.Struct, frozen=True):
    """One thing to tell about the file. `line` is 1 for the first; None when the file as a whole is meant."""

    code: str
    line: int | None = None
    field: str | None = None
    detail: str = ""
    params: dict[str, Param] = {}

    @property
    def key(self) -> str:
        """Return the last part of its key among the words."""
        return f"{self.code}_{self.detail}" if self.detail else self.code


@dataclass
class Findings:
    """The first findings in full, and how many there are."""

    first: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, finding: Finding) -> None:
        """Keep or count one more."""
        self.count += 1
        if len(self.first) < FINDINGS:
            self.first.append(finding)

    @property
    def more(self) -> int:
        """How many are counted without being kept."""
        return self.count - len(self.first)


@dataclass
class Reading:
    """All that a file said; `learners` must not be used when there is a problem."""

    learners: list[Learner] = field(default_factory=list)
    problems: Findings = field(default_factory=Findings)
    warnings: Findings = field(default_factory=Findings)
    skipped: Findings = field(default_factory=Findings)
    reasons: Counter[str] = field(default_factory=Counter)

    def skip(self, reason: str, line: int) -> None:
        """Leave one pupil aside, saying why."""
        self.reasons[reason] += 1
        self.skipped.add(Finding(reason, line))

    def keep(self, learner: Learner) -> None:
        """Take one pupil; raises FileRefused when there are more than any school has."""
        if len(self.learners) >= ROWS:
            raise FileRefused("TOO_MANY_PUPILS", line=learner.line, limit=ROWS)
        self.learners.append(learner)


class FileRefused(Exception):  # noqa: N818 - says what happened to the file
    """The file cannot be read further; `finding` says why, by name."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        line: int | None = None,
        field: str | None = None,
        **params: Param,
    ) -> None:
        super().__init__(code)
        self.finding = Finding(code, line, field, detail, params)


def _nothing() -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Context:
    """What a reader must know beside the file; `tick` is called every so many records and may raise to stop."""

    uai: str | None = None
    tick: Callable[[], None] = _nothing

    def pace(self, record: int) -> None:
        """Give a sign of life now and then."""
        if record % EVERY == 0:
            self.tick()
