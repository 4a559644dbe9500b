"""Whatever a file holds, a reader ends with pupils or with problems: never an exception, never half a list."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pupil_kit import UAI, fregata_csv, onde_csv, pupils, read, siecle, sup_csv, zipped

from kiosk.imports.reading import Context
from kiosk.imports.registry import IMPORTS

FILES = {
    "siecle": siecle(6),
    "fregata": fregata_csv(pupils(6)),
    "sup": sup_csv(pupils(6)),
    "custom": onde_csv(pupils(6)),
}
ZIP = zipped(siecle(6))


def sound(form: str, data: bytes) -> None:
    """Problems or pupils, and every pupil whole."""
    found = read(form, data)
    assert found.problems.count or found.learners
    if not found.problems.count:
        key = IMPORTS[form].key
        assert all(one.first_name and one.last_name and getattr(one, key) for one in found.learners)
        assert len({getattr(one, key) for one in found.learners}) == len(found.learners)


@settings(max_examples=60, deadline=None)
@given(form=st.sampled_from(sorted(FILES)), data=st.binary(max_size=400))
def test_any_bytes(form: str, data: bytes) -> None:
    sound(form, data)


@settings(max_examples=100, deadline=None)
@given(
    form=st.sampled_from(sorted(FILES)),
    at=st.integers(0, 10**6),
    size=st.integers(0, 60),
    put=st.binary(max_size=30),
)
def test_a_file_damaged_anywhere(form: str, at: int, size: int, put: bytes) -> None:
    whole = FILES[form]
    place = at % len(whole)
    sound(form, whole[:place] + put + whole[place + size :])


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10**6), put=st.binary(min_size=1, max_size=4))
def test_a_zip_damaged_anywhere(at: int, put: bytes) -> None:
    place = at % len(ZIP)
    sound("siecle", ZIP[:place] + put + ZIP[place + len(put) :])


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=5), min_size=1, max_size=6))
def test_any_cells(rows: list[list[str]]) -> None:
    head = "nom;prénom;identifiant;classe;date de naissance\r\n"
    body = "\r\n".join(";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    sound("custom", (head + body).encode("utf-8", "replace"))


@settings(max_examples=40, deadline=None)
@given(uai=st.text(max_size=10))
def test_no_other_school_is_ever_taken(uai: str) -> None:
    found = IMPORTS["siecle"].read(io.BytesIO(FILES["siecle"]), Context(uai))
    assert bool(found.learners) == (uai.upper() == UAI)


@pytest.mark.parametrize("form", sorted(FILES))
def test_the_valid_files_are_valid(form: str) -> None:
    assert len(read(form, FILES[form]).learners) == 6
