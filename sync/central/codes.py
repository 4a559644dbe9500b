"""Single-use codes handed to a school: easy to read aloud, useless from a stolen table.

Sixteen signs of a 31-letter alphabet (no O, I, 0, 1, L) are about 79 bits; only their SHA-256 is kept.
"""

from __future__ import annotations

import hashlib
import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUPS = 4
VALID_MS = 7 * 24 * 3_600_000


def make_code() -> str:
    """Return a fresh code, in four groups of four joined by dashes."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(GROUPS))


def code_hash(code: str) -> str:
    """Return what the table keeps of `code`; case, spaces and dashes do not count."""
    bare = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()
