"""The spreadsheet of a session: what goes out comes back, what is wrong is told by line and field, what is hostile is named."""

from __future__ import annotations

import subprocess
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.documents.archives import pack
from exam.documents.opendocument import assemble
from kiosk.enrolment.candidates_file import COLUMNS, candidates_sheet, kept_from, read_candidates
from kiosk.enrolment.cells import percent_of
from kiosk.enrolment.countries import country_of
from kiosk.enrolment.sheet import MEDIA_TYPE, rows_of
from kiosk.imports.reading import FileRefused
from kiosk.store.candidates import Candidate

if TYPE_CHECKING:
    from pathlib import Path

INES = Candidate(
    *("c1", "s1", "Inès", "Benali", "2012-03-14", 0),
    sex="F",
    birth_city="Bègles",
    birth_postcode="33130",
    birth_country="FRANCE",
    extra_percent=33,
    adjusted=True,
    learner="l1",
    division="3B",
    waived=True,
)


def sheet(*rows: str) -> bytes:
    """Return a spreadsheet of these raw rows."""
    body = f'<table:table table:name="a">{"".join(rows)}</table:table>'
    return assemble(
        "spreadsheet",
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>",
        "<office:styles/>",
        {},
    )


def row(*cells: str, repeated: int = 1) -> str:
    """Return a row of texts."""
    inner = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        if cell
        else "<table:table-cell/>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def listed(**changed: str) -> bytes:
    """Return a spreadsheet with one candidate born in France, some cells changed."""
    cells = {
        "last_name": "Benali",
        "first_name": "Inès",
        "birth_date": "14/03/2012",
        "birth_city": "Bègles",
        "birth_postcode": "33130",
        "birth_country": "France",
        "sex": "F",
        **changed,
    }
    return sheet(row(*COLUMNS.values()), row(*(cells.get(name, "") for name in COLUMNS)))


def codes(data: bytes) -> list[tuple[int | None, str | None, str]]:
    """Return what is wrong with a spreadsheet: line, field, code."""
    _, reading = read_candidates(data)
    return [(one.line, one.field, one.code) for one in reading.problems.first]


def refusal(data: bytes) -> str:
    """Return by what name a spreadsheet is refused."""
    with pytest.raises(FileRefused) as caught:
        read_candidates(data)
    return caught.value.finding.key


def test_what_goes_out_comes_back_the_same() -> None:
    found, reading = read_candidates(candidates_sheet("Session 1001", ["jeudi"], [INES]))
    assert reading.problems.count == 0
    [back] = kept_from([INES], found)
    assert all(getattr(back, name) == getattr(INES, name) for name in type(back).__struct_fields__)


def test_an_office_suite_reads_the_model_and_what_it_saves_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "liste.ods").write_bytes(candidates_sheet("Session 1001", ["jeudi"], [INES]))
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "ods:calc8",
         "--outdir", str(tmp_path / "out"), str(tmp_path / "liste.ods")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0
    found, reading = read_candidates((tmp_path / "out" / "liste.ods").read_bytes())
    assert (reading.problems.count, [one.last_name for one in found]) == (0, ["Benali"])
    assert (found[0].birth_postcode, found[0].extra_percent) == ("33130", 33)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"last_name": ""}, "Nom de naissance", "FIELD_REQUIRED"),
        ({"birth_date": "31/02/2012"}, "Date de naissance", "FIELD_DATE_FORMAT"),
        ({"birth_date": "14/03/1899"}, "Date de naissance", "FIELD_DATE_FORMAT"),
        ({"sex": "X"}, "Sexe", "FIELD_BAD_VALUES"),
        ({"birth_country": ""}, "Pays de naissance", "FIELD_REQUIRED"),
        ({"birth_country": "999"}, "Pays de naissance", "COUNTRY_UNKNOWN"),
        ({"birth_city": ""}, "Code INSEE de naissance", "PLACE_MISSING"),
        ({"birth_city_code": "33039"}, "Code postal de naissance", "PLACE_TWICE"),
        ({"birth_city_code": "99109"}, "Code INSEE de naissance", "INSEE_CODE_INVALID"),
        ({"birth_postcode": "3313"}, "Code postal de naissance", "POSTCODE"),
        ({"birth_country": "Tunisie"}, "Code postal de naissance", "POSTCODE_ABROAD"),
        ({"birth_country": "Tunisie", "birth_city": ""}, "Commune de naissance", "CITY_ABROAD"),
        ({"birth_country": "Tunisie", "birth_city_code": "33039"}, "Code INSEE de naissance", "INSEE_ABROAD"),
        ({"email": "ines@"}, "E-mail de convocation", "FIELD_EMAIL_FORMAT"),
        ({"extra_percent": "100"}, "Temps majoré", "EXTRA_TIME"),
        ({"adjusted": "peut-être"}, "Questions adaptées", "FIELD_BAD_VALUES"),
    ],
)
def test_each_fault_is_told_with_its_line_and_field(changed: dict[str, str], field: str, code: str) -> None:
    assert codes(listed(**changed)) == [(2, field, code)]


