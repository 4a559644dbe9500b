"""Usernames: first name, a dot, last name, then day and month of birth: charles.babbage2612.

Each name is written with a-z and 0-9 alone, so that it can be typed on any keyboard and read from a slip. When the
username is taken, four random digits stand in place of the date, drawn again until one is free.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 64
"""Signs of a username at most, its four digits included."""
TRIES = 200
_LIGATURES = str.maketrans(
    {"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th"}
)
_OTHER = re.compile(r"[^a-z0-9]")
_BIRTH = re.compile(r"(?:\d{4})-(\d{2})-(\d{2})", re.ASCII)
_SHAPE = re.compile(r"[a-z0-9]*\.[a-z0-9]*[0-9]{4}", re.ASCII)


class NoFreeUsernameError(Exception):
    """Every username that was tried is taken."""


def standardised(name: str) -> str:
    """Return a name as usernames and comparisons write it: lower case, no accent, a-z and 0-9 alone."""
    lower = name.casefold().translate(_LIGATURES)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(sign))
    return _OTHER.sub("", bare)


def stem_of(first_name: str, last_name: str) -> str:
    """Return what stands before the four digits; the longer name gives way when both do not fit."""
    first, last = standardised(first_name), standardised(last_name)
    room = LONGEST - 5
    if len(first) + len(last) > room:
        first = first[: max(room // 2, room - len(last))]
        last = last[: room - len(first)]
    return f"{first}.{last}"


def day_and_month(birth_date: str) -> str:
    """Return the four digits DDMM of a date written YYYY-MM-DD; raises ValueError for anything else."""
    found = _BIRTH.fullmatch(birth_date)
    if found is None:
        raise ValueError("a birth date is written YYYY-MM-DD")
    return found[2] + found[1]


def username_of(first_name: str, last_name: str, birth_date: str) -> str:
    """Return the username the rule gives, whether it is free or not."""
    return stem_of(first_name, last_name) + day_and_month(birth_date)


def four_digits() -> str:
    """Return four random digits."""
    return f"{secrets.randbelow(10_000):04}"


def free_username(
    first_name: str,
    last_name: str,
    birth_date: str | None,
    taken: Callable[[str], bool],
    digits: Callable[[], str] = four_digits,
) -> str:
    """Return a username nobody has: that of the rule when it is free, else with random digits.

    With no birth date the digits are random from the start. Raises NoFreeUsernameError after `TRIES` draws.
    """
    stem = stem_of(first_name, last_name)
    wanted = stem + (day_and_month(birth_date) if birth_date else digits())
    for _ in range(TRIES):
        if not taken(wanted):
            return wanted
        wanted = stem + digits()
    raise NoFreeUsernameError(stem)


def belongs_to(username: str, first_name: str, last_name: str) -> bool:
    """Say whether `username` is one this rule may give to this person, whatever its four digits."""
    return bool(_SHAPE.fullmatch(username)) and username[:-4] == stem_of(first_name, last_name)
