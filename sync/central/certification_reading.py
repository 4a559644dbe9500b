"""What a sealed certification is worth: its chain read link by link, then led again by the rules of its bank.

`read_sealed` takes a record's body apart, `judge` gives the finding, `score` the result. All are pure and run in a thread;
whatever a school signed, nothing is raised but `UnreadableError` for what is no certification at all.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from exam.certification.events import Abandoned, Ended, Graded, Opened
from exam.certification.results import NotScorable, Result, result_of
from exam.certification.scale import SCALE
from exam.certification.sitting import fold
from exam.errors import ExamError
from exam.session.attempt import OF_CERTIFICATION, ChainEvent
from exam.session.events import CheckedIn, Started
from exam.session.replay import replay, replay_room
from sync.central.store.participations import FAILED, VERIFIED, WAITING, Finding
from sync.central.verdicts import TEXT_MAX, UnreadableError
from sync.chain import ChainChecker, ChainError
from sync.session_records import CertificationSealed

if TYPE_CHECKING:
    from exam.certification.results import Abandonment
    from sync.central.certification_banks import OpenedBank

EVENTS_MAX = 10_000
MALFORMED = "certification.malformed"
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class _Link(msgspec.Struct, frozen=True):
    at: int
    body: ChainEvent


@dataclass(frozen=True, slots=True)
class SealedReading:
    """A certification taken apart: `trouble` is empty when the chain holds, else a finding's code and words."""

    candidate: str
    session: str
    head: str
    hashes: frozenset[str]
    events: list[ChainEvent]
    trouble: tuple[str, str] = ("", "")
    opened: Opened | None = None
    started: Started | None = None
    abandonment: str = ""
    ended: str = ""
    answered: int = 0
    marks: tuple[str, str] = field(default=("", ""))


_body = msgspec.json.Decoder(CertificationSealed)
_link = msgspec.json.Decoder(_Link)


def read_sealed(body: bytes) -> SealedReading:
    """Return the certification in this body. Raises `UnreadableError` when there is none to speak of."""
    try:
        said = _body.decode(body)
        links = [_link.decode(raw) for raw in said.events[:EVENTS_MAX]]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(MALFORMED, str(error)[:TEXT_MAX]) from error
    if not links or len(said.events) > EVENTS_MAX:
        raise UnreadableError(MALFORMED, "a certification has events, and a bounded number of them")
    events = [link.body for link in links]
    opened = next((event for event in events if isinstance(event, Opened)), None)
    digests = (opened.tables, opened.thresholds) if opened else ("", "")
    sound = all(_ID.fullmatch(word) for word in (said.candidate, said.session)) and _DIGEST.fullmatch(
        said.head
    )
    if not sound or (opened and not all(_DIGEST.fullmatch(one) for one in digests)):
        raise UnreadableError(MALFORMED, "an id or a digest of this certification is not one")
    reasons = [event.reason for event in events if isinstance(event, Abandoned)]
    ends = [event.reason for event in events if isinstance(event, Ended)]
    return SealedReading(
        candidate=said.candidate,
        session=said.session,
        head=said.head,
        hashes=frozenset(hashlib.sha256(bytes(raw)).hexdigest() for raw in said.events),
        events=events,
        trouble=_trouble(said, events, opened),
        opened=opened,
        started=next((event for event in events if isinstance(event, Started)), None),
        abandonment=reasons[-1] if reasons else "",
        ended=ends[-1] if ends else "",
        answered=sum(isinstance(event, Graded) for event in events),
        marks=digests,
    )


def _trouble(said: CertificationSealed, events: list[ChainEvent], opened: Opened | None) -> tuple[str, str]:
    """Follow the chain link by link, then compare what surrounds it with what it says."""
    checker = ChainChecker(said.candidate)
    for raw in said.events:
        try:
            checker.accept(bytes(raw))
        except ChainError as error:
            return f"chain.{error.code}", str(error)
    if checker.head != said.head:
        return "chain.other_head", "the record names another last event than the one it carries"
    who = (said.candidate, said.session)
    if opened is not None and (opened.participation, opened.session) != who:
        return "certification.other", "the record does not say what its opening event says"
    arrivals = [(event.candidate, event.session) for event in events if isinstance(event, CheckedIn)]
    if any(one != who for one in arrivals):
        return "certification.other", "somebody else checked in, in this chain"
    return "", ""


def judge(reading: SealedReading, bank: OpenedBank | None) -> Finding:
    """Return what this certification is worth; it waits while its bank is unknown."""
    if reading.trouble[0]:
        return _failed(*reading.trouble)
    if reading.opened is not None and bank is None:
        return Finding(WAITING, None, "bank.unknown", reading.marks[0], "", b"[]")
    try:
        if bank is None:
            found = replay_room(reading.events)
        else:
            found = replay(bank.engine, SCALE, bank.paper, reading.events)
    except Exception as error:  # noqa: BLE001 - whatever a school signed, others' records must still come in
        return _failed("replay.broke", f"{type(error).__name__}: {error}")
    if found.identical:
        return Finding(VERIFIED, None, "", "", "", b"[]")
    return Finding(
        FAILED, found.step, f"replay.{found.code}"[:60], _short(found.expected), _short(found.found), b"[]"
    )


def score(reading: SealedReading, bank: OpenedBank, abandonment: Abandonment | None) -> Result | None:
    """Return the result of a verified certification; None when it cannot be scored, for want of a reason or otherwise."""
    certified = [event for event in reading.events if isinstance(event, OF_CERTIFICATION)]
    reason = abandonment or ("technical" if reading.ended == "exhausted" else None)
    try:
        sitting = fold(bank.engine, SCALE, certified)
        return result_of(bank.engine, SCALE, sitting.at, reason)
    except (NotScorable, ExamError):
        return None


def _failed(code: str, message: str) -> Finding:
    return Finding(FAILED, None, code[:60], "", _short(message), b"[]")


def _short(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:TEXT_MAX]
