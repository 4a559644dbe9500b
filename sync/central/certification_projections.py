"""What the records of a certification session mean: its opening, its chains, its incidents, its end. In any order.

Chains are judged when they come in as far as that takes no bank; `sync.central.certify` leads them again with theirs. A
second chain of one candidate must go on where the first stopped: anything else is a problem and changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from exam.session.room_events import Acted, RoomEvent, RoomOpened
from sync.central.certification_reading import SealedReading, judge, read_sealed
from sync.central.store import certifications as store
from sync.central.store.certifications import Certification, FinalRow, IncidentRow, ManifestRow, RoomRow
from sync.central.store.problems import Said
from sync.central.verdicts import UnreadableError
from sync.chain import ChainChecker, ChainError
from sync.finalisation_proofs import signatories
from sync.room_proofs import faults_of, keys_of
from sync.session_records import IncidentReported, SessionFinalised, SessionManifest, SupervisorActs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.intake import Arrived
    from sync.central.projections import Projection, Writes
    from sync.central.store.participations import Finding
    from sync.central.verdicts import Judge

FORK = "certification.fork"
OTHER = "session.other"
SIGNATURE = "session.bad_signature"
ACTS_MAX = 50_000
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
Body = SessionManifest | SealedReading | SupervisorActs | IncidentReported | SessionFinalised


@dataclass(frozen=True, slots=True)
class Told:
    """A record of a session; `finding` is there once a chain was looked at."""

    said: Body
    body: bytes
    finding: Finding | None = None
    bank: str = ""
    course: str = ""

    def judge(self, judge_: Judge) -> Projection:
        """Follow the chain; what needs its bank waits."""
        del judge_
        if isinstance(self.said, SealedReading):
            return Told(self.said, self.body, judge(self.said, None))
        return self

    def add_to(self, writes: Writes, arrived: Arrived, now: int) -> None:
        """Have it written with the others."""
        writes.sessions.append(Telling(self, arrived, now))


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, and the record that tells it."""

    told: Told
    arrived: Arrived
    now: int

    async def keep(self, conn: AsyncConnection) -> list[Said]:
        """Write it; return the problems it makes."""
        said, site = self.told.said, self.arrived.envelope.site
        seq, at, record, body = (
            self.arrived.envelope.seq,
            self.arrived.envelope.at,
            self.arrived.hash,
            self.told.body,
        )
        match said:
            case SessionManifest():
                row = ManifestRow(site, said.session, said.number, said.date, seq, record, at, body)
                kept = await store.keep_manifest(conn, row)
            case SessionFinalised():
                await store.keep_final(conn, FinalRow(site, said.session, seq, record, at, body))
                return [
                    Said(SIGNATURE, seq, f"{said.session} {one.key[:100]} {one.fault}".replace("\0", ""))
                    for one in signatories(body)
                    if one.fault
                ][:1]
            case IncidentReported():
                await store.keep_incident(conn, IncidentRow(site, said.session, said.incident, seq, at, body))
                kept = True
            case SupervisorActs():
                kept = await store.keep_room(conn, _room_row(site, said, seq, record))
            case SealedReading():
                return await self._keep_chain(conn, said)
        return [] if kept else [Said(OTHER, seq, said.session)]

    async def _keep_chain(self, conn: AsyncConnection, reading: SealedReading) -> list[Said]:
        if self.told.finding is None:
            raise TypeError("a chain is looked at before it is written")
        site, seq = self.arrived.envelope.site, self.arrived.envelope.seq
        known = await store.by_candidate(conn, site, reading.candidate)
        if known is not None:
            if reading.head == known.head or (seq < known.seq and len(reading.events) <= known.events):
                return []  # the same chain once more, or a shorter one that came late
            if known.head not in reading.hashes or known.session != reading.session:
                return [Said(FORK, seq, reading.candidate)]
        number = known.number if known is not None else await store.new_number(conn)
        row = _row(reading, self.told.finding, number, self.arrived, self.now)
        await store.keep_certification(conn, row)
        return []


