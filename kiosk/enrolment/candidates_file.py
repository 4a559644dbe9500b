"""The list of one session as a spreadsheet: filled in beforehand when it is downloaded, read again when it comes back.

Cells of the model are texts, so that a postcode keeps its zero. What it says replaces the list; what it cannot say of a
candidate who was on it (which pupil, whether a profile is asked) is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import msgspec

from exam.documents.opendocument import assemble
from kiosk.enrolment.cells import enrolment_of
from kiosk.enrolment.limits import ROWS
from kiosk.enrolment.sheet import rows_of
from kiosk.folding import folded
from kiosk.imports.csv_rows import Row
from kiosk.imports.reading import FileRefused, Finding, Reading
from kiosk.session_codes import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kiosk.actions.candidates import Enrolment
    from kiosk.store.candidates import Candidate

COLUMNS: dict[str, str] = {
    "last_name": "Nom de naissance *",
    "first_name": "Prénom *",
    "birth_date": "Date de naissance * (JJ/MM/AAAA)",
    "birth_city": "Commune de naissance",
    "birth_postcode": "Code postal de naissance",
    "birth_city_code": "Code INSEE de naissance",
    "birth_country": "Pays de naissance *",
    "sex": "Sexe * (M ou F)",
    "email": "E-mail de convocation",
    "results_email": "E-mail du destinataire des résultats",
    "external_id": "Identifiant local",
    "extra_percent": "Temps majoré (exemple : 33 %)",
    "adjusted": "Questions adaptées (oui ou rien)",
}
REQUIRED = frozenset({"last_name", "first_name", "birth_date", "birth_country", "sex"})
BLANK_LINES = 60
"""Lines left to fill in under the candidates."""


def known_key(given: Enrolment | Candidate) -> tuple[str, str]:
    """Return what tells two candidates of a session apart."""
    return name_key(given.first_name, given.last_name), given.birth_date


def read_candidates(data: bytes) -> tuple[list[Enrolment], Reading]:
    """Return the candidates of a spreadsheet and all that is wrong with it; with a problem, none must be taken.

    Raises FileRefused when it is no such spreadsheet.
    """
    reading = Reading()
    rows = iter(enumerate(rows_of(data), 1))
    names = _headings(rows, reading)
    if names is None:
        return [], reading
    found: list[Enrolment] = []
    lines: dict[tuple[str, str], int] = {}
    headings = {name: plain_heading(words) for name, words in COLUMNS.items()}
    for line, cells in rows:
        values = {names[at]: cell for at, cell in enumerate(cells) if at in names and cell}
        if not values:
            continue
        if len(found) >= ROWS:
            raise FileRefused("TOO_MANY_LINES", line=line, limit=ROWS)
        one = enrolment_of(Row(line, values, headings, reading))
        if one is None:
            continue
        first = lines.setdefault(known_key(one), line)
        if first != line:
            reading.problems.add(
                Finding("CANDIDATE_TWICE", line, headings["last_name"], params={"first": first})
            )
        found.append(one)
    if not found and not reading.problems.count:
        reading.problems.add(Finding("NO_CANDIDATE"))
    return found, reading


def plain_heading(words: str) -> str:
    """Return a heading without its marks and examples: what people call the column."""
    return re.sub(r"\s+", " ", re.sub(r"\(.*?\)|\*", "", words)).strip()


def _bare(words: str) -> str:
    return re.sub(r"[^a-z0-9]", "", folded(plain_heading(words)))


def _headings(rows: Iterator[tuple[int, list[str]]], reading: Reading) -> dict[int, str] | None:
    """Return the columns by place; None, with what is missing told, when the headings are not those of the model."""
    known = {_bare(words): name for name, words in COLUMNS.items()}
    for line, cells in rows:
        found: dict[int, str] = {}
        for at, cell in enumerate(cells):
            name = known.get(_bare(cell))
            if name is not None and name not in found.values():
                found[at] = name
        if len(found) >= 2:
            for name in sorted(REQUIRED - set(found.values())):
                reading.problems.add(Finding("HEADER_REQUIRED", line, plain_heading(COLUMNS[name])))
            return None if reading.problems.count else found
    raise FileRefused("BAD_SHEET", "no_headings")


def kept_from(before: Iterable[Candidate], given: Iterable[Enrolment]) -> list[Enrolment]:
    """Return what a file gives, with what it cannot say taken from the list it replaces."""
    known = {known_key(row): row for row in before}
    made = []
    for one in given:
        row = known.get(known_key(one))
        if row is None:
            made.append(one)
        else:
            made.append(
                msgspec.structs.replace(one, learner=row.learner, division=row.division, waived=row.waived)
            )
    return made


def candidates_sheet(title: str, facts: Sequence[str], candidates: Iterable[Candidate]) -> bytes:
    """Return the spreadsheet of a session: what it is, the headings, everyone on its list, and lines to fill in."""
    rows = [[title], *([fact] for fact in facts), []]
    body = "".join(_row(row, "note") for row in rows)
    body += _row(list(COLUMNS.values()), "head")
    body += "".join(_row(_cells(one), "text") for one in candidates)
    body += f'<table:table-row table:number-rows-repeated="{BLANK_LINES}">{_blank()}</table:table-row>'
    columns = f'<table:table-column table:style-name="wide" table:number-columns-repeated="{len(COLUMNS)}" table:default-cell-style-name="text"/>'
    sheet = f'<table:table table:name="Candidats">{columns}{body}</table:table>'
    content = f"{_STYLES}<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    return assemble("spreadsheet", content, "<office:styles/>", {"title": title})


_STYLES = (
    "<office:automatic-styles>"
    '<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="4.6cm"/></style:style>'
    '<number:text-style xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" style:name="as-text"><number:text-content/></number:text-style>'
    '<style:style style:name="text" style:family="table-cell" style:data-style-name="as-text"/>'
    '<style:style style:name="note" style:family="table-cell" style:data-style-name="as-text"><style:text-properties fo:font-style="italic"/></style:style>'
    '<style:style style:name="head" style:family="table-cell" style:data-style-name="as-text"><style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles>"
)


def _cells(one: Candidate) -> list[str]:
    values: Mapping[str, str | None] = {
        "last_name": one.last_name,
        "first_name": one.first_name,
        "birth_date": "/".join(reversed(one.birth_date.split("-"))),
        "birth_city": one.birth_city,
        "birth_postcode": one.birth_postcode,
        "birth_city_code": one.birth_city_code,
        "birth_country": one.birth_country,
        "sex": one.sex,
        "email": one.email,
        "results_email": one.results_email,
        "external_id": one.external_id,
        "extra_percent": f"{one.extra_percent} %" if one.extra_percent else "",
        "adjusted": "oui" if one.adjusted else "",
    }
    return [values[name] or "" for name in COLUMNS]


def _row(cells: Sequence[str], style: str) -> str:
    made = "".join(
        f'<table:table-cell table:style-name={quoteattr(style)} office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        if cell
        else f"<table:table-cell table:style-name={quoteattr(style)}/>"
        for cell in cells
    )
    return f"<table:table-row>{made or '<table:table-cell/>'}</table:table-row>"


def _blank() -> str:
    return f'<table:table-cell table:style-name="text" table:number-columns-repeated="{len(COLUMNS)}"/>'
