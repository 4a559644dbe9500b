from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.documents.dates import header_date
from exam.documents.limits import DocumentError


@settings(max_examples=100)
@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)))  # noqa: DTZ001 - the zone is added below
def test_a_date_is_written_as_the_standard_library_writes_it(instant: datetime) -> None:
    exact = (instant - timedelta(microseconds=instant.microsecond)).replace(tzinfo=UTC)
    assert header_date(exact.isoformat()) == format_datetime(exact)


def test_the_offset_is_kept() -> None:
    assert header_date("2026-03-14T09:12+01:00") == "Sat, 14 Mar 2026 09:12:00 +0100"
    assert header_date("2026-03-14T09:12:00Z") == "Sat, 14 Mar 2026 09:12:00 +0000"


@pytest.mark.parametrize(
    "written",
    ["", "demain", "2026-03-14", "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z"],
)
def test_what_is_no_instant_is_refused(written: str) -> None:
    with pytest.raises(DocumentError):
        header_date(written)
