"""A profile state: what a pupil settled at one school, with dates, as one document that travels beside the chain.

The signed record names only ids and the SHA-256 of the document. A random salt of 256 bits is in the document: once it is
erased, nobody can try names, numbers or results against the hash. So a person can be erased and every chain still holds.
"""

from __future__ import annotations

import hashlib
import re

import msgspec

from sync.canonical import NotCanonical, canonical

VERSION = 1
MAX_PIECE = 512 * 1024
"""Longest document, in bytes: a thousand skills are some fifty thousand."""
MAX_PASTS = 2_000

Known = tuple[str, str, str]
"""Skill, `validated` or `invalidated`, `direct` or `inferred`: as in exam.events."""

_INE = re.compile(r"[0-9A-Z]{11}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SALT = re.compile(r"[0-9a-f]{64}")


class Settled(msgspec.Struct, frozen=True):
    """What one sitting settled itself, and when it was last answered (ms)."""

    at: int
    known: list[Known]


class Restarted(msgspec.Struct, frozen=True):
    """A start from nothing: results on these skills obtained before `at` count no more."""

    at: int
    skills: list[str]


class State(msgspec.Struct, frozen=True):
    """What a school says of a pupil: results and resets with dates, and the profile they make on its bank."""

    bank: str  # digest
    certifiable: bool
    competences: list[tuple[str, int, int]]  # code, level, points
    pasts: list[Settled]
    resets: list[Restarted]
    score: int


class Piece(msgspec.Struct, frozen=True):
    """The document: a state, of whom, when."""

    at: int
    birth_date: str
    ine: str
    salt: str
    state: State
    v: int = VERSION


class BadPiece(ValueError):  # noqa: N818 - says what the bytes are
    """The bytes are not a piece."""


_decoder = msgspec.json.Decoder(Piece)


def piece_bytes(piece: Piece) -> bytes:
    """Return the document in its one spelling."""
    return canonical(piece)


def piece_hash(data: bytes) -> str:
    """Return what a record names a piece by."""
    return hashlib.sha256(data).hexdigest()


def read_piece(data: bytes) -> Piece:
    """Return the piece of these bytes. Raises BadPiece when they are no piece, or spelled otherwise."""
    if len(data) > MAX_PIECE:
        raise BadPiece("longer than any profile")
    try:
        piece = _decoder.decode(data)
        plain = canonical(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, NotCanonical, RecursionError) as error:
        raise BadPiece(str(error)) from error
    if plain != data:
        raise BadPiece("not the one spelling")
    if piece.v != VERSION or not _SALT.fullmatch(piece.salt) or not is_person(piece.ine, piece.birth_date):
        raise BadPiece("a field is not what it should be")
    if len(piece.state.pasts) > MAX_PASTS or len(piece.state.resets) > MAX_PASTS:
        raise BadPiece("more sittings than anybody sat")
    return piece


def plain_ine(ine: str) -> str:
    """Return a national number as it is compared."""
    return "".join(ine.split()).upper()


def is_person(ine: str, birth_date: str) -> bool:
    """Return whether these can name somebody: a national number and a date as they are written."""
    return bool(_INE.fullmatch(ine) and _DATE.fullmatch(birth_date))
