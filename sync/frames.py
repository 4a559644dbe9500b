"""A signed line: 128 lower-case hex digits of signature, a space, canonical bytes, a newline.

No other spelling is accepted, so every byte counts. What is signed is a domain, such as `preau.record.v1`,
and the bytes: a signature given for one purpose is worth nothing for another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.keys import PublicKey, Signer

RECORD = b"preau.record.v1\n"
SEAL = b"preau.seal.v1\n"
RECEIPT = b"preau.receipt.v1\n"
ENROLMENT = b"preau.enrolment.v1\n"
STATEMENT = b"preau.statement.v1\n"
BUNDLE = b"preau.bundle.v1\n"
EXPORT = b"preau.export.v1\n"
CLOSING = b"preau.closing.v1\n"
TOMBSTONE = b"preau.tombstone.v1\n"
BOX = b"preau.box.v1\n"
PIECE = b"preau.piece.v1\n"
ASK = b"preau.ask.v1\n"
ANSWER = b"preau.answer.v1\n"

MAX_FRAME = 4 * 1024 * 1024
"""Longest body accepted, in bytes: a sitting is some tens of kilobytes."""

_HEX = re.compile(rb"[0-9a-f]{128}")


class FrameError(Exception):
    """The line is not a frame, or its signature is not the key's; `code` is bad_frame or bad_signature."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Frame:
    """A signature and the bytes it is about; nothing is checked by making one."""

    signature: bytes
    body: bytes

    def line(self) -> bytes:
        """Return the frame as it travels, newline included."""
        return self.signature.hex().encode() + b" " + self.body + b"\n"


def sign(signer: Signer, domain: bytes, body: bytes) -> Frame:
    """Return `body` signed for `domain`."""
    return Frame(signer.sign(domain + body), body)


def frame(signer: Signer, domain: bytes, body: bytes) -> bytes:
    """Return `body` signed for `domain`, as the line that travels."""
    return sign(signer, domain, body).line()


def parse(line: bytes) -> Frame:
    """Return the frame of one line, newline included. Raises FrameError(bad_frame)."""
    if len(line) > MAX_FRAME + 130:
        raise FrameError("bad_frame", "the line is longer than any record")
    if not line.endswith(b"\n"):
        raise FrameError("bad_frame", "the line does not end: the file or the transfer was cut")
    if not _HEX.fullmatch(line, 0, 128) or line[128:129] != b" ":
        raise FrameError("bad_frame", "the line does not begin with a signature of 128 lower-case hex digits")
    body = line[129:-1]
    if not body or b"\n" in body:
        raise FrameError("bad_frame", "the line holds nothing, or more than one line")
    return Frame(bytes.fromhex(line[:128].decode()), body)


def check(frame: Frame, domain: bytes, key: PublicKey) -> bytes:
    """Return the body when the signature is `key`'s for `domain`. Raises FrameError(bad_signature)."""
    if not key.verify(frame.signature, domain + frame.body):
        raise FrameError("bad_signature", "the signature is not that of these bytes by this key")
    return frame.body


def open_frame(line: bytes, domain: bytes, key: PublicKey) -> bytes:
    """Return the checked body of one line. Raises FrameError."""
    return check(parse(line), domain, key)


def split_lines(data: bytes) -> list[bytes]:
    """Cut joined frames into lines, newlines kept; a last line without newline is kept as it is."""
    *whole, rest = data.split(b"\n")
    lines = [line + b"\n" for line in whole]
    return [*lines, rest] if rest else lines
