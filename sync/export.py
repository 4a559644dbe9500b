"""The log as one file that proves itself: a signed header, tombstones, seals, events, records, and a signed last line.

Each line begins with what it is: `header`, `tombstone`, `seal`, `event`, `record` or `closing`, then a space, then a frame
(an event has no signature of its own: seals vouch for it). The closing line signs the digest of all lines before
it, so that dropping even the last record, or the closing line itself, shows.
"""

from __future__ import annotations

import errno
import hashlib
import os
from typing import TYPE_CHECKING

import msgspec

from sync import frames
from sync.canonical import canonical
from sync.chain import VERSION
from sync.log_store import each_event, each_record, each_seal
from sync.tombstones import each_tombstone

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

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
    tombstones: int = 0
    v: int = VERSION


FILE_KIND = "preau-log"


def export_log(
    connection: sqlite3.Connection, identity: Identity, path: Path, at: int, *, force: bool = False
) -> Closing:
    """Write the whole log to `path`, readable by its owner alone, and return its closing line.

    Raises FileExistsError when the file is there already, unless `force`d to replace it, or another OSError;
    nothing is left behind then.
    """
    if path.exists() and not force:
        raise FileExistsError(errno.EEXIST, "it exists already", str(path))
    partial = path.with_name(f"{path.name}.{os.urandom(4).hex()}.part")
    try:
        # What pupils did is in there: the mode is given when the file is made, never a moment later.
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            closing = _write(file, connection, identity, at)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return closing


def _write(file: BinaryIO, connection: sqlite3.Connection, identity: Identity, at: int) -> Closing:
    digest = hashlib.sha256()
    counts = {"tombstone": 0, "seal": 0, "event": 0, "record": 0}
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
        counts["tombstone"],
    )
    file.write(b"closing " + _signed(identity.signer, frames.CLOSING, closing))
    return closing


def _lines(connection: sqlite3.Connection, identity: Identity, at: int) -> Iterator[tuple[str, bytes]]:
    signer = identity.signer
    header = Header(
        at, FILE_KIND, signer.key_id, identity.name, signer.public_hex, identity.site, identity.uai
    )
    yield "header", _signed(signer, frames.EXPORT, header)
    for stone in each_tombstone(connection):
        yield "tombstone", stone.line()
    for seal in each_seal(connection):
        yield "seal", seal.line()
    for row in each_event(connection):
        yield "event", row[4] + b"\n"
    for record in each_record(connection):
        yield "record", record.frame.line()


def _signed(signer: Signer, domain: bytes, body: msgspec.Struct) -> bytes:
    return frames.frame(signer, domain, canonical(body))
