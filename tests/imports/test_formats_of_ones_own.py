"""A format written in TOML: what it may say, and how each mistake in it is told."""

from __future__ import annotations

import io

import pytest

from kiosk.imports import custom
from kiosk.imports.custom_format import BadFormat, matches, onde, parse_format
from kiosk.imports.reading import Context

GOOD = """
name = "École"
unicity = ["clé"]
[[column]]
heading = "nom"
property = "last_name"
required = true
[[column]]
heading = "prénom"
property = "first_name"
required = true
[[column]]
heading = "clé"
required = true
pattern = "99-A"
[[column]]
heading = "cantine"
values = ["oui", "non"]
filterable = true
[[column]]
heading = "casier"
min = 2
max = 4
"""


def problems(row: str) -> list[tuple[str, str | None]]:
    data = f"nom;prénom;clé;cantine;casier\r\n{row}\r\n".encode()
    found = custom.read(io.BytesIO(data), Context(), parse_format(GOOD.encode()))
    return [(one.code, one.field) for one in found.problems.first]


def test_the_sample_is_a_format() -> None:
    assert onde().unicity == ("identifiant",)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Roy;Zoé;12-B;oui;ab", []),
        ("Roy;Zoé;12B;;", [("FIELD_STRING_PATTERN", "clé")]),
        ("Roy;Zoé;12-B;peut-être;", [("FIELD_BAD_VALUES", "cantine")]),
        ("Roy;Zoé;12-B;;a", [("FIELD_STRING_MIN", "casier")]),
        ("Roy;Zoé;12-B;;abcde", [("FIELD_STRING_MAX", "casier")]),
        ("Roy;;12-B;;", [("FIELD_REQUIRED", "prénom")]),
    ],
)
def test_its_checks_are_those_it_says(row: str, expected: list[tuple[str, str]]) -> None:
    assert problems(row) == expected


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("name", "nom_du_format"), "unknown field `nom_du_format`"),
        (('unicity = ["clé"]', "unicity = []"), "at least one heading"),
        (('unicity = ["clé"]', 'unicity = ["casier"]'), "must be required"),
        (('unicity = ["clé"]', 'unicity = ["INE"]'), "no column has the heading 'INE'"),
        (('property = "first_name"', 'property = "last_name"'), "two columns have the property"),
        (('property = "first_name"', 'property = "person"'), "unknown property 'person'"),
        (('heading = "cantine"', 'heading = "nom"'), "is there twice"),
        (("max = 4", "max = 1"), "min first"),
        (("max = 4", 'max = "4"'), "Expected `int`"),
        (("max = 4", "maximum = 4"), "unknown field"),
        (("[[column]]", "[[column"), "not TOML"),
    ],
)
def test_a_mistake_in_a_format_is_told(change: tuple[str, str], told: str) -> None:
    with pytest.raises(BadFormat, match=r".*") as caught:
        parse_format(GOOD.replace(*change, 1).encode())
    assert told in str(caught.value)


def test_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(BadFormat) as caught:
        parse_format(GOOD.replace("last_name", "x").replace("first_name", "y").encode())
    assert len(caught.value.faults) >= 4


def test_a_pattern_is_read_sign_by_sign() -> None:
    assert matches("99A-X", "12é-3")
    assert not matches("99A-X", "12é_3")
    assert not matches("9", "٣")
