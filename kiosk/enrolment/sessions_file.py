"""A CSV of many sessions and their candidates: read whole, every reason told, nothing taken while one stands.

A line holds a session, a candidate or both; a line without session goes on with the one above. A session that exists is named
by its number, and its other columns stay empty. An empty session and a candidate written twice are only warnings.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.actions.planning import LONG, Plan
from kiosk.enrolment.candidates_file import known_key
from kiosk.enrolment.cells import FIELDS, enrolment_of
from kiosk.enrolment.limits import ROWS
from kiosk.imports.csv_rows import Row
from kiosk.imports.csv_table import Column, table
from kiosk.imports.reading import FileRefused, Finding, Reading
from kiosk.imports.values import one_line
from kiosk.session_codes import sound_time

if TYPE_CHECKING:
    from kiosk.actions.candidates import Enrolment

SESSION = ("site", "room", "date", "time", "examiners", "description")
_REQUIRED = SESSION[:-1]
HEADINGS: dict[str, str] = {
    "number": "Numéro de session préexistante",
    "site": "* Nom du site",
    "room": "* Nom de la salle",
    "date": "* Date de début (format: JJ/MM/AAAA)",
    "time": "* Heure de début (heure locale format: HH:MM)",
    "examiners": "* Surveillant(s)",
    "description": "Observations (optionnel)",
    "last_name": "* Nom de naissance",
    "first_name": "* Prénom",
    "birth_date": "* Date de naissance (format: JJ/MM/AAAA)",
    "sex": "* Sexe (M ou F)",
    "birth_city_code": "Code INSEE de la commune de naissance",
    "birth_postcode": "Code postal de la commune de naissance",
    "birth_city": "Nom de la commune de naissance",
    "birth_country": "* Pays de naissance",
    "results_email": "E-mail du destinataire des résultats",
    "email": "E-mail de convocation",
    "external_id": "Identifiant externe",
    "extra_percent": "Temps majoré ? (exemple format: 33%)",
}
_COLUMNS = [Column(words, name, required=True) for name, words in HEADINGS.items()]


@dataclass
class Planned:
    """One session of the file: a number when it exists, else a plan; its candidates with their lines, and who they are (`keys`)."""

    line: int
    number: int | None
    plan: Plan | None
    candidates: list[tuple[int, Enrolment]] = field(default_factory=list)
    keys: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Existing:
    """What is known of a session that exists: whether it may still be added to, and who is on its list."""

    id: str
    startable: bool
    keys: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Known:
    """What the file is held against: the instant (YYYY-MM-DD HH:MM, the school's own), and the sessions of the organisation."""

    now: str
    by_number: dict[int, Existing] = field(default_factory=dict)
    taken: frozenset[tuple[str, ...]] = frozenset()


def place_key(plan: Plan) -> tuple[str, ...]:
    """Return what two sessions cannot share."""
    return plan.site.casefold(), plan.room.casefold(), plan.date, plan.time


def read_sessions(data: bytes, known: Known) -> tuple[list[Planned], Reading]:
    """Return the sessions of a file and all that is wrong with it; raises FileRefused when it is no CSV."""
    reading = Reading()
    found: list[Planned] = []
    reader = _Reader(known, reading)
    for count, (line, values) in enumerate(table(io.BytesIO(data), _COLUMNS, HEADINGS["number"], reading)):
        if count >= ROWS:
            raise FileRefused("TOO_MANY_LINES", line=line, limit=ROWS)
        reader.line(line, values)
    found = list(reader.found.values())
    if not found and not reading.problems.count:
        reading.problems.add(Finding("NO_SESSION"))
    for one in found:
        if not one.candidates and not reading.problems.count:
            reading.warnings.add(Finding("EMPTY_SESSION", one.line))
    return found, reading


class _Reader:
    """The lines read so far: sessions by what names them, the one the next line goes on with."""

    def __init__(self, known: Known, reading: Reading) -> None:
        self.found: dict[object, Planned] = {}
        self._known = known
        self._reading = reading
        self._at: Planned | None = None

    def line(self, line: int, values: dict[str, str]) -> None:
        """Take one line."""
        row = Row(line, values, HEADINGS, self._reading)
        if any(values.get(name) for name in ("number", *SESSION)):
            self._at = self._session(row, line, values)
        elif self._at is None and not self.found:
            row.problem("site", "SESSION_MISSING")
        if any(values.get(name) for name in FIELDS):
            one = enrolment_of(row)
            if one is not None and self._at is not None:
                self._enrol(self._at, line, one)

    def _session(self, row: Row, line: int, values: dict[str, str]) -> Planned | None:
        number = values.get("number", "")
        if number:
            return self._existing(row, line, number, values)
        plan = _plan(row)
        if plan is None:
            return None
        key = place_key(plan)
        before = self.found.get(key)
        if before is not None:
            if before.plan != plan:
                row.problem("examiners", "SESSION_DIFFERS", first=before.line)
            return before
        if f"{plan.date} {plan.time}" < self._known.now:
            row.problem("date", "SESSION_PAST")
        if key in self._known.taken:
            row.problem("site", "SESSION_EXISTS")
        return self.found.setdefault(key, Planned(line, None, plan))

    def _existing(self, row: Row, line: int, number: str, values: dict[str, str]) -> Planned | None:
        for name in SESSION:
            if values.get(name):
                row.problem(name, "SESSION_COLUMNS")
        existing = self._known.by_number.get(int(number)) if _is_number(number) else None
        if existing is None:
            row.problem("number", "SESSION_UNKNOWN", number=number[:20])
            return None
        if not existing.startable:
            row.problem("number", "SESSION_STARTED", number=number)
        return self.found.setdefault(int(number), Planned(line, int(number), None))

    def _enrol(self, session: Planned, line: int, one: Enrolment) -> None:
        key = known_key(one)
        listed = self._known.by_number.get(session.number or 0)
        if key in session.keys or (listed is not None and key in listed.keys):
            self._reading.warnings.add(Finding("CANDIDATE_REPEATED", line, HEADINGS["last_name"]))
            return
        session.keys.add(key)
        session.candidates.append((line, one))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def _plan(row: Row) -> Plan | None:
    texts = {name: row.text(name, required=True) for name in ("site", "room", "examiners")}
    day, hour = row.date("date", required=True), row.text("time", required=True)
    observations = row.text("description", most=LONG)
    if hour is not None and not sound_time(hour):
        row.problem("time", "HOUR")
        return None
    if day is None or hour is None or any(text is None for text in texts.values()):
        return None
    clean = {name: one_line(text or "") for name, text in texts.items()}
    return Plan(
        clean["site"], clean["room"], day, hour, clean["examiners"], description=one_line(observations or "")
    )
