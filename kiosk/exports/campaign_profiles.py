"""The profiles collected by one campaign, one line a sending, under the headings schools already know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.certifiability import certifiable_competences
from exam.framework import COMPETENCES
from kiosk.campaign_results import read_profile
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
    values,
    yes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.campaign_results import ProfileSent
    from kiosk.exports.scope import Scope
    from web.downloads import Cell

__all__ = ["columns", "file_name", "rows"]


def columns(scope: Scope) -> list[str]:
    """Return the headings, which depend on the organisation."""
    return [
        "Nom de l'organisation",
        "ID Campagne",
        "Code",
        "Nom de la campagne",
        "Nom du Participant",
        "Prénom du Participant",
        *extra_columns(scope),
        *list_columns(scope),
        *([scope.external_label] if scope.external_label else []),
        "Envoi (O/N)",
        "Date de l'envoi",
        "Nombre de pix total",
        "Certifiable (O/N)",
        "Nombre de compétences certifiables",
        *(heading for one in COMPETENCES.values() for heading in _competence(one.name[LANG])),
    ]


def _competence(name: str) -> tuple[str, str]:
    return f"Niveau pour la compétence {name}", f"Nombre de pix pour la compétence {name}"


def rows(scope: Scope) -> Iterator[list[Cell]]:
    """Yield one row a participation, as wide as `columns`."""
    width, extras = len(columns(scope)), extra_columns(scope)
    for taking in scope.takings:
        profile = read_profile(taking)
        head: list[Cell] = [
            *campaign_cells(scope),
            taking.last_name,
            taking.first_name,
            *values(extras_of(taking), extras),
            *list_cells(scope, taking),
            *([taking.external_id or MISSING] if scope.external_label else []),
            yes(profile is not None),
        ]
        if profile is None or taking.shared_ms is None:
            yield [*head, *([MISSING] * (width - len(head)))]
        else:
            yield [*head, moment(scope, taking.shared_ms), *_sent(profile)]


def _sent(profile: ProfileSent) -> Iterator[Cell]:
    yield profile.score
    yield yes(profile.certifiable)
    yield certifiable_competences(level for _, level, _ in profile.competences)
    known = {code: (level, points) for code, level, points in profile.competences}
    for code in COMPETENCES:
        yield from known.get(code, (MISSING, MISSING))
