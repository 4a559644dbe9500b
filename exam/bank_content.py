"""Everything a bank holds, as one record with one canonical spelling in bytes.

The canonical bytes are JSON with sorted keys and no spaces; their SHA-256 is the bank's digest. Records are lists sorted
by id, so that neither the order of files nor the version of Python changes a byte.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from exam.content import Course, Skill, Text, Topic, Tutorial
from exam.items import Item

FORMAT = "preau.bank/1"


class BankContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole bank; every list is sorted by id."""

    format: str
    id: str
    version: str
    title: Text
    languages: tuple[str, ...]
    topics: tuple[Topic, ...]
    skills: tuple[Skill, ...]
    tutorials: tuple[Tutorial, ...]
    items: tuple[Item, ...]
    courses: tuple[Course, ...]


_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical_bytes(content: BankContent) -> bytes:
    """Return the one spelling of a bank in bytes."""
    return _ENCODER.encode(content)


def digest_of(content: BankContent) -> str:
    """Return the hex SHA-256 of the canonical bytes."""
    return sha256(canonical_bytes(content)).hexdigest()
