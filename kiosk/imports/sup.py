"""Students of higher education (rule 1.4): known by their student number; diplomas and kinds of study by likeness.

A diploma or a kind of study that resembles none of the known words is kept as "Non reconnu", with a warning.
"""

from __future__ import annotations

from functools import lru_cache
from typing import IO, TYPE_CHECKING

from kiosk.imports.csv_format import read_rows
from kiosk.imports.csv_table import Column
from kiosk.imports.reading import Context, Learner, Reading
from kiosk.imports.values import STUDENT_NUMBER, closest, is_email, one_line

if TYPE_CHECKING:
    from kiosk.imports.csv_rows import Row

HEADINGS = (
    Column("Premier prénom", "first_name", required=True),
    Column("Deuxième prénom", "middle_name"),
    Column("Troisième prénom", "third_name"),
    Column("Nom de famille", "last_name", required=True),
    Column("Nom d'usage", "preferred_last_name"),
    Column("Date de naissance (jj/mm/aaaa)", "birth_date", required=True),
    Column("Email", "email"),
    Column("Numéro étudiant", "student_number", required=True),
    Column("Composante", "department"),
    Column("Équipe pédagogique", "educational_team"),
    Column("Groupe", "class_group"),
    Column("Diplôme", "diploma"),
    Column("Régime", "study_scheme"),
)
PROBE = "Numéro étudiant"
COLUMNS = tuple(column.name for column in HEADINGS)
SCHEMES = ("Formation initiale", "Apprentissage", "Formation continue", "Autre")
DIPLOMAS = (
    "Licence",
    "Master",
    "Doctorat",
    "DNMADE",
    "DMA",
    "BTS",
    "DUT",
    "DTS",
    "DCG",
    "DEUST",
    "Diplôme d'État contrôlé",
    "Diplôme d'ingénieur",
    "Grade licence",
    "Grade master",
    "Diplôme visé",
    "Classe préparatoire",
    "Autre",
)
UNKNOWN = "Non reconnu"


def read(file: IO[bytes], context: Context) -> Reading:
    """Return what the file says; never raises for what it holds."""
    lines: dict[str, int] = {}
    return read_rows(file, context, HEADINGS, PROBE, lambda row, _: _student(row, lines))


def _student(row: Row, lines: dict[str, int]) -> Learner:
    group = row.text("class_group")
    return Learner(
        line=row.line,
        first_name=row.text("first_name", required=True) or "",
        middle_name=row.text("middle_name"),
        third_name=row.text("third_name"),
        last_name=row.text("last_name", required=True) or "",
        preferred_last_name=row.text("preferred_last_name"),
        birth_date=row.date("birth_date", required=True),
        email=_email(row),
        student_number=_number(row, lines),
        department=row.text("department"),
        educational_team=row.text("educational_team"),
        class_group=one_line(group) if group else None,
        diploma=_alike(row, "diploma", DIPLOMAS),
        study_scheme=_alike(row, "study_scheme", SCHEMES),
    )


def _number(row: Row, lines: dict[str, int]) -> str | None:
    number = row.text("student_number", required=True)
    if number is None:
        return None
    if not STUDENT_NUMBER.fullmatch(number):
        row.problem("student_number", "STUDENT_NUMBER_FORMAT")
    if number in lines:
        row.problem("student_number", "STUDENT_NUMBER_UNIQUE", first=lines[number])
    lines.setdefault(number, row.line)
    return number


def _email(row: Row) -> str | None:
    email = row.text("email")
    if email is not None and not is_email(email):
        row.problem("email", "FIELD_EMAIL_FORMAT")
    return email


def _alike(row: Row, name: str, known: tuple[str, ...]) -> str | None:
    typed = row.text(name)
    if typed is None or len(typed) > 255:
        return None
    found = _closest(typed, known)
    if found is None:
        row.warn(name, "VALUE_UNKNOWN", kept=UNKNOWN)
    return found or UNKNOWN


@lru_cache(maxsize=512)
def _closest(typed: str, known: tuple[str, ...]) -> str | None:
    return closest(typed, known)
