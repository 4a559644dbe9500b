"""Sessions, certifications and incidents as schools said them, with what replay found for each."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select, update

from sync.central.store.upsert import insert
from sync.central.tables import records, schools
from sync.central.tables_certification import (
    cert_finals,
    cert_incidents,
    cert_manifests,
    cert_rooms,
    certifications,
)
from sync.session_records import IncidentReported, SessionFinalised, SessionManifest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.store.participations import Finding

SIGNS = "ABCDEFGHJKMNPQRTUVWXY2346789"
"""Signs of a verification code, none that is taken for another."""
TRIALS = 1000


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """The opening of a session."""

    site: str
    session: str
    number: int
    date: str
    seq: int
    record: str
    at: int
    body: bytes

    @property
    def said(self) -> SessionManifest:
        """What the record says."""
        return msgspec.json.decode(self.body, type=SessionManifest)


@dataclass(frozen=True, slots=True)
class FinalRow:
    """One finalisation of a session."""

    site: str
    session: str
    seq: int
    record: str
    at: int
    body: bytes

    @property
    def said(self) -> SessionFinalised:
        """What the record says."""
        return msgspec.json.decode(self.body, type=SessionFinalised)


@dataclass(frozen=True, slots=True)
class RoomRow:
    """The session's own chain: `code` is empty when it holds; `keys` is JSON, of the supervisors in at its end."""

    site: str
    session: str
    seq: int
    record: str
    head: str
    acts: int
    code: str
    message: str
    keys: str

    @property
    def public_keys(self) -> dict[str, str]:
        """The supervisors' public keys, by what the chain calls them."""
        return msgspec.json.decode(self.keys, type=dict[str, str])


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident as it stands."""

    site: str
    session: str
    incident: str
    seq: int
    at: int
    body: bytes

    @property
    def said(self) -> IncidentReported:
        """What the record says."""
        return msgspec.json.decode(self.body, type=IncidentReported)


@dataclass(frozen=True, slots=True)
class Certification:
    """One candidate's certification and its finding; `number` is its verification code."""

    site: str
    candidate: str
    session: str
    number: str
    seq: int
    record: str
    head: str
    events: int
    began: int
    answered: int
    ended: str
    abandonment: str
    tables: str
    thresholds: str
    allowance_ms: int
    extra_percent: int
    adjusted: int
    verdict: str
    step: int | None
    code: str
    expected: str
    found: str
    verified_at: int


async def keep_manifest(conn: AsyncConnection, row: ManifestRow) -> bool:
    """Keep a session's opening; False when another stands for it."""
    statement = insert(conn, cert_manifests).values(**asdict(row)).on_conflict_do_nothing()
    return (await conn.execute(statement)).rowcount == 1


async def keep_final(conn: AsyncConnection, row: FinalRow) -> None:
    """Keep a finalisation beside those before it."""
    await conn.execute(insert(conn, cert_finals).values(**asdict(row)).on_conflict_do_nothing())


async def keep_room(conn: AsyncConnection, row: RoomRow) -> bool:
    """Keep what a session's own chain is worth; False when another stands for it."""
    statement = insert(conn, cert_rooms).values(**asdict(row)).on_conflict_do_nothing()
    return (await conn.execute(statement)).rowcount == 1


async def keep_incident(conn: AsyncConnection, row: IncidentRow) -> None:
    """Keep an incident as its latest record says it."""
    values = asdict(row)
    later = {name: values[name] for name in ("seq", "at", "body")}
    await conn.execute(
        insert(conn, cert_incidents)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["site", "session", "incident"], set_=later, where=cert_incidents.c.seq < row.seq
        )
    )


async def keep_certification(conn: AsyncConnection, row: Certification) -> None:
    """Keep a certification, in place of the shorter chain that stood for it."""
    values = asdict(row)
    later = {name: value for name, value in values.items() if name not in {"site", "candidate", "number"}}
    await conn.execute(
        insert(conn, certifications)
        .values(**values)
        .on_conflict_do_update(index_elements=["site", "candidate"], set_=later)
    )


async def new_number(conn: AsyncConnection) -> str:
    """Return a verification code nobody has: P- and eight signs, all different."""
    for _ in range(TRIALS):
        number = "P-" + "".join(secrets.SystemRandom().sample(SIGNS, 8))
        taken = await conn.scalar(select(certifications.c.number).where(certifications.c.number == number))
        if taken is None:
            return number
    raise RuntimeError("no verification code is free")


