"""The log as one file that proves itself: a signed header, seals, events, records, and a signed last line.

Each line begins with what it is: `header`, `seal`, `event`, `record` or `closing`, then a space, then a frame
(an event has no signature of its own: seals vouch for it). The closing line signs the digest of all lines before
it, so that dropping even the last record, or the closing line itself, shows.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from sync import frames
from sync.canonical import canonical
from sync.chain import VERSION
from sync.log_store import each_event, each_record, each_seal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from sync.identity import Identity
    from sync.keys import Signer


class Header(msgspec.Struct, frozen=True):
    """The first line: whose log this is, and when it was written out."""

    at: int
    file: str
    key: str
    name: str
    public_key: str
    site: str
    uai: str
    v: int = VERSION


class Closing(msgspec.Struct, frozen=True):
    """The last line: how much there was, and the SHA-256 of every byte before it."""

    at: int
    digest: str
    events: int
    key: str
    records: int
    seals: int
    site: str
    v: int = VERSION


FILE_KIND = "preau-log"


def export_log(connection: sqlite3.Connection, identity: Identity, path: Path, at: int) -> Closing:
    """Write the whole log to `path` and return its closing line. Raises OSError; an existing file is replaced."""
    digest = hashlib.sha256()
    counts = {"seal": 0, "event": 0, "record": 0}
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        for kind, line in _lines(connection, identity, at):
            data = kind.encode() + b" " + line
            digest.update(data)
            file.write(data)
            counts[kind] = counts.get(kind, 0) + 1
        closing = Closing(
            at,
            digest.hexdigest(),
            counts["event"],
            identity.signer.key_id,
            counts["record"],
            counts["seal"],
            identity.site,
        )
        file.write(b"closing " + _signed(identity.signer, frames.CLOSING, closing))
    partial.replace(path)
    return closing


def _lines(connection: sqlite3.Connection, identity: Identity, at: int) -> Iterator[tuple[str, bytes]]:
    signer = identity.signer
    header = Header(
        at, FILE_KIND, signer.key_id, identity.name, signer.public_hex, identity.site, identity.uai
    )
    yield "header", _signed(signer, frames.EXPORT, header)
    for seal in each_seal(connection):
        yield "seal", seal.line()
    for row in each_event(connection):
        yield "event", row[4] + b"\n"
    for record in each_record(connection):
        yield "record", record.frame.line()


def _signed(signer: Signer, domain: bytes, body: msgspec.Struct) -> bytes:
    return frames.frame(signer, domain, canonical(body))
