"""SIECLE, "Élèves sans adresse": the pupils of a school as its administration exports them, XML or zip (rule 1.2).

A pupil who has left, has no verified INE or no class is left aside, saying so; anything else that is missing refuses
the file at the line of the pupil. Structures may come before or after the pupils they are about.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from kiosk.imports.identifiers import ine_doubt
from kiosk.imports.limits import ROWS, TEXT_CHARS
from kiosk.imports.reading import Context, FileRefused, Finding, Learner, Reading
from kiosk.imports.values import UNREADABLE, iso_date
from kiosk.imports.xml_records import PUPIL, SCHOOL, Record, records
from kiosk.imports.xml_text import opened_xml, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = ("PRENOM", "NOM_DE_FAMILLE")
_TEXTS = {
    "middle_name": "PRENOM2",
    "third_name": "PRENOM3",
    "preferred_last_name": "NOM_USAGE",
    "birth_city": "VILLE_NAISS",
    "birth_city_code": "CODE_COMMUNE_INSEE_NAISS",
    "birth_department": "CODE_DEPARTEMENT_NAISS",
    "birth_country": "CODE_PAYS",
    "mef": "CODE_MEF",
    "status": "CODE_STATUT",
    "ine": "ID_NATIONAL",
}
COLUMNS = ("first_name", "last_name", *_TEXTS, "sex", "birth_date", "division")
"""What this format says of a pupil."""
_SEXES = {"1": "M", "2": "F"}
_FRANCE = "100"
_REQUIRED = (("LAST_NAME_REQUIRED", "NOM_DE_FAMILLE"), ("FIRST_NAME_REQUIRED", "PRENOM"))


def read(file: IO[bytes], context: Context) -> Reading:
    """Return what the file says; never raises for what it holds."""
    reading = Reading()
    try:
        with opened_xml(file) as xml:
            _School(reading, context).take(records(pieces(xml)))
    except FileRefused as refused:
        reading.problems.add(refused.finding)
    if not reading.problems.count and not reading.learners:
        reading.problems.add(Finding("EMPTY"))
    return reading


class _School:
    """The pupils of one file while it is read."""

    def __init__(self, reading: Reading, context: Context) -> None:
        self.reading = reading
        self.context = context
        self.pupils: dict[str, Learner] = {}
        self.divisions: dict[str, str] = {}
        self.lines_of_ine: dict[str, int] = {}

    def take(self, found: Iterable[Record]) -> None:
        """Read every record, then give the pupils who have a class."""
        checked = False
        for number, record in enumerate(found, 1):
            if record.tag == SCHOOL:
                self._check_school(record)
                checked = True
            elif record.tag == PUPIL:
                self._pupil(record)
            else:
                self._structures(record)
            self.context.pace(number)
        if not checked:
            raise FileRefused("UAI_MISMATCHED", "absent", field=SCHOOL)
        for name, learner in self.pupils.items():
            learner.division = self.divisions.get(name)
            if learner.division is None:
                self.reading.skip("NO_DIVISION", learner.line)
            else:
                self.reading.keep(learner)

    def _check_school(self, record: Record) -> None:
        found = record.texts.get(SCHOOL, "").upper()
        if not self.context.uai or found != self.context.uai.upper():
            raise FileRefused(
                "UAI_MISMATCHED",
                line=record.line,
                field=SCHOOL,
                found=found[:20] or "?",
                expected=self.context.uai or "?",
            )

    def _structures(self, record: Record) -> None:
        for structure in record.structures:
            code = structure.get("CODE_STRUCTURE", "")
            if structure.get("TYPE_STRUCTURE") == "D" and code and code != "Inactifs":
                if len(code) > TEXT_CHARS or UNREADABLE.search(code):
                    self._problem("INVALID_CHAR_DETECTED", record.line, "CODE_STRUCTURE")
                self.divisions[record.attributes.get("ELEVE_ID", "")] = code

    def _pupil(self, record: Record) -> None:
        texts, line = record.texts, record.line
        if texts.get("DATE_SORTIE"):
            return self.reading.skip("LEFT", line)
        if not texts.get("ID_NATIONAL"):
            return self.reading.skip("NO_INE", line)
        name = record.attributes.get("ELEVE_ID", "")
        if not name or name in self.pupils:
            return self._problem("PUPIL_ID_UNIQUE" if name else "PUPIL_ID_REQUIRED", line, "ELEVE_ID")
        if len(self.pupils) >= ROWS:
            raise FileRefused("TOO_MANY_PUPILS", line=line, limit=ROWS)
        self._check(texts, line)
        self.pupils[name] = Learner(
            line=line,
            sex=_SEXES.get(texts.get("CODE_SEXE", "")),
            birth_date=iso_date(texts.get("DATE_NAISS", "")),
            first_name=texts.get("PRENOM", ""),
            last_name=texts.get("NOM_DE_FAMILLE", ""),
            **{ours: texts.get(theirs) or None for ours, theirs in _TEXTS.items()},
        )
        return None

    def _check(self, texts: dict[str, str], line: int) -> None:
        for code, field in _REQUIRED:
            if not texts.get(field):
                self._problem(code, line, field)
        if texts.get("CODE_SEXE") not in _SEXES:
            self._problem("SEX_CODE_REQUIRED", line, "CODE_SEXE")
        born = texts.get("DATE_NAISS")
        if not born:
            self._problem("BIRTHDATE_REQUIRED", line, "DATE_NAISS")
        elif iso_date(born) is None:
            self._problem("INVALID_BIRTHDATE_FORMAT", line, "DATE_NAISS")
        if texts.get("CODE_PAYS") == _FRANCE and not texts.get("CODE_COMMUNE_INSEE_NAISS"):
            self._problem("BIRTH_CITY_CODE_REQUIRED_FOR_FR_STUDENT", line, "CODE_COMMUNE_INSEE_NAISS")
        for field in (*_NAMES, *_TEXTS.values()):
            value = texts.get(field)
            if value and UNREADABLE.search(value):
                self._problem("INVALID_CHAR_DETECTED", line, field)
            if value and len(value) > TEXT_CHARS:
                self._problem("FIELD_MAX_LENGTH", line, field, limit=TEXT_CHARS)
        self._check_ine(texts["ID_NATIONAL"], line)

    def _check_ine(self, ine: str, line: int) -> None:
        if ine in self.lines_of_ine:
            self._problem("INE_UNIQUE", line, "ID_NATIONAL", first=self.lines_of_ine[ine])
        self.lines_of_ine.setdefault(ine, line)
        doubt = ine_doubt(ine)
        if doubt:
            self.reading.warnings.add(Finding(doubt, line, "ID_NATIONAL"))

    def _problem(self, code: str, line: int, field: str, **params: str | int) -> None:
        self.reading.problems.add(Finding(code, line, field, params=params))
