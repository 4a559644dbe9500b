"""CSV files: encodings, separators, headings, and every check of Fregata, higher education and configured formats."""

from __future__ import annotations

import pytest
from pupil_kit import codes, fregata_csv, onde_csv, pupils, read, sup_csv

from kiosk.imports.sup import UNKNOWN

FREGATA = fregata_csv(pupils(1)).decode("utf-8-sig")
SUP = sup_csv(pupils(1)).decode("utf-8-sig")


def cell(text: str, heading: str, value: str) -> bytes:
    """Return the file with one cell of its first pupil changed."""
    head, row, *_ = text.split("\r\n")
    cells = row.split(";")
    cells[head.split(";").index(heading)] = value
    return f"{head}\r\n{';'.join(cells)}\r\n".encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman"])
@pytest.mark.parametrize("separator", [";", ","])
def test_encodings_and_separators_are_found(encoding: str, separator: str) -> None:
    text = fregata_csv(pupils(5)).decode("utf-8-sig").replace(";", separator)
    found = read("fregata", text.encode(encoding))
    assert found.problems.count == 0
    assert {one.first_name for one in found.learners} >= {"Lou-Ann", "Éloïse"} or len(found.learners) == 5
    assert any("'" in one.last_name or "è" in one.last_name for one in found.learners)


def test_a_curly_apostrophe_in_a_heading_is_the_same_heading() -> None:
    assert read("fregata", FREGATA.replace("Nom d'usage", "Nom d’usage").encode()).problems.count == 0


def test_blank_lines_are_skipped_and_values_trimmed() -> None:
    head, row, *_ = FREGATA.split("\r\n")
    found = read("fregata", f"{head}\r\n\r\n;;;;;;;;;;;;;;\r\n  {row}  \r\n".encode())
    assert [(one.line, one.ine) for one in found.learners] == [(4, "0000000001B")]


def test_unknown_and_missing_headings_are_told() -> None:
    found = read("fregata", FREGATA.replace("Statut*", "Statut").encode())
    assert codes(found) == [("HEADER_UNKNOWN", 1, "Statut"), ("HEADER_REQUIRED", 1, "Statut*")]


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("Identifiant unique*", "", "FIELD_REQUIRED"),
        ("Premier prénom*", "a" * 256, "FIELD_MAX_LENGTH"),
        ("Code sexe*", "F", "FIELD_BAD_VALUES"),
        ("Date de naissance (jj/mm/aaaa)*", "2012-01-01", "FIELD_DATE_FORMAT"),
        ("Date de naissance (jj/mm/aaaa)*", "30/02/2012", "FIELD_DATE_FORMAT"),
        ("Code commune naissance**", "", "FIELD_REQUIRED"),
        ("Code commune naissance**", "123", "FIELD_LENGTH"),
        ("Code commune naissance**", "2C123", "INSEE_CODE_INVALID"),
        ("Code département naissance*", "1", "FIELD_MIN_LENGTH"),
        ("Code département naissance*", "1234", "FIELD_MAX_LENGTH"),
        ("Code pays naissance*", "9910", "FIELD_LENGTH"),
        ("Code pays naissance*", "99600", "INSEE_CODE_INVALID"),
        ("Statut*", "XX", "FIELD_BAD_VALUES"),
        ("Code MEF*", "", "FIELD_REQUIRED"),
        ("Division*", "", "FIELD_REQUIRED"),
    ],
)
def test_each_check_of_fregata_has_its_code(heading: str, value: str, code: str) -> None:
    found = codes(read("fregata", cell(FREGATA, heading, value)))
    assert (code, 2, heading) in found


def test_fregata_reads_short_years_countries_and_corsica() -> None:
    found = read("fregata", cell(FREGATA, "Date de naissance (jj/mm/aaaa)*", "01/02/09")).learners[0]
    assert (found.birth_date, found.birth_country, found.sex) == ("2009-02-01", "100", "F")
    assert read("fregata", cell(FREGATA, "Code commune naissance**", "2A004")).problems.count == 0


