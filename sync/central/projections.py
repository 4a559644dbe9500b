"""From a record to the tables an officer reads: one small class a record type, registered by name.

Everything here can be made again from the records. A type without a projection is kept all the same: a school may
run a newer version than the central instance.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Protocol

import msgspec

from exam.courses import definition_bytes, made_id
from sync.central.certification_projections import SESSION_READERS
from sync.central.made_courses import read_made
from sync.central.profile_projections import read_erasure, read_state
from sync.central.store import courses, participations, problems, profiles, statements
from sync.central.store.courses import MadeCourse
from sync.central.store.participations import Campaign, Finding, Participation
from sync.central.store.problems import Said
from sync.central.verdicts import UnreadableError, read_shared
from sync.records import CampaignCreated

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from exam.courses import Definition
    from sync.central.certification_projections import Telling
    from sync.central.intake import Arrived, Envelope
    from sync.central.profile_projections import Erased
    from sync.central.store.profiles import StateRow
    from sync.central.verdicts import Judge, Reading

TWICE = "participation.twice"
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(slots=True)
class Writes:
    """What the records of one school and one body mean, gathered so that each table is written once."""

    participations: dict[str, tuple[Participation, int]] = field(
        default_factory=dict
    )  # with their record's number
    campaigns: list[Campaign] = field(default_factory=list)
    courses: list[MadeCourse] = field(default_factory=list)
    states: list[StateRow] = field(default_factory=list)
    erased: list[Erased] = field(default_factory=list)
    sessions: list[Telling] = field(default_factory=list)
    problems: list[Said] = field(default_factory=list)


class Projection(Protocol):
    """What a record means, ready to be written in the transaction that keeps it."""

    @property
    def bank(self) -> str:
        """The digest of the bank needed before `judge`, or empty."""

    @property
    def course(self) -> str:
        """The id of the course needed before `judge`, or empty."""

    def judge(self, judge: Judge) -> Projection:
        """Return this projection with everything that takes thought done."""

    def add_to(self, writes: Writes, arrived: Arrived, now: int) -> None:
        """Add what the record means."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A signed record whose body is not what its type says: kept, and shown as a problem."""

    code: str
    message: str
    bank: str = ""
    course: str = ""

    def judge(self, judge: Judge) -> Projection:
        """There is nothing to judge."""
        del judge
        return self

    def add_to(self, writes: Writes, arrived: Arrived, now: int) -> None:
        """Name the problem."""
        del now
        writes.problems.append(Said(self.code, arrived.envelope.seq, self.message))


@dataclass(frozen=True, slots=True)
class Announced:
    """A campaign was created."""

    said: CampaignCreated
    bank: str = ""
    course: str = ""

    def judge(self, judge: Judge) -> Projection:
        """There is nothing to judge."""
        del judge
        return self

    def add_to(self, writes: Writes, arrived: Arrived, now: int) -> None:
        """Keep the campaign's name."""
        del now
        envelope, said = arrived.envelope, self.said
        name = said.name.replace("\0", "")[:200]
        writes.campaigns.append(
            Campaign(envelope.site, said.campaign, name, said.course, envelope.at, arrived.hash)
        )


@dataclass(frozen=True, slots=True)
class MadeOne:
    """A school made a course; `definition` proves its id, so it may serve sittings that arrive with it."""

    definition: Definition
    bank: str = ""
    course: str = ""

    def judge(self, judge: Judge) -> Projection:
        """There is nothing to judge."""
        del judge
        return self

    def add_to(self, writes: Writes, arrived: Arrived, now: int) -> None:
        """Keep the definition."""
        del now
        envelope, told = arrived.envelope, definition_bytes(self.definition)
        row = MadeCourse(envelope.site, made_id(self.definition), told, envelope.at, arrived.hash)
        writes.courses.append(row)


@dataclass(frozen=True, slots=True)
class SharedOne:
    """A participation was shared; `finding` is there once judged."""

    reading: Reading
    finding: Finding | None = None

    @property
    def bank(self) -> str:
        """The digest of the bank it was taken on."""
        return self.reading.opened.bank

    @property
    def course(self) -> str:
        """The id of the course it followed."""
        return self.reading.opened.course

    def judge(self, judge: Judge) -> Projection:
        """Replay it."""
        return SharedOne(self.reading, judge.judge(self.reading))

    def add_to(self, writes: Writes, arrived: Arrived, now: int) -> None:
        """Keep the participation and its finding; a second sharing of it is a problem."""
        if self.finding is None:
            raise TypeError("a participation is judged before it is written")
        name, seq = self.reading.participation, arrived.envelope.seq
        if name in writes.participations:
            writes.problems.append(Said(TWICE, seq, name))
            return
        writes.participations[name] = (_row(self.reading, self.finding, arrived, now), seq)


async def write(conn: AsyncConnection, site: str, writes: Writes, now: int) -> None:
    """Write what a school's records mean; a participation known already is also a problem."""
    rows = [row for row, _ in writes.participations.values()]
    known = await participations.add_participations(conn, site, rows)
    await participations.add_campaigns(conn, writes.campaigns)
    await courses.add_courses(conn, writes.courses)
    for state in writes.states:
        await profiles.add_state(conn, state)
    for erased in writes.erased:
        await profiles.erase(conn, site, erased.person, erased.seq, erased.record)
        await statements.erase_identities(conn, site, erased.candidates, now)
    for telling in writes.sessions:
        writes.problems += await telling.keep(conn)
    for name in sorted(known):
        writes.problems.append(Said(TWICE, writes.participations[name][1], name))
    for said in writes.problems:
        await problems.note(conn, site, said, now)


def _row(reading: Reading, finding: Finding, arrived: Arrived, now: int) -> Participation:
    opened, shared = reading.opened, reading.shared
    return Participation(
        site=arrived.envelope.site,
        participation=reading.participation,
        campaign=opened.campaign,
        course=opened.course,
        bank=opened.bank,
        engine=opened.engine,
        events=len(reading.events),
        answered=reading.answered,
        validated=shared.validated if shared else 0,
        targeted=shared.targeted if shared else 0,
        shared_at=reading.shared_at,
        record=arrived.hash,
        verified_at=now,
        **asdict(finding),
    )


def _read_shared(body: bytes) -> Projection:
    return SharedOne(read_shared(body))


def _read_campaign(body: bytes) -> Projection:
    try:
        said = msgspec.json.decode(body, type=CampaignCreated)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UnreadableError("record.bad_body", str(error)) from error
    # A campaign that collects profiles follows no course.
    if not _ID.fullmatch(said.campaign) or not (said.course == "" or _ID.fullmatch(said.course)):
        raise UnreadableError("record.bad_body", "a campaign or course id is not one")
    return Announced(said)


def _read_made(body: bytes) -> Projection:
    return MadeOne(read_made(body))


READERS: dict[str, Callable[[bytes], Projection]] = {
    "campaign.created": _read_campaign,
    "course.created": _read_made,
    "participation.shared": _read_shared,
    "person.erased": read_erasure,
    "profile.state": read_state,
    **SESSION_READERS,
}
"""What reads the body of each type that has a projection."""


def read(envelope: Envelope) -> Projection | None:
    """Return what a record means, or None for a type that means nothing more here."""
    reader = READERS.get(envelope.type)
    if reader is None:
        return None
    try:
        return reader(bytes(envelope.body))
    except UnreadableError as error:
        return Unread(error.code, str(error))
