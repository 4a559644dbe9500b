"""Writing an author's date as a message header says it, by arithmetic alone: no clock, no time zone table."""

from __future__ import annotations

import re

from exam.documents.limits import DocumentError

_WRITTEN = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# How many days each month moves the weekday, January and February counted with the year before.
_SHIFTS = (0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4)


def weekday(year: int, month: int, day: int) -> int:
    """Return the day of the week of a date, 0 being Sunday."""
    if month < 3:
        year -= 1
    return (year + year // 4 - year // 100 + year // 400 + _SHIFTS[month - 1] + day) % 7


def header_date(written: str) -> str:
    """Return `2026-03-14T09:12:00+01:00` as `Sat, 14 Mar 2026 09:12:00 +0100`; raises `DocumentError`."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise DocumentError(f"{written[:40]!r} is no instant such as 2026-03-14T09:12:00+01:00")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if not (
        1 <= month <= 12 and 1 <= day <= _LENGTHS[month - 1] and hour < 24 and minute < 60 and second < 60
    ):
        raise DocumentError(f"{written[:40]!r} is no instant of the calendar")
    offset = "+0000" if found[7] == "Z" else found[7].replace(":", "")
    date = f"{_DAYS[weekday(year, month, day)]}, {day:02} {_MONTHS[month - 1]} {year}"
    return f"{date} {hour:02}:{minute:02}:{second:02} {offset}"
