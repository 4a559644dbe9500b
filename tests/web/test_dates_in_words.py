"""Dates, numbers and durations in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from web import dates


def test_a_day_in_full() -> None:
    assert dates.long_date(date(2026, 11, 26), "fr") == "jeudi 26 novembre 2026"
    assert dates.long_date(date(2026, 11, 26), "en") == "Thursday 26 November 2026"
    assert dates.day_date(date(2026, 12, 1), "fr") == "mardi 1<sup>er</sup> décembre"
    assert dates.short_date(date(2026, 1, 2), "fr") == "02/01/2026"


def test_the_hour() -> None:
    afternoon, morning = datetime(2026, 1, 1, 14, 7, tzinfo=UTC), datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
    assert [dates.clock(moment, "fr") for moment in (afternoon, morning)] == ["14\u202fh\u202f07", "9\u202fh"]
    assert [dates.clock(moment, "en") for moment in (afternoon, morning)] == ["2:07 pm", "9:00 am"]


def test_numbers_and_durations() -> None:
    assert dates.number(-12400, "fr") == "−12\u202f400"
    assert dates.number(12400, "en") == "12,400"
    assert dates.percent(46, "fr") == "46\u202f%"
    assert dates.duration(130, "fr") == "2\u202fmin 10\u202fs"
    assert dates.duration(3900, "en") == "1 h 05 min"
