"""CSV files: readable by a spreadsheet, harmless to it, the same data when read back."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web.downloads import attachment, csv_cell, csv_lines, file_name

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_file_opens_with_its_mark_and_semicolons() -> None:
    data = b"".join(csv_lines(["Nom", "Part"], [["Élif", Decimal("0.5")]]))
    assert data == '\ufeff"Nom";"Part"\r\n"Élif";0,5\r\n'.encode()


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_a_text_that_looks_like_a_formula_is_kept_as_text(text: str) -> None:
    assert csv_cell(text).startswith("\"'")


def test_a_negative_number_stays_a_number() -> None:
    assert (csv_cell(-3), csv_cell(Decimal("-0.25"))) == ("-3", "-0,25")


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
@settings(max_examples=100)
def test_whatever_people_are_called_rows_read_back_and_none_starts_a_formula(
    rows: list[tuple[str, str]],
) -> None:
    found = read(b"".join(csv_lines(["a", "b"], rows)))[1:]
    assert [tuple(cell.removeprefix("'") for cell in row) for row in found] == [
        tuple(cell.removeprefix("'") for cell in row) for row in rows
    ]
    assert not [cell for row in found for cell in row if cell.lstrip(" ").startswith(("=", "+", "-", "@"))]


def test_a_row_of_another_width_is_a_defect() -> None:
    with pytest.raises(ValueError, match="2 cells under 1 headings"):
        list(csv_lines(["a"], [["x", "y"]]))


def test_a_file_name_keeps_its_accents_and_loses_what_a_disk_refuses() -> None:
    assert file_name('Rentrée: 5e/B <"x">\n') == "Rentrée 5e B x"
    assert file_name("...") == "document"


def test_a_download_is_named_for_old_and_new_browsers() -> None:
    assert (
        attachment("Résultats.csv")
        == "attachment; filename=\"Resultats.csv\"; filename*=UTF-8''R%C3%A9sultats.csv"
    )
