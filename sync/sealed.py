"""What keeps the certification items of a bundle unreadable until their day: bytes in, bytes out.

A random day key of 256 bits opens everything. Each piece has its own key, HKDF-SHA256 of the day key for that piece of that
bundle, so that serving one item shows one item; AES-256-GCM ties its bytes to its place. The day key itself travels twice:
under a spoken code, made slow to guess by Argon2id, and for each school by HPKE. Keys, nonces and salts are arguments.
"""

from __future__ import annotations

import hmac
import unicodedata
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

if TYPE_CHECKING:
    from sync.box_keys import Box

KEY_BYTES, NONCE_BYTES, SALT_BYTES = 32, 12, 16
PAD = 1024
"""Pieces are padded with spaces to multiples of this: their length tells less of what they say."""

SHORTEST_CODE = 12
"""Fewest letters and digits of a spoken code: whoever holds the bundle may guess without anyone seeing it."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_PIECE, _CODE, _SCHOOL, _NAME = (
    b"preau.sealed-piece.v1\n",
    b"preau.day-code.v1\n",
    b"preau.day-key.v1\n",
    b"preau.sealed-name.v1\n",
)


class SealError(Exception):
    """Nothing was opened; `code` is weak_code, wrong_code, wrong_school, changed or bad_costs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Costs(Struct, frozen=True, forbid_unknown_fields=True):
    """What one guess of a spoken code costs: `memory` in KiB, passes over it, and parts worked on side by side."""

    memory: int = 131072
    passes: int = 3
    lanes: int = 4


LARGEST = Costs(1 << 20, 16, 16)
"""Beyond these a bundle asks more of a school's server than it has."""


def seal(day_key: bytes, bundle: str, name: str, nonce: bytes, plain: bytes) -> bytes:
    """Return the piece `name` of a bundle, sealed: the nonce, then the ciphertext and its tag."""
    padded = plain + b" " * (-len(plain) % PAD)
    return nonce + AESGCM(_piece_key(day_key, bundle, name)).encrypt(nonce, padded, _place(bundle, name))


def unseal(day_key: bytes, bundle: str, name: str, sealed: bytes) -> bytes:
    """Return what a piece says, without its padding. Raises SealError(changed) when it is not this key's or not whole."""
    try:
        cipher = AESGCM(_piece_key(day_key, bundle, name))
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(bundle, name)).rstrip(b" ")
    except (InvalidTag, ValueError) as error:
        raise SealError(
            "changed", f"the sealed part {name} was changed, cut, or is of another bundle"
        ) from error


def sealed_name(day_key: bytes, name: str) -> str:
    """Return an id that says nothing of the item: without the day key nobody can try names against it."""
    return "q-" + hmac.digest(day_key, _NAME + name.encode(), "sha256").hex()[:20]


def lock_with_code(day_key: bytes, bundle: str, code: str, salt: bytes, costs: Costs) -> bytes:
    """Return the day key wrapped under a spoken code. Raises SealError(weak_code, bad_costs)."""
    spoken = spoken_code(code)
    if len(spoken) < SHORTEST_CODE:
        raise SealError(
            "weak_code", f"a day code has at least {SHORTEST_CODE} letters and digits: say five words"
        )
    nonce = bytes(NONCE_BYTES)  # the key is of this salt alone, and wraps one thing once
    return AESGCM(_code_key(spoken, salt, costs)).encrypt(nonce, day_key, _CODE + bundle.encode())


def unlock_with_code(locked: bytes, bundle: str, code: str, salt: bytes, costs: Costs) -> bytes:
    """Return the day key. Raises SealError(wrong_code, bad_costs)."""
    try:
        cipher = AESGCM(_code_key(spoken_code(code), salt, costs))
        return cipher.decrypt(bytes(NONCE_BYTES), locked, _CODE + bundle.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("wrong_code", "this is not the day code of this bundle: ask for it again") from error


def lock_for_school(day_key: bytes, bundle: str, public: bytes) -> bytes:
    """Return the day key wrapped for the school whose box has this public key."""
    return _SUITE.encrypt(day_key, X25519PublicKey.from_public_bytes(public), _SCHOOL + bundle.encode())


def unlock_for_school(locked: bytes, bundle: str, box: Box) -> bytes:
    """Return the day key. Raises SealError(wrong_school)."""
    try:
        return _SUITE.decrypt(locked, box.private, _SCHOOL + bundle.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("wrong_school", "this bundle's key was not wrapped for this school's box") from error


def spoken_code(code: str) -> str:
    """Return a code as it counts: letters and digits, without case, accents, spaces or hyphens."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", code).casefold())
    return "".join(sign for sign in bare if sign.isalnum())


def _code_key(spoken: str, salt: bytes, costs: Costs) -> bytes:
    fits = (
        8 * costs.lanes <= costs.memory <= LARGEST.memory
        and 1 <= costs.passes <= LARGEST.passes
        and 1 <= costs.lanes <= LARGEST.lanes
        and len(salt) == SALT_BYTES
    )
    if not fits:
        raise SealError("bad_costs", "the bundle asks for a derivation of its code that no server should try")
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=costs.passes,
        lanes=costs.lanes,
        memory_cost=costs.memory,
    )
    return kdf.derive(spoken.encode())


def _piece_key(day_key: bytes, bundle: str, name: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_PIECE + _place(bundle, name))
    return kdf.derive(day_key)


def _place(bundle: str, name: str) -> bytes:
    return f"{bundle}\n{name}".encode()
