"""The CSV of many sessions: what it plans, what it is refused for by line and field, and what is only a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.enrolment.sessions_file import HEADINGS, Existing, Known, read_sessions
from kiosk.imports.reading import FileRefused
from kiosk.session_codes import name_key
from web.downloads import csv_lines

if TYPE_CHECKING:
    from kiosk.imports.reading import Reading

KNOWN = Known(
    "2026-11-20 16:00",
    {
        1001: Existing("s1", startable=True, keys=frozenset({(name_key("Inès", "Benali"), "2012-03-14")})),
        1002: Existing("s2", startable=False),
    },
    frozenset({("tilleuls", "101", "2026-11-26", "09:00")}),
)
PLACE = {
    "site": "Tilleuls",
    "room": "204",
    "date": "26/11/2026",
    "time": "09:00",
    "examiners": "Sophie Arnaud",
}
INES = {
    "last_name": "Benali",
    "first_name": "Inès",
    "birth_date": "14/03/2012",
    "sex": "F",
    "birth_city_code": "33039",
    "birth_country": "FRANCE",
}
TOM = {**INES, "last_name": "Nguyen", "first_name": "Tom", "sex": "M"}


def file(*lines: dict[str, str]) -> bytes:
    """Return the CSV of these lines."""
    return b"".join(
        csv_lines(list(HEADINGS.values()), [[line.get(name, "") for name in HEADINGS] for line in lines])
    )


def told(reading: Reading) -> list[tuple[int | None, str | None, str]]:
    """Return what is wrong: line, field, code."""
    return [(one.line, one.field, one.code) for one in reading.problems.first]


def test_lines_of_one_session_are_gathered_and_lines_without_session_go_on() -> None:
    found, reading = read_sessions(file({**PLACE, **INES}, TOM, {**PLACE, "room": "205", **INES}), KNOWN)
    assert told(reading) == []
    assert [(one.plan.room if one.plan else "", len(one.candidates)) for one in found] == [
        ("204", 2),
        ("205", 1),
    ]


def test_an_existing_session_is_added_to_by_its_number() -> None:
    found, reading = read_sessions(file({"number": "1001", **TOM}), KNOWN)
    assert (told(reading), found[0].number, len(found[0].candidates)) == ([], 1001, 1)


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({**PLACE, "date": "19/11/2026"}, "date", "SESSION_PAST"),
        ({**PLACE, "date": "31/11/2026"}, "date", "FIELD_DATE_FORMAT"),
        ({**PLACE, "time": "9h"}, "time", "HOUR"),
        ({**PLACE, "examiners": ""}, "examiners", "FIELD_REQUIRED"),
        ({**PLACE, "site": "TILLEULS", "room": "101"}, "site", "SESSION_EXISTS"),
        ({"number": "1001", "room": "204"}, "room", "SESSION_COLUMNS"),
        ({"number": "9999"}, "number", "SESSION_UNKNOWN"),
        ({"number": "mille"}, "number", "SESSION_UNKNOWN"),
        ({"number": "1002"}, "number", "SESSION_STARTED"),
        ({**PLACE, **INES, "extra_percent": "0"}, "extra_percent", "EXTRA_TIME"),
        (INES, "site", "SESSION_MISSING"),
    ],
)
def test_each_refusal_names_its_line_and_field(line: dict[str, str], field: str, code: str) -> None:
    _, reading = read_sessions(file(line), KNOWN)
    assert (2, HEADINGS[field], code) in told(reading)


def test_two_lines_that_disagree_about_one_session_are_refused() -> None:
    _, reading = read_sessions(file({**PLACE, **INES}, {**PLACE, "examiners": "Marc", **TOM}), KNOWN)
    assert told(reading) == [(3, HEADINGS["examiners"], "SESSION_DIFFERS")]


def test_an_empty_session_and_a_candidate_written_twice_are_only_warnings() -> None:
    lines = file({**PLACE, **INES}, INES, {**PLACE, "room": "205"}, {"number": "1001", **INES})
    found, reading = read_sessions(lines, KNOWN)
    assert told(reading) == []
    assert [(one.line, one.code) for one in reading.warnings.first] == [
        (3, "CANDIDATE_REPEATED"),
        (5, "CANDIDATE_REPEATED"),
        (4, "EMPTY_SESSION"),
        (5, "EMPTY_SESSION"),
    ]
    assert [len(one.candidates) for one in found] == [1, 0, 0]


def test_a_column_nobody_is_accredited_for_is_refused_by_its_name() -> None:
    _, reading = read_sessions(file({**PLACE}).replace(b"Identifiant externe", b"CleA Numerique"), KNOWN)
    assert {code for _, _, code in told(reading)} == {"HEADER_UNKNOWN", "HEADER_REQUIRED"}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "BAD_CSV_FORMAT_empty"),
        (b"PK\x03\x04zip", "BAD_CSV_FORMAT_spreadsheet"),
        (b"%PDF-1.7", "BAD_CSV_FORMAT_pdf"),
        (b"a\x00b", "BAD_CSV_FORMAT_binary"),
    ],
)
def test_a_hostile_file_is_refused_by_name(data: bytes, name: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_sessions(data, KNOWN)
    assert caught.value.finding.key == name


def test_the_longest_list_of_one_session_is_read_in_one_pass() -> None:
    names = [f"{a}{b}{c}" for a in "BCDFGHJKLM" for b in "aeiouybdfglmnprst" for c in "aeiouybdfglmnprstvz"]
    many = [{**INES, "last_name": name} for name in names]
    (one,), reading = read_sessions(file({**PLACE, **many[0]}, *many[1:], many[0]), KNOWN)
    assert (len(one.candidates), reading.warnings.count) == (len(names), 1)


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(FileRefused) as caught:
        read_sessions(file({**PLACE}, *[TOM] * 5001), KNOWN)
    assert caught.value.finding.key == "TOO_MANY_LINES"


@settings(max_examples=100)
@given(
    st.lists(st.fixed_dictionaries({}, optional={name: st.text(max_size=8) for name in HEADINGS}), max_size=6)
)
def test_any_file_is_read_or_refused_and_never_half_taken(lines: list[dict[str, str]]) -> None:
    try:
        found, reading = read_sessions(file(*lines), KNOWN)
    except FileRefused:
        return
    if not reading.problems.count:
        assert found
        assert all(one.number in KNOWN.by_number or one.plan for one in found)
