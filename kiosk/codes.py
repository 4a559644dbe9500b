"""Campaign codes: six letters then three digits, none of which is mistaken for another when copied by hand."""

from __future__ import annotations

import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
DIGITS = "23456789"
LONGEST = 40


def new_code() -> str:
    """Return a fresh code; about 7.6e10 exist."""
    return "".join(secrets.choice(LETTERS) for _ in range(6)) + "".join(
        secrets.choice(DIGITS) for _ in range(3)
    )


def read_code(text: str) -> str:
    """Return a code as it is kept, from what a person typed: spaces and dashes dropped, upper case."""
    return "".join(sign for sign in text[:LONGEST] if sign not in " \u00a0\u202f-\t").upper()


def spaced(code: str) -> str:
    """Return a code in groups of three, to be read aloud."""
    return " ".join(code[start : start + 3] for start in range(0, len(code), 3))
