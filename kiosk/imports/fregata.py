"""Fregata, "CSV vers Pix": pupils and apprentices of agricultural schools (rule 1.3).

The unique identifier is the pupil's INE; a commune is asked by its code in France, by its name elsewhere.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from kiosk.imports.csv_format import read_rows
from kiosk.imports.csv_table import Column
from kiosk.imports.identifiers import ine_doubt
from kiosk.imports.reading import Context, Learner, Reading
from kiosk.imports.values import COUNTRY, INSEE, one_line

if TYPE_CHECKING:
    from kiosk.imports.csv_rows import Row

HEADINGS = (
    Column("Identifiant unique*", "ine", required=True),
    Column("Premier prénom*", "first_name", required=True),
    Column("Deuxième prénom", "middle_name"),
    Column("Troisième prénom", "third_name"),
    Column("Nom de famille*", "last_name", required=True),
    Column("Nom d'usage", "preferred_last_name"),
    Column("Code sexe*", "sex", required=True),
    Column("Date de naissance (jj/mm/aaaa)*", "birth_date", required=True),
    Column("Code commune naissance**", "birth_city_code"),
    Column("Libellé commune naissance**", "birth_city"),
    Column("Code département naissance*", "birth_department", required=True),
    Column("Code pays naissance*", "birth_country", required=True),
    Column("Statut*", "status", required=True),
    Column("Code MEF*", "mef", required=True),
    Column("Division*", "division", required=True),
)
PROBE = "Premier prénom*"
COLUMNS = tuple(column.name for column in HEADINGS)
_SEXES = {"Féminin": "F", "féminin": "F", "Masculin": "M", "masculin": "M"}
_STATUSES = {"ST": "ST", "AP": "AP"}
_FRANCE = "99100"


def read(file: IO[bytes], context: Context) -> Reading:
    """Return what the file says; never raises for what it holds."""
    lines: dict[str, int] = {}
    return read_rows(file, context, HEADINGS, PROBE, lambda row, _: _pupil(row, lines))


def _pupil(row: Row, lines: dict[str, int]) -> Learner:
    ine = row.text("ine", required=True)
    if ine is not None:
        _check_identifier(row, ine, lines)
    country = row.text("birth_country", required=True)
    if country is not None:
        _check_country(row, country)
    division = row.text("division", required=True)
    return Learner(
        line=row.line,
        ine=ine,
        first_name=row.text("first_name", required=True) or "",
        middle_name=row.text("middle_name"),
        third_name=row.text("third_name"),
        last_name=row.text("last_name", required=True) or "",
        preferred_last_name=row.text("preferred_last_name"),
        sex=row.one_of("sex", _SEXES, required=True),
        birth_date=row.date("birth_date", required=True, short_year=True),
        birth_city_code=_commune(row, required=country == _FRANCE),
        birth_city=row.text("birth_city", required=country not in {None, _FRANCE}),
        birth_department=row.between("birth_department", 2, 3, required=True),
        birth_country=country[-3:] if country else None,
        status=row.one_of("status", _STATUSES, required=True),
        mef=row.text("mef", required=True),
        division=one_line(division) if division else None,
    )


def _check_identifier(row: Row, ine: str, lines: dict[str, int]) -> None:
    if ine in lines:
        row.problem("ine", "IDENTIFIER_UNIQUE", first=lines[ine])
    lines.setdefault(ine, row.line)
    doubt = ine_doubt(ine)
    if doubt:
        row.warn("ine", doubt)


def _check_country(row: Row, country: str) -> None:
    if len(country) != 5:
        row.problem("birth_country", "FIELD_LENGTH", limit=5)
    elif not COUNTRY.fullmatch(country):
        row.problem("birth_country", "INSEE_CODE_INVALID")


def _commune(row: Row, *, required: bool) -> str | None:
    code = row.text("birth_city_code", required=required)
    if code is not None and len(code) != 5:
        row.problem("birth_city_code", "FIELD_LENGTH", limit=5)
    elif code is not None and not INSEE.fullmatch(code):
        row.problem("birth_city_code", "INSEE_CODE_INVALID")
    return code
