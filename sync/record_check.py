"""What makes a record believable, as a pure rule used by `preau verify` and wherever records arrive.

First the signature, then that the bytes are the one canonical spelling, then the fields, then, for a shared
participation, that its events are one unbroken chain ending at the head it names. Nothing is read or written.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync import frames
from sync.canonical import NotCanonical, canonical
from sync.chain import VERSION, ChainChecker, ChainError
from sync.records import RECORDS, ParticipationShared, Record, RecordBody

if TYPE_CHECKING:
    from sync.frames import Frame
    from sync.keys import PublicKey

_ENVELOPE = msgspec.json.Decoder(Record)
_BODIES = {name: msgspec.json.Decoder(kind.body) for name, kind in RECORDS.items()}


class RecordError(Exception):
    """The record cannot be believed; `code` says how, `seq` and `sitting` and `step` where, when known."""

    def __init__(self, code: str, message: str, *, seq: int = 0, sitting: str = "", step: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.seq = seq
        self.sitting = sitting
        self.step = step


@dataclass(frozen=True)
class CheckedRecord:
    """A record that is what it says. `body` is None for a type this version does not know."""

    frame: Frame
    record: Record
    body: RecordBody | None
    hash: str


def check_record(frame: Frame, key: PublicKey, site: str) -> CheckedRecord:
    """Return the record signed by the school's key. Raises RecordError; its place in the log is not looked at."""
    try:
        data = frames.check(frame, frames.RECORD, key)
    except frames.FrameError as error:
        raise RecordError(error.code, str(error), seq=claimed_seq(frame.body)) from error
    record = _read_envelope(data)
    if record.v != VERSION:
        raise RecordError("unknown_version", f"version {record.v} of records is not known", seq=record.seq)
    if record.site != site:
        raise RecordError("other_site", "a record of another school", seq=record.seq)
    if record.key != key.key_id:
        raise RecordError("unknown_key", f"the record names the key {record.key[:16]}", seq=record.seq)
    body = read_body(record)
    if isinstance(body, ParticipationShared):
        check_participation(body, record.seq)
    return CheckedRecord(frame, record, body, hashlib.sha256(data).hexdigest())


def read_body(record: Record) -> RecordBody | None:
    """Return the body as its Struct, or None for a type not known here. Raises RecordError(bad_body)."""
    decoder = _BODIES.get(record.type)
    if decoder is None:
        return None
    try:
        body: RecordBody = decoder.decode(record.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError("bad_body", f"not a {record.type}: {error}", seq=record.seq) from error
    return body


def check_participation(body: ParticipationShared, seq: int = 0) -> None:
    """Check that the events are the whole chain of this sitting, from the first to the head. Raises RecordError."""
    checker = ChainChecker(body.participation)
    for raw in body.events:
        try:
            checker.accept(bytes(raw))
        except ChainError as error:
            raise RecordError(
                error.code, str(error), seq=seq, sitting=body.participation, step=error.seq
            ) from error
    if not body.events or checker.head != body.head:
        raise RecordError(
            "head_mismatch",
            "the last event is not the one the record names",
            seq=seq,
            sitting=body.participation,
            step=checker.seq,
        )


def claimed_seq(data: bytes) -> int:
    """Return the number that unchecked bytes claim, for naming a failure; 0 when there is none."""
    try:
        return max(_ENVELOPE.decode(data).seq, 0)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0


def _read_envelope(data: bytes) -> Record:
    try:
        record = _ENVELOPE.decode(data)
        plain = canonical(msgspec.json.decode(data))
    except (msgspec.DecodeError, UnicodeDecodeError, NotCanonical, RecursionError) as error:
        raise RecordError("bad_record", f"not a record: {error}") from error
    if plain != data:
        raise RecordError("not_canonical", "the bytes are not the one canonical spelling", seq=record.seq)
    return record