def _row(reading: SealedReading, finding: Finding, number: str, arrived: Arrived, now: int) -> Certification:
    started, opened = reading.started, reading.opened
    return Certification(
        site=arrived.envelope.site,
        candidate=reading.candidate,
        session=reading.session,
        number=number,
        seq=arrived.envelope.seq,
        record=arrived.hash,
        head=reading.head,
        events=len(reading.events),
        began=int(opened is not None),
        answered=reading.answered,
        ended=reading.ended,
        abandonment=reading.abandonment,
        tables=reading.marks[0],
        thresholds=reading.marks[1],
        allowance_ms=started.allowance_ms if started else 0,
        extra_percent=started.extra_percent if started else 0,
        adjusted=int(opened.adjusted) if opened else 0,
        verdict=finding.verdict,
        step=finding.step,
        code=finding.code,
        expected=finding.expected,
        found=finding.found,
        verified_at=now,
    )


class _RoomLink(msgspec.Struct, frozen=True):
    body: RoomEvent


_room_link = msgspec.json.Decoder(_RoomLink)


def _room_row(site: str, said: SupervisorActs, seq: int, record: str) -> RoomRow:
    """Return what a session's own chain is worth."""
    code, message, acts = "", "", 0
    keys: dict[str, str] = {}
    checker = ChainChecker(said.session)
    try:
        for raw in said.events:
            checker.accept(bytes(raw))
        bodies = [_room_link.decode(raw).body for raw in said.events]
        acts = sum(isinstance(body, Acted) for body in bodies)
        opening = bodies[0] if bodies else None
        if checker.head != said.head:
            code, message = "chain.other_head", "the record names another last event than the one it carries"
        elif not isinstance(opening, RoomOpened) or opening.session != said.session:
            code, message = "session.no_opening", "the session's chain does not begin with its opening"
        elif faults := faults_of(bytes(raw) for raw in said.events):
            code, message = f"room.{faults[0].code}", f"event {faults[0].seq} is not proved by who it names"
        keys = {} if code else keys_of(bytes(raw) for raw in said.events)
    except ChainError as error:
        code, message = f"chain.{error.code}", str(error)
    except msgspec.MsgspecError as error:
        code, message = "session.malformed", str(error)
    return RoomRow(
        site=site,
        session=said.session,
        seq=seq,
        record=record,
        head=said.head[:64],
        acts=acts,
        code=code[:60],
        message=message.replace("\0", "")[:2000],
        keys=msgspec.json.encode(keys).decode(),
    )


def _reader(
    kind: type[SessionManifest | SupervisorActs | IncidentReported | SessionFinalised],
) -> Callable[[bytes], Projection]:
    def read(body: bytes) -> Projection:
        try:
            said = msgspec.json.decode(body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise UnreadableError("record.bad_body", str(error)[:2000]) from error
        if not _ID.fullmatch(said.session):
            raise UnreadableError("record.bad_body", "a session's id is not one")
        if isinstance(said, SessionManifest) and not (_DATE.fullmatch(said.date) and 0 < said.number < 2**31):
            raise UnreadableError("record.bad_body", "a session has a day and a number")
        if isinstance(said, SessionFinalised):
            _check_signatures(body)
        if isinstance(said, IncidentReported) and not _ID.fullmatch(said.incident):
            raise UnreadableError("record.bad_body", "an incident's id is not one")
        if isinstance(said, SupervisorActs) and len(said.events) > ACTS_MAX:
            raise UnreadableError("record.bad_body", "a session has a bounded number of acts")
        return Told(said, body)

    return read


def _check_signatures(body: bytes) -> None:
    """Raise UnreadableError for a finalisation whose signatures cannot even be looked at."""
    try:
        signatories(body)
    except ValueError as error:
        raise UnreadableError("record.bad_body", str(error)) from error


def _read_chain(body: bytes) -> Projection:
    return Told(read_sealed(body), body)


SESSION_READERS: dict[str, Callable[[bytes], Projection]] = {
    "session.manifest": _reader(SessionManifest),
    "certification.sealed": _read_chain,
    "supervisor.acts": _reader(SupervisorActs),
    "incident.reported": _reader(IncidentReported),
    "session.finalised": _reader(SessionFinalised),
}
"""What reads the body of each type of record of a session."""
