"""Sealed for one box alone (HPKE): what a school and the central instance write each other about a person.

The context names what the letter is and for whom: a letter taken from one place and put in another does not open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

if TYPE_CHECKING:
    from sync.box_keys import Box

PIECE = b"preau.piece-letter.v1\n"
ASK = b"preau.ask-letter.v1\n"
ANSWER = b"preau.answer-letter.v1\n"

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class LetterError(Exception):
    """The letter does not open: it is for another box, or was changed."""


def seal_letter(public: bytes, context: bytes, plain: bytes) -> bytes:
    """Return `plain` sealed for the box of this public key. Raises LetterError when the key is none."""
    try:
        return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), context)
    except ValueError as error:
        raise LetterError("not the public key of a box") from error


def open_letter(box: Box, context: bytes, sealed: bytes) -> bytes:
    """Return what a letter says. Raises LetterError."""
    try:
        return _SUITE.decrypt(sealed, box.private, context)
    except (InvalidTag, ValueError) as error:
        raise LetterError("the letter is for another box, or was changed on the way") from error
