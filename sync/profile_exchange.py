"""What a school and the central instance say to each other about profiles: each message is a signed line.

What is about a person is sealed for the reader's box inside the line; the line itself says only ids and hashes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import msgspec

VERSION = 1
MAX_WANTED = 20
"""Pupils a school asks for at once."""
MAX_PIECES = 20
"""Pieces a school hands in at once."""
CLOCK_MS = 15 * 60_000
"""How far a question's clock may be from the central instance's: an old one is worth nothing."""
LINES = "application/x-preau-lines"


class BoxStatement(msgspec.Struct, frozen=True):
    """The central instance's box, said by its key."""

    at: int
    box: str  # 64 hex digits
    key: str
    v: int = VERSION


class PieceLine(msgspec.Struct, frozen=True):
    """A piece handed in: `sealed` is the document for the central instance's box, base64."""

    at: int
    hash: str
    person: str
    sealed: str
    site: str
    v: int = VERSION


class PieceReceipt(msgspec.Struct, frozen=True):
    """The central instance keeps this piece."""

    at: int
    hash: str
    key: str
    person: str
    site: str
    type: str = "piece"
    v: int = VERSION


class Wanted(msgspec.Struct, frozen=True):
    """Whose profile is wanted."""

    ine: str
    birth_date: str


class AskLine(msgspec.Struct, frozen=True):
    """A school asks for profiles: `by` are ids of the administrators who asked, `sealed` a list of Wanted in that order."""

    at: int
    box: str  # the school's, 64 hex digits: the answer is sealed for it
    by: list[str]
    sealed: str
    site: str
    v: int = VERSION


class Found(msgspec.Struct, frozen=True):
    """One school's last state of one of those wanted: `record` is its signed line, `piece` the document it names."""

    number: int  # place in the question
    piece: str
    public_key: str
    record: str
    school: str
    uai: str


class AnswerLine(msgspec.Struct, frozen=True):
    """The answer to the question of this hash: `sealed` is a list of Found for the school's box."""

    asked: str
    at: int
    key: str
    sealed: str
    site: str
    v: int = VERSION


def packed(data: bytes) -> str:
    """Return bytes as they stand in a line."""
    return base64.b64encode(data).decode()


def unpacked(text: str) -> bytes:
    """Return the bytes of a text. Raises ValueError."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def hash_of(data: bytes) -> str:
    """Return the SHA-256 of a line's body, in hex."""
    return hashlib.sha256(data).hexdigest()
