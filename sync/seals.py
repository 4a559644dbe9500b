"""A seal signs, once per commit, the last event of every sitting the commit touched and the last record.

One signature therefore vouches for hundreds of answers, and an event that no seal covers was not committed by
this server; nor was a record beyond the one it names. Seals are chained: `prev` of the first is SHA-256 of
`preau.seals.v1:` and the site's id. Who takes away the last seals with all that they alone cover leaves a log that
agrees with itself: only what is outside (receipts, exported logs) can say that there was more.
"""

from __future__ import annotations

import hashlib

import msgspec

from sync.chain import VERSION


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The last event of a sitting when a seal was made."""

    sitting: str
    seq: int
    hash: str


class RecordHead(msgspec.Struct, frozen=True, array_like=True):
    """The last record when a seal was made: number 0 and what the first record points to when there is none."""

    seq: int
    hash: str


class Seal(msgspec.Struct, frozen=True):
    """What a seal says. `count` is how many events it is the first to cover; `heads` may be empty."""

    at: int
    count: int
    heads: list[Head]
    key: str
    prev: str
    records: RecordHead
    seq: int
    site: str
    v: int = VERSION


class SealError(Exception):
    """The seal does not continue the chain of seals; `code` names how."""

    def __init__(self, code: str, seq: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.seq = seq


_DECODER = msgspec.json.Decoder(Seal)


def first_seal_prev(site: str) -> str:
    """Return what the first seal of a school points to."""
    return hashlib.sha256(b"preau.seals.v1:" + site.encode()).hexdigest()


def read_seal(data: bytes) -> Seal:
    """Return the seal of signed bytes. Raises SealError(bad_seal)."""
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SealError("bad_seal", 0, f"not a seal: {error}") from error