async def set_finding(conn: AsyncConnection, key: tuple[str, str], finding: Finding, now: int) -> None:
    """Replace what was found for the certification `(site, candidate)`."""
    mine = (certifications.c.site == key[0]) & (certifications.c.candidate == key[1])
    said = {name: value for name, value in asdict(finding).items() if name != "steps"}
    await conn.execute(update(certifications).where(mine).values(**said, verified_at=now))


async def by_candidate(conn: AsyncConnection, site: str, candidate: str) -> Certification | None:
    """Return one certification of a school."""
    mine = (certifications.c.site == site) & (certifications.c.candidate == candidate)
    row = (await conn.execute(select(certifications).where(mine))).one_or_none()
    return None if row is None else Certification(*row)


async def by_number(conn: AsyncConnection, number: str) -> Certification | None:
    """Return the certification of this verification code."""
    row = (await conn.execute(select(certifications).where(certifications.c.number == number))).one_or_none()
    return None if row is None else Certification(*row)


async def of_session(conn: AsyncConnection, site: str, session: str) -> list[Certification]:
    """Return the certifications of a session that came in."""
    mine = (certifications.c.site == site) & (certifications.c.session == session)
    query = select(certifications).where(mine).order_by(certifications.c.candidate)
    return [Certification(*row) for row in await conn.execute(query)]


async def manifest_of(conn: AsyncConnection, site: str, session: str) -> ManifestRow | None:
    """Return the opening of a session."""
    mine = (cert_manifests.c.site == site) & (cert_manifests.c.session == session)
    row = (await conn.execute(select(cert_manifests).where(mine))).one_or_none()
    return None if row is None else ManifestRow(*row)


async def final_of(conn: AsyncConnection, site: str, session: str) -> FinalRow | None:
    """Return the latest finalisation of a session."""
    mine = (cert_finals.c.site == site) & (cert_finals.c.session == session)
    query = select(cert_finals).where(mine).order_by(cert_finals.c.seq.desc()).limit(1)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else FinalRow(*row)


async def room_of(conn: AsyncConnection, site: str, session: str) -> RoomRow | None:
    """Return what a session's own chain is worth."""
    mine = (cert_rooms.c.site == site) & (cert_rooms.c.session == session)
    row = (await conn.execute(select(cert_rooms).where(mine))).one_or_none()
    return None if row is None else RoomRow(*row)


async def incidents_of(conn: AsyncConnection, site: str, session: str) -> list[IncidentRow]:
    """Return the incidents of a session, withdrawn ones too, oldest first."""
    mine = (cert_incidents.c.site == site) & (cert_incidents.c.session == session)
    query = select(cert_incidents).where(mine).order_by(cert_incidents.c.at, cert_incidents.c.incident)
    return [IncidentRow(*row) for row in await conn.execute(query)]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in the list."""

    site: str
    school: str
    uai: str
    session: str
    number: int
    date: str


async def list_sessions(
    conn: AsyncConnection, site: str | None = None, limit: int = 300
) -> list[SessionLine]:
    """Return sessions, the latest day first, of one school or of all."""
    c = cert_manifests.c
    joined = cert_manifests.join(schools, schools.c.site == c.site)
    query = select(c.site, schools.c.name, schools.c.uai, c.session, c.number, c.date).select_from(joined)
    if site is not None:
        query = query.where(c.site == site)
    rows = await conn.execute(query.order_by(c.date.desc(), c.site, c.number.desc()).limit(limit))
    return [SessionLine(*row) for row in rows]


async def frame_of(conn: AsyncConnection, site: str, record: str) -> bytes:
    """Return the signed line that carries a certification."""
    mine = (records.c.site == site) & (records.c.hash == record)
    found: bytes = (await conn.execute(select(records.c.frame).where(mine))).scalar_one()
    return found


async def to_judge(conn: AsyncConnection, verdicts: Sequence[str], limit: int) -> list[Certification]:
    """Return certifications with one of these verdicts, oldest records first."""
    query = select(certifications).where(certifications.c.verdict.in_(verdicts))
    query = query.order_by(certifications.c.site, certifications.c.seq).limit(limit)
    return [Certification(*row) for row in await conn.execute(query)]
