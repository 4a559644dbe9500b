"""The results of one campaign, one line a participation, under the headings schools already know.

The headings are a format, not a text of ours: they stay French and in this order whatever the reader's language.
Before a pupil has sent anything, the line says who, when and how far, and `NA` for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from exam.framework import AREAS, COMPETENCES
from exam.rounding import Tally, round_half_up, two_significant_digits
from kiosk.campaign_results import bands_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo
    from fractions import Fraction

    from exam.content import Course
    from exam.events import Shared
    from exam.stages import Step
    from web.downloads import Cell

LANG = "fr"
MISSING = "NA"


@dataclass(frozen=True)
class Line:
    """One participation: who, how far (thousandths), and what was sent, if anything; instants in ms of wall clock."""

    last_name: str
    first_name: str
    division: str | None
    progress: int
    started_ms: int
    shared_ms: int | None
    shared: Shared | None


@dataclass(frozen=True)
class Scope:
    """All an export of a campaign reads. `competences` are the codes the course targets, in order."""

    organisation: str
    campaign: str
    code: str
    name: str
    course: Course
    steps: Sequence[Step]
    competences: Sequence[str]
    lines: Sequence[Line]
    made_at: datetime
    zone: tzinfo | None = None
    """Where the school's clock is; None is this machine's zone."""


def columns(scope: Scope) -> list[str]:
    """Return the headings, which depend on the course: its stages, badges, competences and areas."""
    stages = [f"Palier obtenu (/{len(scope.steps) - 1})"] if scope.steps else []
    return [
        "Nom de l'organisation",
        "ID Campagne",
        "Code",
        "Nom de la campagne",
        "Parcours",
        "Nom du Participant",
        "Prénom du Participant",
        "Classe",
        "% de progression",
        "Date de début",
        "Partage (O/N)",
        "Date du partage",
        *stages,
        *(f"{badge.title[LANG]} obtenu (O/N)" for badge in scope.course.badges),
        "% maitrise de l'ensemble des acquis du profil",
        *(heading for code in scope.competences for heading in _competence(COMPETENCES[code].name[LANG])),
        *(heading for code in _areas(scope) for heading in _area(AREAS[code].name[LANG])),
    ]


def _competence(name: str) -> tuple[str, str, str]:
    return (
        f"% de maitrise des acquis de la compétence {name}",
        f"Nombre d'acquis du profil cible dans la compétence {name}",
        f"Acquis maitrisés dans la compétence {name}",
    )


def _area(name: str) -> tuple[str, str, str]:
    return (
        f"% de maitrise des acquis du domaine {name}",
        f"Nombre d'acquis du profil cible du domaine {name}",
        f"Acquis maitrisés du domaine {name}",
    )


def _areas(scope: Scope) -> list[str]:
    return sorted({COMPETENCES[code].area for code in scope.competences})


def rows(scope: Scope) -> Iterator[list[Cell]]:
    """Yield one row a participation, as wide as `columns`."""
    width = len(columns(scope))
    for line in scope.lines:
        head: list[Cell] = [
            scope.organisation,
            scope.campaign,
            scope.code,
            scope.name,
            scope.course.name[LANG],
            line.last_name,
            line.first_name,
            line.division or MISSING,
            _decimal(line.progress, 1000),
            _date(scope, line.started_ms),
            _yes(line.shared is not None),
        ]
        if line.shared is None or line.shared_ms is None:
            yield [*head, *([MISSING] * (width - len(head)))]
        else:
            yield [*head, _date(scope, line.shared_ms), *_shared(scope, line.shared)]


def _shared(scope: Scope, shared: Shared) -> Iterator[Cell]:
    """Yield what was sent: stage, badges, mastery, then three cells a competence and an area."""
    ranks = [band.rank for band in bands_of(scope.steps) if band.place == shared.stage]
    if scope.steps:
        yield ranks[0] if ranks else MISSING
    for badge in scope.course.badges:
        yield _yes(badge.id in shared.badges)
    yield _fraction(two_significant_digits(Tally(shared.validated, shared.targeted).share()))
    tallies = {code: Tally(validated, targeted) for code, validated, targeted in shared.competences}
    for code in scope.competences:
        yield from _tally(tallies.get(code, Tally(0, 0)))
    for area in _areas(scope):
        inside = [tally for code, tally in tallies.items() if COMPETENCES[code].area == area]
        yield from _tally(Tally(sum(t.validated for t in inside), sum(t.targeted for t in inside)))


def _tally(tally: Tally) -> tuple[Cell, Cell, Cell]:
    return _decimal(round_half_up(100 * tally.share()), 100), tally.targeted, tally.validated


def _decimal(value: int, whole: int) -> Decimal:
    """Return a share of `whole` (100 or 1000) as a decimal of 0 to 1, without trailing zeros."""
    return _plain(Decimal(value) / Decimal(whole))


def _fraction(value: Fraction) -> Decimal:
    return _plain(Decimal(value.numerator) / Decimal(value.denominator))


def _plain(value: Decimal) -> Decimal:
    trimmed = value.normalize()
    return trimmed.quantize(Decimal(1)) if trimmed == trimmed.to_integral() else trimmed


def _yes(value: bool) -> str:  # noqa: FBT001 - one truth to put into words
    return "Oui" if value else "Non"


def _date(scope: Scope, at_ms: int) -> str:
    return f"{_local(scope, at_ms):%d/%m/%Y %H:%M}"


def _local(scope: Scope, at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(scope.zone)


def file_name(scope: Scope) -> str:
    """Return `Resultats-<name>-<id>-<date and time>.csv`."""
    made = scope.made_at.astimezone(scope.zone)
    return f"Resultats-{scope.name[:60]}-{scope.campaign}-{made:%Y-%m-%d-%H%M}.csv"
