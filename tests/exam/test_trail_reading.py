"""Reading the events of a sitting back from bytes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from golden_trails import everything
from hypothesis import given
from hypothesis import strategies as st

from exam.errors import BadTrail
from exam.events import Graded
from exam.trail import read_event, read_trail, write_trail

LOG = everything().log


def test_a_trail_written_is_read_back_as_it_was() -> None:
    assert read_trail(write_trail(LOG)) == LOG


def test_one_event_is_read_whatever_a_later_version_adds() -> None:
    assert read_event(b'{"type":"graded","number":3,"outcome":"ok","later":1}') == Graded(3, "ok")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"type":"unknown"}',
        b'{"type":"graded","number":"3","outcome":"ok"}',
        b'{"type":"graded","number":3,"outcome":"perfect"}',
        b'{"type":"graded","number":3}',
    ],
)
def test_what_is_not_an_event_is_refused(data: bytes) -> None:
    with pytest.raises(BadTrail):
        read_event(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_event, read_trail):
        with suppress(BadTrail):
            read(data)
