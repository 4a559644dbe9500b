"""What a field may hold: dates, places, e-mail addresses, close enough words. Each rule is a plain function."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from exam.text_matching import within

if TYPE_CHECKING:
    from collections.abc import Sequence

INSEE = re.compile(r"[0-9]{5}|[0-9][AB][0-9]{3}", re.ASCII)
COUNTRY = re.compile(r"99[1-5][0-9]{2}", re.ASCII)
STUDENT_NUMBER = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
# Controls, marks that turn the direction of reading, and the sign of a letter lost in a wrong encoding.
UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd\ufffe\uffff]")
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4}|[0-9]{2})", re.ASCII)
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}",
    re.ASCII,
)
_PIVOT = 68
"""Two-digit years up to this one are of this century."""
_OLDEST = 1900


def iso_date(text: str, *, short_year: bool = False) -> str | None:
    """Return DD/MM/YYYY as YYYY-MM-DD, None when there is no such day; `short_year` also takes DD/MM/YY."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    day, month, digits = found.groups()
    year = int(digits)
    if len(digits) == 2:
        if not short_year:
            return None
        year += 2000 if year <= _PIVOT else 1900
    if year < _OLDEST:
        return None
    try:
        return date(year, int(month), int(day)).isoformat()
    except ValueError:
        return None


def is_email(text: str) -> bool:
    """Say whether this may be an e-mail address; nothing is ever sent to find out."""
    local, _, _ = text.partition("@")
    return len(local) <= 64 and _EMAIL.fullmatch(text) is not None


def one_line(text: str) -> str:
    """Return the text with every run of spaces as one."""
    return " ".join(text.split())


def closest(typed: str, known: Sequence[str]) -> str | None:
    """Return the known word that `typed` stands for, case aside: at most one sign in four may differ."""
    wanted = typed.casefold()
    limit = len(wanted) // 4
    for word in known:
        if word.casefold() == wanted:
            return word
    return next((word for word in known if within(wanted, word.casefold(), limit)), None)
