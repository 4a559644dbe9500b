"""One frame at the door: signature first, then everything else that makes it a record of a school we know.

Nothing here touches a database or a clock, so that it runs in a thread and is tested on bytes alone. A frame is
either `Arrived` or `Turned` away with a code that says precisely why.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec

from sync import frames
from sync.canonical import LARGEST, NotCanonical, canonical
from sync.central.keyring import public_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.central.store.schools import School
    from sync.frames import Frame

REVOKED = ("school.revoked", "this school's key was revoked; its records are no longer accepted")

Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


class Envelope(msgspec.Struct, frozen=True):
    """A record's envelope as strictly as its columns need it; the body stays the bytes that were signed."""

    at: Count
    body: msgspec.Raw
    key: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
    prev: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    seq: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    site: Annotated[str, msgspec.Meta(pattern=r"\As-[0-9a-f]{16}\Z")]
    type: Annotated[str, msgspec.Meta(pattern=r"\A[a-z_.]{1,60}\Z")]
    v: Count


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record that is what it says: `frame` is the line as it came, `hash` names its canonical bytes."""

    index: int
    hash: str
    frame: bytes
    envelope: Envelope

    @property
    def key(self) -> tuple[str, str]:
        """What names this record among all schools': its school and its hash."""
        return self.envelope.site, self.hash


@dataclass(frozen=True, slots=True)
class Turned:
    """A frame refused: `site` is the school it claims to come from when that school exists, else empty.

    `seq` is the record's number when the school's own key signed it, else 0: nobody vouches for it.
    """

    index: int
    code: str
    message: str
    site: str = ""
    seq: int = 0


_decoder = msgspec.json.Decoder(Envelope)


def sites_of(lines: list[bytes]) -> set[str]:
    """Return the schools these lines claim to come from, so that their keys can be read before checking."""
    found = set()
    for line in lines:
        envelope = _envelope(line[129:])
        if envelope is not None:
            found.add(envelope.site)
    return found


def check_all(lines: list[bytes], schools: Mapping[str, School]) -> tuple[list[Arrived], list[Turned]]:
    """Return the records among the lines of a body, and the lines turned away."""
    seen = [check(index, line, schools) for index, line in enumerate(lines)]
    return [one for one in seen if isinstance(one, Arrived)], [one for one in seen if isinstance(one, Turned)]


def check(index: int, line: bytes, schools: Mapping[str, School]) -> Arrived | Turned:
    """Return the record in one line of a body, or why it is none."""
    try:
        frame = frames.parse(line)
    except frames.FrameError as error:
        return Turned(index, f"record.{error.code}", str(error))
    envelope = _envelope(frame.body)
    if envelope is None:
        return Turned(
            index, "record.malformed", "the envelope of this record lacks a field or holds a wrong one"
        )
    school = schools.get(envelope.site)
    if school is None:
        return Turned(index, "school.unknown", f"no school is enrolled as {envelope.site}")
    try:
        frames.check(frame, frames.RECORD, public_key(school.public_key))
    except frames.FrameError as error:
        return Turned(index, f"record.{error.code}", str(error), school.site)
    why = _trouble(envelope, school, frame)
    if why is not None:
        return Turned(index, *why, school.site, envelope.seq)
    return Arrived(index, hashlib.sha256(frame.body).hexdigest(), line, envelope)


def _envelope(body: bytes) -> Envelope | None:
    try:
        return _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _trouble(envelope: Envelope, school: School, frame: Frame) -> tuple[str, str] | None:
    if school.revoked_at is not None:
        return REVOKED
    if envelope.key != public_key(school.public_key).key_id:
        return "record.wrong_key", f"the record names the key {envelope.key}, which is not this school's"
    try:
        spelled = canonical(msgspec.json.decode(frame.body))
    except (msgspec.MsgspecError, NotCanonical, UnicodeDecodeError, RecursionError) as error:
        return "record.not_canonical", f"these bytes have no agreed spelling: {error}"
    if spelled != frame.body:
        return "record.not_canonical", "the signed bytes are not the canonical spelling of what they say"
    return None
