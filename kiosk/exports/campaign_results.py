"""The results of one course campaign, one line a participation, under the headings schools already know.

Before a pupil has sent anything, the line says who, when and how far, and `NA` for the rest.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from exam.framework import AREAS, COMPETENCES
from exam.rounding import Tally, round_half_up, two_significant_digits
from kiosk.campaign_results import read_shared
from kiosk.exports.scope import (
    LANG,
    MISSING,
    campaign_cells,
    extra_columns,
    extras_of,
    file_name,
    list_cells,
    list_columns,
    moment,
    plain,
    share,
    values,
    yes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exam.events import Shared
    from kiosk.exports.scope import Scope, SkillColumn
    from kiosk.store.following import Taking
    from web.downloads import Cell

__all__ = ["columns", "file_name", "rows"]


def columns(scope: Scope) -> list[str]:
    """Return the headings, which depend on the organisation and on the course."""
    stages = [f"Palier obtenu (/{len(scope.steps) - 1})"] if scope.steps else []
    return [
        "Nom de l'organisation",
        "ID Campagne",
        "Code",
        "Nom de la campagne",
        "Parcours",
        "Nom du Participant",
        "Prénom du Participant",
        *extra_columns(scope),
        *list_columns(scope),
        *([scope.external_label] if scope.external_label else []),
        "% de progression",
        "Date de début",
        "Partage (O/N)",
        "Date du partage",
        *stages,
        *(f"{badge.title[LANG]} obtenu (O/N)" for badge in scope.course.badges),
        "% maitrise de l'ensemble des acquis du profil",
        *(heading for code in scope.competences for heading in _competence(COMPETENCES[code].name[LANG])),
        *(heading for code in _areas(scope) for heading in _area(AREAS[code].name[LANG])),
        *(skill.name for skill in scope.skills),
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
    width, extras, areas = len(columns(scope)), extra_columns(scope), _areas(scope)
    for taking in scope.takings:
        shared = read_shared(taking)
        head: list[Cell] = [
            *campaign_cells(scope),
            scope.course.name[LANG],
            taking.last_name,
            taking.first_name,
            *values(extras_of(taking), extras),
            *list_cells(scope, taking),
            *([taking.external_id or MISSING] if scope.external_label else []),
            share(taking.progress, 1000),
            moment(scope, taking.started_ms),
            yes(shared is not None),
        ]
        if shared is None or taking.shared_ms is None:
            yield [*head, *([MISSING] * (width - len(head)))]
        else:
            yield [*head, moment(scope, taking.shared_ms), *_shared(scope, areas, taking, shared)]


def _shared(scope: Scope, areas: Sequence[str], taking: Taking, shared: Shared) -> Iterator[Cell]:
    """Yield what was sent: stage, badges, mastery, three cells a competence and an area, then skills."""
    if scope.steps:
        yield next((rank for rank, step in enumerate(scope.steps) if step.place == shared.stage), MISSING)
    for badge in scope.course.badges:
        yield yes(badge.id in shared.badges)
    yield _mastered(shared.validated, shared.targeted)
    tallies = {code: Tally(validated, targeted) for code, validated, targeted in shared.competences}
    for code in scope.competences:
        yield from _tally(tallies.get(code, Tally(0, 0)))
    for area in areas:
        inside = [tally for code, tally in tallies.items() if COMPETENCES[code].area == area]
        yield from _tally(Tally(sum(t.validated for t in inside), sum(t.targeted for t in inside)))
    masks = scope.masks.get(taking.id, ())
    for skill in scope.skills:
        yield _skill(skill, masks)


def _skill(skill: SkillColumn, masks: Sequence[tuple[int, int]]) -> str:
    validated, settled = masks[skill.topic] if skill.topic < len(masks) else (0, 0)
    if validated & skill.bit:
        return "OK"
    return "KO" if settled & skill.bit else "Non testé"


@lru_cache(maxsize=4096)
def _mastered(validated: int, targeted: int) -> Decimal:
    found = two_significant_digits(Tally(validated, targeted).share())
    return plain(Decimal(found.numerator) / Decimal(found.denominator))


@lru_cache(maxsize=4096)
def _tally(tally: Tally) -> tuple[Cell, Cell, Cell]:
    return share(round_half_up(100 * tally.share()), 100), tally.targeted, tally.validated