def test_the_same_candidate_twice_is_a_problem() -> None:
    line = row("Benali", "Inès", "14/03/2012", "Tunis", "", "99", "Tunisie", "F")
    assert codes(sheet(row(*COLUMNS.values()), line, line)) == [(3, "Nom de naissance", "CANDIDATE_TWICE")]


def test_a_missing_column_is_told() -> None:
    assert (1, "Sexe", "HEADER_REQUIRED") in codes(
        sheet(row("Nom de naissance", "Prénom", "Date de naissance"))
    )


def bomb() -> bytes:
    return pack(
        [("mimetype", MEDIA_TYPE.encode()), ("content.xml", b"<a>" + b" " * 30_000_000 + b"</a>")],
        stored="mimetype",
    )


def entities() -> bytes:
    content = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    return pack([("mimetype", MEDIA_TYPE.encode()), ("content.xml", content)], stored="mimetype")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "BAD_SHEET_not_ods"),
        (b"Nom;Prenom", "BAD_SHEET_not_ods"),
        (pack([("mimetype", b"application/zip"), ("content.xml", b"<a/>")]), "BAD_SHEET_not_ods"),
        (bomb(), "BAD_SHEET_bomb"),
        (entities(), "BAD_SHEET_entities"),
        (sheet(row("x", repeated=999_999)), "BAD_SHEET_rows"),
        (sheet(row(*["x"] * 65)), "BAD_SHEET_columns"),
        (sheet('<table:table-row><table:table-cell table:number-columns-repeated="-1"/></table:table-row>'), "BAD_SHEET_broken"),
        (sheet(row("bonjour")), "BAD_SHEET_no_headings"),
        (sheet(row('x<text:s text:c="99999999"/>')), "BAD_SHEET_bomb"),
        (sheet(row('x<text:s text:c="2000000000"/>')), "BAD_SHEET_broken"),
        (sheet(row('x<text:s text:c="9999"/>', repeated=4999)), "BAD_SHEET_bomb"),
        (sheet(row("x" * 100_000, repeated=4999)), "BAD_SHEET_bomb"),
        (pack([("mimetype", MEDIA_TYPE.encode()), ("content.xml", b"<a>")], stored="mimetype"), "BAD_SHEET_broken"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_by_name(data: bytes, name: str) -> None:
    assert refusal(data) == name


def test_only_the_sheet_of_an_archive_is_ever_unpacked() -> None:
    with zipfile.ZipFile(BytesIO(listed())) as archive:
        files = [(info.filename, archive.read(info)) for info in archive.infolist()]
    huge = pack([*files, ("Pictures/a.png", b"0" * 20_000_000)], stored="mimetype")
    assert rows_of(huge) == rows_of(listed())


@pytest.mark.parametrize(
    ("text", "percent"), [("", 0), ("33", 33), ("33 %", 33), ("0,33", 33), ("0.5", 50), ("1", 1)]
)
def test_extra_time_is_read_as_people_type_it(text: str, percent: int) -> None:
    assert percent_of(text) == percent


@pytest.mark.parametrize("text", ["0", "100", "-5", "un tiers", "1,5", "0,0"])
def test_extra_time_outside_one_to_ninety_nine_is_refused(text: str) -> None:
    assert percent_of(text) is None


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40))
def test_any_name_goes_out_and_comes_back_or_is_refused(name: str) -> None:
    one = Candidate(
        "c1", "s1", name, name, "2012-03-14", 0, sex="F", birth_city="Tunis", birth_country="Tunisie"
    )
    found, reading = read_candidates(candidates_sheet("Session", [], [one]))
    assert reading.problems.count or found[0].last_name == " ".join(name.split())


@pytest.mark.parametrize(
    ("written", "kept"),
    [("France", "FRANCE"), ("100", "FRANCE"), ("99100", "FRANCE"), ("351", "99351"), ("99351", "99351"), ("Tunisie", "Tunisie"), ("999", None), ("7", None), ("", None)],
)  # fmt: skip
def test_a_country_is_kept_by_its_name_or_its_insee_code(written: str, kept: str | None) -> None:
    assert country_of(written) == kept
