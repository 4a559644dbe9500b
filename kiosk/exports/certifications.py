"""Published certifications as files schools know: one session, or one class; one line a candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.framework import COMPETENCES
from web.downloads import file_name as fit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from kiosk.store.certificates import Result
    from web.downloads import Cell

NOTHING = "-"
_FIRST = (
    *("Numéro de certification", "Prénom", "Nom", "Date de naissance", "Lieu de naissance"),
    "Identifiant Externe",
)
_LAST = ("Commentaire jury", "Session", "Centre de certification", "Date de passage de la certification")
TYPE = "Certification de compétences numériques"

SESSION_COLUMNS: tuple[str, ...] = (
    *_FIRST,
    "Type de certification",
    "Statut",
    "Résultat",
    *COMPETENCES,
    *_LAST,
)
CLASS_COLUMNS: tuple[str, ...] = (*_FIRST, "Statut", "Nombre de Pix", *COMPETENCES, *_LAST)


def session_file(result_date: str, result_time: str, number: int) -> str:
    """Return the name of a session's file."""
    return f"{result_date.replace('-', '')}_{result_time.replace(':', '')}_resultats_session_{number}.csv"


def class_file(day: date, division: str) -> str:
    """Return the name of a class's file."""
    return f"{day:%Y%m%d}_resultats_{fit(division)}.csv"


def session_rows(results: Sequence[Result], status: Callable[[str], str]) -> Iterator[list[Cell]]:
    """Yield the rows of a session's file; `status` says a status in words."""
    for one in results:
        yield [*_first(one), TYPE, status(one.certificate.status), *_scores(one), *_last(one)]


def class_rows(results: Sequence[Result], status: Callable[[str], str]) -> Iterator[list[Cell]]:
    """Yield the rows of a class's file."""
    for one in results:
        yield [*_first(one), status(one.certificate.status), *_scores(one), *_last(one)]


def latest_of_each(results: Sequence[Result]) -> list[Result]:
    """Return the latest result of each pupil, in the order given; a learner is one pupil whatever the session wrote."""
    found: dict[object, Result] = {}
    for one in results:
        key = one.certificate.learner or (one.first_name, one.last_name, one.birth_date)
        before = found.get(key)
        if before is None or (before.date, before.time) <= (one.date, one.time):
            found[key] = one
    return list(found.values())


def _first(one: Result) -> list[Cell]:
    who = identity(one)
    return [
        one.certificate.code,
        who[0],
        who[1],
        french_day(who[2]),
        who[3],
        one.external_id or "",
    ]


def identity(one: Result) -> tuple[str, str, str, str]:
    """Return first name, birth name, birth date and place: as the central instance corrected them, else as enrolled."""
    if one.certificate.sheet is not None:
        sheet = msgspec.json.decode(one.certificate.sheet, type=dict[str, str])
        return sheet["first_name"], sheet["last_name"], sheet["birth_date"], sheet["birth_place"]
    return one.first_name, one.last_name, one.birth_date, one.birth_city or ""


def _scores(one: Result) -> list[Cell]:
    status = one.certificate.status
    score: Cell = (
        NOTHING if status == "cancelled" else 0 if status == "rejected" else one.certificate.score or 0
    )
    levels = dict(levels_of(one)) if status == "validated" else {}
    return [score, *(max(levels[code], 0) if code in levels else NOTHING for code in COMPETENCES)]


def levels_of(one: Result) -> list[tuple[str, int]]:
    """Return the level of each competence."""
    return msgspec.json.decode(one.certificate.levels, type=list[tuple[str, int]])


def _last(one: Result) -> list[Cell]:
    return [one.certificate.organisation_words, one.number, one.site, french_day(one.date)]


def french_day(day: str) -> str:
    """Return a date (year first) as DD/MM/YYYY."""
    return "/".join(reversed(day.split("-")))
