"""The national number of a pupil (INE): its three shapes, and a letter that catches slips where one is known.

No official text gives the rule of every letter, and real files break what is known, so this only ever warns.
"""

from __future__ import annotations

import re

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_BEA = re.compile(r"[0-9]{10}[A-Z]", re.ASCII)
_OTHERS = re.compile(r"[0-9]{9}[A-Z]{2}|[0-9]{4}A[0-9]{5}[A-Z]", re.ASCII)


def ine_doubt(ine: str) -> str:
    """Return "" when the number looks right, else the code of the warning: its shape or its letter."""
    if _BEA.fullmatch(ine):
        return "" if _LETTERS[int(ine[:10]) % len(_LETTERS)] == ine[10] else "INE_LETTER"
    return "" if _OTHERS.fullmatch(ine) else "INE_FORMAT"
