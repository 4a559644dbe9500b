"""The file a bank travels in: one signed line that names every part with its length and hash, then the parts end to end.

The signature covers the line, the line covers the parts, so a change anywhere is refused and the part named. What the parts
say is not looked at here. A file of the first form, one signed line that is the bank itself, is still read.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import msgspec

from sync.canonical import canonical
from sync.frames import BUNDLE, Frame, check, frame, parse
from sync.sealed import Costs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.keys import PublicKey, Signer

FORMAT: Literal["preau.bundle/1"] = "preau.bundle/1"
_FIRST_FORM = b'"format":"preau.bank/'
OPEN = "open"


class BundleFileError(Exception):
    """The file is not a whole bundle of this signer; `part` names what is wrong: `head`, the name of a part, or `end`."""

    def __init__(self, code: str, part: str, message: str) -> None:
        super().__init__(f"{part}: {message}")
        self.code, self.part = code, part


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part: `length` in bytes and the hex SHA-256 of its bytes."""

    name: str
    length: int
    sha256: str


class CodeLock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day key under a spoken code; bytes in hex."""

    salt: str
    costs: Costs
    locked: str


class SchoolLock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day key for one school's box, named by the id of its key; bytes in hex."""

    box: str
    locked: str


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the signature is about; `items` are the opaque names of sealed items, each of them also a part."""

    format: Literal["preau.bundle/1"]
    bundle: str
    bank: str
    version: str
    digest: str
    """Of the open part, as `exam.bank` computes it."""
    parts: tuple[Part, ...]
    items: tuple[str, ...] = ()
    code: CodeLock | None = None
    schools: tuple[SchoolLock, ...] = ()


def part_of(name: str, data: bytes) -> Part:
    """Return the entry of a part in the head."""
    return Part(name, len(data), sha256(data).hexdigest())


def write_bundle(signer: Signer, head: Head, parts: Mapping[str, bytes]) -> bytes:
    """Return the file; `parts` are taken in the order of the head."""
    return frame(signer, BUNDLE, canonical(head)) + b"".join(parts[part.name] for part in head.parts)


def read_bundle(data: bytes, key: PublicKey | None) -> tuple[Head, dict[str, bytes]]:
    """Return head and parts, all checked against the hashes; the signature against `key` unless someone vouches (None).

    Raises `BundleFileError`, or sync.frames.FrameError when the first line is not the signer's.
    """
    end = data.find(b"\n") + 1
    body = _checked(parse(data[: end or None]), key)
    try:
        head = msgspec.json.decode(body, type=Head)
    except msgspec.DecodeError as error:
        raise BundleFileError(
            "malformed", "head", f"its first line is no head of a bundle: {error}"
        ) from error
    parts: dict[str, bytes] = {}
    for part in head.parts:
        if part.length < 0 or part.name in parts:
            raise BundleFileError("malformed", "head", "it names a part twice, or without a length")
        parts[part.name] = _cut(data, end, part)
        end += part.length
    if end != len(data):
        raise BundleFileError("changed", "end", "the file goes on after its last part")
    return head, parts


def open_bytes(data: bytes, key: PublicKey | None) -> bytes:
    """Return the bank in clear of a signed file of either form. Raises as `read_bundle`."""
    first = parse(data[: data.find(b"\n") + 1 or None])
    if not first.body.startswith(b'{"bank"'):
        if _FIRST_FORM not in first.body:
            raise BundleFileError("malformed", "head", "its first line is no head of a bundle, and no bank")
        return _checked(parse(data), key)
    parts = read_bundle(data, key)[1]
    if OPEN not in parts:
        raise BundleFileError("malformed", "head", "it has no open part")
    return parts[OPEN]


def _checked(one: Frame, key: PublicKey | None) -> bytes:
    return one.body if key is None else check(one, BUNDLE, key)


def _cut(data: bytes, start: int, part: Part) -> bytes:
    found = data[start : start + part.length]
    if len(found) < part.length:
        raise BundleFileError("cut", part.name, "the file ends before it does: copy it again")
    if sha256(found).hexdigest() != part.sha256:
        raise BundleFileError(
            "changed", part.name, "its bytes are not those that were signed: copy the file again"
        )
    return found
