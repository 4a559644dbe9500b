"""Countries of birth as files write them: France by name or code, the others by their name or their INSEE code.

The INSEE numbers foreign countries 99 and three digits; schools' own exports give the three digits alone.
"""

from __future__ import annotations

import re

from kiosk.folding import folded
from kiosk.imports.values import COUNTRY

FRANCE = "FRANCE"
ABROAD = "99"
_FRENCH = frozenset({"france", "100", "99100"})
_SHORT = re.compile(r"[1-5][0-9]{2}", re.ASCII)
_NAME = re.compile(r"[^\W\d_][^\d_]{1,99}")


def country_of(text: str) -> str | None:
    """Return a country as it is kept: FRANCE, 99 and three digits, or its name; None when it can be none."""
    text = text.strip()
    if folded(text) in _FRENCH:
        return FRANCE
    code = ABROAD + text if _SHORT.fullmatch(text) else text
    return code if COUNTRY.fullmatch(code) or _NAME.fullmatch(code) else None


def code_of(country: str | None) -> str | None:
    """Return the INSEE code of a country that is kept by its code, None for any other."""
    return country if country is not None and COUNTRY.fullmatch(country) else None
