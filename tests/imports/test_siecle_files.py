"""SIECLE files: who is read, who is left aside and why, and every error at the line of its pupil."""

from __future__ import annotations

import pytest
from pupil_kit import UAI, codes, read, siecle, zipped


def one(texts: str, structures: str | None = None, head: str = "") -> bytes:
    """Return a file of one pupil whose elements are given; the ELEVE element stands on line 3."""
    places = (
        structures
        if structures is not None
        else "<STRUCTURE><CODE_STRUCTURE>3A</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}\n<BEE_ELEVES><PARAMETRES><UAJ>{UAI}</UAJ></PARAMETRES>'
        f'<DONNEES><ELEVES>\n<ELEVE ELEVE_ID="7">{texts}</ELEVE></ELEVES><STRUCTURES>'
        f'<STRUCTURES_ELEVE ELEVE_ID="7">{places}</STRUCTURES_ELEVE></STRUCTURES></DONNEES></BEE_ELEVES>'
    ).encode()


WHOLE = {
    "ID_NATIONAL": "0000000001B",
    "NOM_DE_FAMILLE": "N'Diaye",
    "PRENOM": "Éloïse",
    "DATE_NAISS": "02/11/2012",
    "CODE_SEXE": "2",
    "CODE_PAYS": "100",
    "CODE_COMMUNE_INSEE_NAISS": "42218",
}


def whole(**changes: str) -> str:
    return "".join(f"<{name}>{text}</{name}>" for name, text in {**WHOLE, **changes}.items())


def test_every_field_of_the_rule_book_is_read() -> None:
    found = read("siecle", siecle(1)).learners[0]
    assert (found.ine, found.first_name, found.last_name) == ("0000000001B", "Lou-Ann", "N'Diaye-B")
    assert (found.preferred_last_name, found.middle_name, found.sex) == ("N'DIAYE-B", "Rémi", "F")
    assert (found.birth_date, found.birth_country, found.birth_city_code) == ("2009-02-02", "100", "42218")
    assert (found.birth_city, found.birth_department) == ("L'Haÿ-les-Roses", "042")
    assert (found.mef, found.status, found.division) == ("10010012110", "ST", "5E1")


@pytest.mark.parametrize("encoding", ["ISO-8859-15", "ISO-8859-1", "UTF-8", "windows-1252"])
def test_the_declared_encoding_is_followed(encoding: str) -> None:
    found = read("siecle", siecle(9, encoding=encoding))
    assert found.problems.count == 0
    assert found.learners[0].birth_city == "L'Haÿ-les-Roses"


def test_a_zip_is_known_by_its_content() -> None:
    assert len(read("siecle", zipped(siecle(4), "whatever.XML")).learners) == 4


def test_a_pupil_who_has_left_is_left_aside() -> None:
    found = read("siecle", one(whole(DATE_SORTIE="31/08/2026")))
    assert found.reasons == {"LEFT": 1}
    assert codes(found) == [("EMPTY", None, None)]


def test_a_pupil_without_a_verified_ine_is_left_aside() -> None:
    assert read("siecle", one(whole(ID_NATIONAL=""))).reasons == {"NO_INE": 1}


@pytest.mark.parametrize(
    "structures",
    [
        "",
        "<STRUCTURE><CODE_STRUCTURE>3A</CODE_STRUCTURE><TYPE_STRUCTURE>G</TYPE_STRUCTURE></STRUCTURE>",
        "<STRUCTURE><CODE_STRUCTURE>Inactifs</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE>",
    ],
)
def test_a_pupil_without_a_class_is_left_aside(structures: str) -> None:
    assert read("siecle", one(whole(), structures)).reasons == {"NO_DIVISION": 1}


def test_the_last_class_wins() -> None:
    place = "<STRUCTURE><CODE_STRUCTURE>{}</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE>"
    found = read("siecle", one(whole(), place.format("4A") + place.format("4B")))
    assert found.learners[0].division == "4B"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"NOM_DE_FAMILLE": ""}, "LAST_NAME_REQUIRED", "NOM_DE_FAMILLE"),
        ({"PRENOM": " "}, "FIRST_NAME_REQUIRED", "PRENOM"),
        ({"CODE_SEXE": "3"}, "SEX_CODE_REQUIRED", "CODE_SEXE"),
        ({"DATE_NAISS": ""}, "BIRTHDATE_REQUIRED", "DATE_NAISS"),
        ({"DATE_NAISS": "31/02/2012"}, "INVALID_BIRTHDATE_FORMAT", "DATE_NAISS"),
        ({"DATE_NAISS": "2012-02-03"}, "INVALID_BIRTHDATE_FORMAT", "DATE_NAISS"),
        (
            {"CODE_COMMUNE_INSEE_NAISS": ""},
            "BIRTH_CITY_CODE_REQUIRED_FOR_FR_STUDENT",
            "CODE_COMMUNE_INSEE_NAISS",
        ),
        ({"PRENOM": "El\ufffdise"}, "INVALID_CHAR_DETECTED", "PRENOM"),
        ({"PRENOM": "e" * 256}, "FIELD_MAX_LENGTH", "PRENOM"),
    ],
)
def test_each_error_has_its_code_line_and_field(changes: dict[str, str], code: str, field: str) -> None:
    assert codes(read("siecle", one(whole(**changes)))) == [(code, 3, field)]


def test_a_pupil_born_abroad_needs_no_town_code() -> None:
    assert not read("siecle", one(whole(CODE_PAYS="132", CODE_COMMUNE_INSEE_NAISS=""))).problems.count


def test_the_same_ine_twice_names_the_second_line() -> None:
    data = siecle(2).replace(b"0000000002C", b"0000000001B")
    (problem,) = read("siecle", data).problems.first
    assert (problem.code, problem.params["first"]) == ("INE_UNIQUE", 9)
    assert problem.line is not None
    assert problem.line > 9


def test_the_school_must_be_this_one() -> None:
    assert codes(read("siecle", siecle(uai="0751234J"))) == [("UAI_MISMATCHED", 4, "UAJ")]
    (absent,) = read("siecle", siecle().replace(b"UAJ>", b"UAI>")).problems.first
    assert absent.key == "UAI_MISMATCHED_absent"


def test_a_doubtful_ine_is_told_and_taken() -> None:
    found = read("siecle", one(whole(ID_NATIONAL="0000000001A")))
    assert [warning.code for warning in found.warnings.first] == ["INE_LETTER"]
    assert len(found.learners) == 1
    assert [w.code for w in read("siecle", one(whole(ID_NATIONAL="42"))).warnings.first] == ["INE_FORMAT"]


def test_errors_beyond_five_hundred_are_counted() -> None:
    found = read("siecle", siecle(700).replace(b"<CODE_SEXE>", b"<CODE_SEXE>9"))
    assert (found.problems.count, len(found.problems.first), found.problems.more) == (700, 500, 200)
