"""The chain of one sitting: each event carries the hash of the one before, so none can be changed or moved.

The first `prev` is SHA-256 of `preau.sitting.v1:` and the sitting's id. What an event says (`body`) is opaque
here. Hashes are over the stored bytes; a checker never writes JSON again to compare.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from sync.canonical import check, spell

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION = 1
_ID_SHOWN = 64


class Event(msgspec.Struct, frozen=True):
    """One event of a sitting, in order. `at` is milliseconds since 1970 by the server's clock, a note only."""

    at: int
    body: msgspec.Raw | msgspec.Struct
    prev: str
    seq: int
    sitting: str
    v: int = VERSION


class StoredEvent(msgspec.Struct, frozen=True):
    """An event as read from its bytes; `body` is still the raw JSON of what happened."""

    at: int
    body: msgspec.Raw
    prev: str
    seq: int
    sitting: str
    v: int


class ChainError(Exception):
    """The bytes do not continue the chain; `code` names how, `seq` where."""

    def __init__(self, code: str, seq: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.seq = seq


_DECODER = msgspec.json.Decoder(StoredEvent)


def first_prev(sitting: str) -> str:
    """Return what the first event of a sitting points to."""
    return hashlib.sha256(b"preau.sitting.v1:" + sitting.encode()).hexdigest()


def link(sitting: str, seq: int, prev: str, at: int, body: msgspec.Raw | msgspec.Struct) -> tuple[bytes, str]:
    """Return the canonical bytes of the next event and their hash (64 hex digits).

    Raises sync.canonical.NotCanonical when the body has no agreed spelling.
    """
    check(body)
    data = spell(Event(at, body, prev, seq, sitting))
    return data, hashlib.sha256(data).hexdigest()


def head_of(lines: Sequence[bytes]) -> str:
    """Return the hash of a chain's last event, which vouches for all of it; empty for a chain without any."""
    return hashlib.sha256(lines[-1]).hexdigest() if lines else ""


def read_event(data: bytes) -> StoredEvent:
    """Return the event of stored bytes. Raises ChainError(bad_event)."""
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ChainError("bad_event", 0, f"not an event: {error}") from error


class ChainChecker:
    """Follows the chain of one sitting from its first event; knows the head after each accepted one."""

    def __init__(self, sitting: str) -> None:
        self.sitting = sitting
        self.seq = 0
        self.head = first_prev(sitting)

    def accept(self, data: bytes) -> StoredEvent:
        """Return the event when it is the next of this chain. Raises ChainError; the state is then unchanged."""
        event = read_event(data)
        expected = self.seq + 1
        if event.sitting != self.sitting:
            raise ChainError(
                "other_sitting", expected, f"an event of another sitting, {event.sitting[:_ID_SHOWN]}"
            )
        if event.v != VERSION:
            raise ChainError("unknown_version", expected, f"version {event.v} of the chain is not known")
        if event.seq != expected:
            raise ChainError(
                _order_code(event.seq, expected), expected, f"event {event.seq} where {expected} is due"
            )
        if event.prev != self.head:
            raise ChainError(
                "broken_chain", expected, f"event {expected} does not follow the bytes before it"
            )
        self.seq = expected
        self.head = hashlib.sha256(data).hexdigest()
        return event


def _order_code(found: int, expected: int) -> str:
    """Name a wrong number: one seen already is a duplicate, a later one means something is missing."""
    return "missing" if found > expected else "duplicate"
