"""The number of a French school: seven digits and a letter that catches a slip of the finger."""

from __future__ import annotations

import re

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9]{7}[A-Z]")


class BadUai(ValueError):  # noqa: N818 - says what the number is
    """The number is not one a school can have; the message says what is wrong."""


def check_uai(text: str) -> str:
    """Return the number in capitals, without spaces. Raises BadUai."""
    uai = "".join(text.split()).upper()
    if not _SHAPE.fullmatch(uai):
        raise BadUai(f"{text!r} is not a UAI: seven digits and a letter, such as 0751234J")
    letter = _LETTERS[int(uai[:7]) % len(_LETTERS)]
    if uai[7] != letter:
        raise BadUai(f"{uai} has a slip: the letter after {uai[:7]} would be {letter}; check the digits")
    return uai
