"""Passwords: Argon2id in PHC strings, hashed in a few threads with a bounded waiting line.

A password a person chooses has eight signs or more, with an upper-case letter, a lower-case one and a digit. One made
for a single use is shorter to copy: six letters and two digits, changed at the first sign-in.
An unknown username costs as much as a known one, so that timing tells nothing about who exists.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kiosk.errors import Full, Refused

MEMORY_KIB = 19456
ITERATIONS = 2
LANES = 1
SHORTEST = 8
LONGEST = 200
LETTERS = "abcdefghjkmnpqrstuvwxyz"  # no i, l, o: read aloud and copied by hand without doubt
DIGITS = "0123456789"
_WAITING = 1000


def hash_password(password: str) -> str:
    """Return the PHC string of a password; takes about 30 ms and 19 MiB."""
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    return kdf.derive_phc_encoded(_bytes(password))


def password_matches(password: str, phc: str) -> bool:
    """Say whether `password` is the one `phc` was made from."""
    try:
        Argon2id.verify_phc_encoded(_bytes(password), phc)
    except InvalidKey:
        return False
    return True


def one_time_password() -> str:
    """Return six letters and two digits, to be changed at the first sign-in."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(6))
    return letters + "".join(secrets.choice(DIGITS) for _ in range(2))


def missing_of(password: str) -> tuple[str, ...]:
    """Return what a password a person chose still lacks, as keys of words: length, upper, lower, digit."""
    lacks = {
        "length": len(password) < SHORTEST,
        "upper": not any(sign.isupper() for sign in password),
        "lower": not any(sign.islower() for sign in password),
        "digit": not any(sign.isdecimal() for sign in password),
    }
    return tuple(f"password.missing.{name}" for name, lacking in lacks.items() if lacking)


def check_new_password(password: str, *names: str | None) -> None:
    """Raise Refused when a password a person chose lacks something, naming each thing, or is one of their names here."""
    missing = missing_of(password)
    if missing:
        raise Refused("password.too_weak", field="new", params={"missing": missing, "shortest": SHORTEST})
    if len(password) > LONGEST:
        raise Refused("password.too_long", field="new", params={"longest": LONGEST})
    if any(name and password.casefold() == name.casefold() for name in names):
        raise Refused("password.is_username", field="new")


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    """Return what an unknown username is checked against: nobody knows this password."""
    return hash_password(secrets.token_urlsafe(16))


class Hasher:
    """The threads that hash; `close` when the server stops."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobody = _nobodys()

    async def hash(self, password: str) -> str:
        """Return the PHC string of a password."""
        self._enter()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, hash_password, password)
        finally:
            self._waiting -= 1

    async def matches(self, password: str, phc: str | None) -> bool:
        """Say whether a password is right; with no `phc` (nobody of that name), no, after the same work."""
        self._enter()
        try:
            loop = asyncio.get_running_loop()
            same = await loop.run_in_executor(self._pool, password_matches, password, phc or self._nobody)
        finally:
            self._waiting -= 1
        return same and phc is not None

    def _enter(self) -> None:
        if self._waiting >= _WAITING:
            raise Full("server.busy", retry_after=5)
        self._waiting += 1

    def close(self) -> None:
        """Stop the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)
