"""Officers' passwords: Argon2id, made and checked by `cryptography`, always away from the event loop.

The cost is RFC 9106's second recommendation for small memory; a stored hash names its own cost, so that raising it
later breaks no one.
"""

from __future__ import annotations

import asyncio
import secrets

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MEMORY_KIB = 19_456
PASSES = 2
LANES = 1
LENGTH = 32
SHORTEST = 10
LONGEST = 200
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""Checked when the name is unknown, so that an unknown name takes as long as a wrong password."""


def make_password() -> str:
    """Return a password to hand over once: four groups of four unmistakable signs, about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    """Return the PHC string of `password` under a fresh salt."""
    kdf = Argon2id(
        salt=secrets.token_bytes(16), length=LENGTH, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
    )
    return kdf.derive_phc_encoded(password.encode())


def check_password(password: str, phc: str | None) -> bool:
    """Say whether `password` is the one hashed in `phc`; None stands for nobody and takes as long."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), phc or NOBODY)
    except InvalidKey:
        return False
    return phc is not None


async def password_fits(password: str, phc: str | None) -> bool:
    """Check a password in a thread; longer than `LONGEST` never fits."""
    return len(password) <= LONGEST and await asyncio.to_thread(check_password, password, phc)
