"""What records about profiles mean: which piece is a person's last, and that a person was erased, as a candidate too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.central.store.profiles import StateRow
from sync.central.verdicts import UnreadableError
from sync.records import PersonErased, ProfileState

if TYPE_CHECKING:
    from sync.central.intake import Arrived
    from sync.central.projections import Projection, Writes
    from sync.central.verdicts import Judge

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Erased:
    """A person a school erased, by the number of the record that says so."""

    person: str
    seq: int
    record: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StateSaid:
    """A pupil's profile changed, or `said` tells that a person was erased."""

    said: ProfileState | PersonErased
    bank: str = ""
    course: str = ""

    def judge(self, judge: Judge) -> Projection:
        """There is nothing to judge."""
        del judge
        return self

    def add_to(self, writes: Writes, arrived: Arrived, now: int) -> None:
        """Keep which piece is the last, or that there is none any more."""
        del now
        said, seq = self.said, arrived.envelope.seq
        if isinstance(said, PersonErased):
            writes.erased.append(Erased(said.person, seq, arrived.hash, tuple(said.candidates)))
        else:
            writes.states.append(StateRow(arrived.envelope.site, said.person, said.piece, seq, arrived.hash))


def read_state(body: bytes) -> Projection:
    """Return what a `profile.state` means. Raises UnreadableError."""
    try:
        said = msgspec.json.decode(body, type=ProfileState)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UnreadableError("record.bad_body", str(error)) from error
    if not _ID.fullmatch(said.person) or not _HASH.fullmatch(said.piece):
        raise UnreadableError("record.bad_body", "a person or a piece is not one")
    return StateSaid(said)


def read_erasure(body: bytes) -> Projection:
    """Return what a `person.erased` means. Raises UnreadableError."""
    try:
        said = msgspec.json.decode(body, type=PersonErased)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UnreadableError("record.bad_body", str(error)) from error
    if not all(map(_ID.fullmatch, (said.person, *said.candidates))):
        raise UnreadableError("record.bad_body", "a person or a candidate is not one")
    return StateSaid(said)
