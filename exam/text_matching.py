"""Comparing what a pupil typed with what is accepted: the treatments t1, t2, t3, and numbers.

Every comparison starts from Unicode NFC with unbreakable spaces made plain. Distances and tolerances are compared as
integers and fractions, so that no rounding decides.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u2060\ufeff"), " ")
_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]*)(?:[.,]([0-9]+))?")
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-"})
MAX_NUMBER = 40
"""Characters in a typed number."""


def plain(text: str) -> str:
    """Return the text in NFC with unbreakable spaces made plain."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_SPACES)


def treat_1(text: str) -> str:
    """Return the text in lower case without accents or spaces."""
    if text.isascii():
        return "".join(text.lower().split())
    letters = unicodedata.normalize("NFD", text.strip().lower())
    return "".join(sign for sign in letters if unicodedata.category(sign) != "Mn" and not sign.isspace())


def treat_2(text: str) -> str:
    """Return the letters, digits and single spaces of the text."""
    return " ".join("".join(sign for sign in text if sign.isalnum() or sign.isspace()).split())


def treated(text: str, treatments: Collection[str]) -> str:
    """Return the text as it is compared under these treatments (t3 changes the comparison, not the text)."""
    text = plain(text)
    if "t1" in treatments:
        text = treat_1(text)
    if "t2" in treatments:
        text = treat_2(text)
    return text if treatments else text.strip()


def within(first: str, second: str, limit: int) -> bool:
    """Return whether the Levenshtein distance of two texts is at most `limit`."""
    if abs(len(first) - len(second)) > limit:
        return False
    row = list(range(len(second) + 1))
    for i, sign in enumerate(first, 1):
        # Cells further than `limit` from the diagonal cannot lead to a distance within it.
        low, high = max(1, i - limit), min(len(second), i + limit)
        above, row[low - 1] = row[low - 1], i if low == 1 else limit + 1
        best = row[low - 1]
        for j in range(low, high + 1):
            cost = above + (sign != second[j - 1])
            above = row[j]
            beyond = limit + 1 if j == i + limit else above
            row[j] = min(cost, row[j - 1] + 1, beyond + 1)
            best = min(best, row[j])
        if best > limit:
            return False
    return row[-1] <= limit


def accepts(accepted: Iterable[str], treatments: Collection[str], answer: str) -> bool:
    """Return whether an answer matches one of the accepted texts, themselves already `treated`."""
    given = treated(answer, treatments)
    if not given:
        return False
    if given in accepted:
        return True
    limit = len(given) // 4 if "t3" in treatments else 0
    return limit > 0 and any(within(given, wanted, limit) for wanted in accepted)


@lru_cache(maxsize=4096)
def parse_number(text: str) -> Fraction | None:
    """Return the exact number written, None when it is none.

    A decimal comma or point, one sign, and spaces between groups of three digits are understood.
    """
    written = plain(text).strip().translate(_SIGNS)
    if len(written) > MAX_NUMBER:
        return None
    written = re.sub(r"^([+-]) +", r"\1", written)
    found = _NUMBER.fullmatch(written)
    if found is None or not (found[2] or found[3]):
        return None
    whole, part = found[2].replace(" ", ""), found[3] or ""
    value = Fraction(int(whole + part or "0"), 10 ** len(part))
    return -value if found[1] == "-" else value


def same(found: str, wanted: str) -> bool:
    """Return whether a found value is the wanted one: the same number, or the same words whatever the case."""
    numbers = parse_number(found), parse_number(wanted)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return " ".join(plain(found).split()).casefold() == " ".join(plain(wanted).split()).casefold()