def test_a_town_is_named_when_the_country_is_not_france() -> None:
    abroad = cell(FREGATA, "Code pays naissance*", "99132")
    assert codes(read("fregata", abroad)) == [("FIELD_REQUIRED", 2, "Libellé commune naissance**")]


def test_a_division_has_its_spaces_collapsed() -> None:
    assert read("fregata", cell(FREGATA, "Division*", "3  \u00a0A")).learners[0].division == "3 A"


def test_the_same_identifier_twice_is_refused() -> None:
    head, row, *_ = FREGATA.split("\r\n")
    found = read("fregata", f"{head}\r\n{row}\r\n{row}\r\n".encode())
    assert codes(found) == [("IDENTIFIER_UNIQUE", 3, "Identifiant unique*")]
    assert found.problems.first[0].params == {"first": 2}


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("Numéro étudiant", "", "FIELD_REQUIRED"),
        ("Numéro étudiant", "12 34", "STUDENT_NUMBER_FORMAT"),
        ("Email", "not an address", "FIELD_EMAIL_FORMAT"),
        ("Email", "a@b", "FIELD_EMAIL_FORMAT"),
        ("Date de naissance (jj/mm/aaaa)", "01/02/09", "FIELD_DATE_FORMAT"),
        ("Nom de famille", "", "FIELD_REQUIRED"),
    ],
)
def test_each_check_of_students_has_its_code(heading: str, value: str, code: str) -> None:
    assert codes(read("sup", cell(SUP, heading, value))) == [(code, 2, heading)]


def test_the_same_student_number_twice_is_refused() -> None:
    head, row, *_ = SUP.split("\r\n")
    assert codes(read("sup", f"{head}\r\n{row}\r\n{row}\r\n".encode())) == [
        ("STUDENT_NUMBER_UNIQUE", 3, "Numéro étudiant")
    ]


@pytest.mark.parametrize(
    ("typed", "kept", "warned"),
    [
        ("Licence", "Licence", False),
        ("LICENSE", "Licence", False),
        ("Diplome d'ingenieur", "Diplôme d'ingénieur", False),
        ("Certificat de natation", UNKNOWN, True),
        ("", None, False),
    ],
)
def test_a_diploma_is_known_by_likeness(typed: str, kept: str | None, warned: bool) -> None:  # noqa: FBT001 - a column of the table above
    found = read("sup", cell(SUP, "Diplôme", typed))
    assert found.learners[0].diploma == kept
    assert bool(found.warnings.count) == warned


def test_an_unknown_kind_of_study_is_a_warning_not_an_error() -> None:
    found = read("sup", cell(SUP, "Régime", "à distance"))
    assert (found.problems.count, found.learners[0].study_scheme) == (0, UNKNOWN)
    assert [(one.code, one.field) for one in found.warnings.first] == [("VALUE_UNKNOWN", "Régime")]


def test_the_sample_of_configured_formats_reads_onde() -> None:
    (first, *_) = read("custom", onde_csv(pupils(3))).learners
    assert (first.unique_key, first.division, first.birth_date) == ("ID-1", "5E1", "2009-02-02")
    assert first.extra == '{"identifiant":"ID-1"}'


def test_identical_lines_are_merged_and_different_ones_refused() -> None:
    head, row, *_ = onde_csv(pupils(1)).decode("utf-8-sig").split("\r\n")
    twice = read("custom", f"{head}\r\n{row}\r\n{row}\r\n".encode())
    assert (len(twice.learners), twice.reasons) == (1, {"DUPLICATE": 1})
    other = read("custom", f"{head}\r\n{row}\r\n{row.replace('5E1', '6A')}\r\n".encode())
    assert codes(other) == [("PROPERTY_NOT_UNIQ", 3, "identifiant")]
