"""Participations and what replay found for each; campaigns, by the name their school gave them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select, update

from sync.central.store.upsert import insert
from sync.central.tables import banks, campaigns, participations, records, schools
from sync.central.tables_certification import certifications

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

VERIFIED = "verified"
FAILED = "failed"
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Finding:
    """What replay found: for a failure the first step that differs (None when none is to blame) and why."""

    verdict: str
    step: int | None
    code: str
    expected: str
    found: str
    steps: bytes  # JSON list of steps, for the page


@dataclass(frozen=True, slots=True)
class Participation:
    """One participation as its school shared it; `record` names the record that carries it."""

    site: str
    participation: str
    campaign: str
    course: str
    bank: str
    engine: str
    events: int
    answered: int
    validated: int
    targeted: int
    shared_at: int
    record: str
    verdict: str
    step: int | None
    code: str
    expected: str
    found: str
    steps: bytes
    verified_at: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as its school announced it."""

    site: str
    campaign: str
    name: str
    course: str
    created_at: int
    record: str


async def add_participations(conn: AsyncConnection, site: str, rows: list[Participation]) -> set[str]:
    """Keep participations of one school, whose row this transaction holds; return the ids it already had."""
    if not rows:
        return set()
    query = select(participations.c.participation).where(
        participations.c.site == site, participations.c.participation.in_([row.participation for row in rows])
    )
    known = set(await conn.scalars(query))
    new = [asdict(row) for row in rows if row.participation not in known]
    if new:
        await conn.execute(insert(conn, participations), new)
    return known


async def add_campaigns(conn: AsyncConnection, rows: list[Campaign]) -> None:
    """Keep campaigns; the first announcement of each stands."""
    if rows:
        await conn.execute(insert(conn, campaigns).on_conflict_do_nothing(), [asdict(row) for row in rows])


async def read_participation(conn: AsyncConnection, site: str, participation: str) -> Participation | None:
    """Return one participation of a school."""
    mine = (participations.c.site == site) & (participations.c.participation == participation)
    row = (await conn.execute(select(participations).where(mine))).one_or_none()
    return None if row is None else Participation(*row)


async def set_finding(conn: AsyncConnection, key: tuple[str, str], finding: Finding, now: int) -> None:
    """Replace what was found for the participation `(site, id)`."""
    mine = (participations.c.site == key[0]) & (participations.c.participation == key[1])
    await conn.execute(update(participations).where(mine).values(**asdict(finding), verified_at=now))


@dataclass(frozen=True, slots=True)
class Line:
    """A participation in a list."""

    site: str
    school: str
    participation: str
    campaign: str
    validated: int
    targeted: int
    shared_at: int
    verdict: str
    step: int | None
    code: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, counted from 1; `more` is whether another follows."""

    lines: list[Line]
    page: int
    more: bool


PAGE = 100


async def list_participations(
    conn: AsyncConnection, site: str | None = None, verdict: str | None = None, page: int = 1
) -> Listing:
    """Return a page of participations, failures first then the latest, of one school or with one verdict."""
    c = participations.c
    name = func.coalesce(campaigns.c.name, c.campaign)
    joined = participations.join(schools, schools.c.site == c.site).outerjoin(
        campaigns, (campaigns.c.site == c.site) & (campaigns.c.campaign == c.campaign)
    )
    columns = (c.site, schools.c.name, c.participation, name, c.validated, c.targeted, c.shared_at)
    query = select(*columns).add_columns(c.verdict, c.step, c.code).select_from(joined)
    if site is not None:
        query = query.where(c.site == site)
    if verdict is not None:
        query = query.where(c.verdict == verdict)
    failed_first = case((c.verdict == FAILED, 0), (c.verdict == WAITING, 1), else_=2)
    query = query.order_by(failed_first, c.shared_at.desc(), c.site, c.participation)
    rows = await conn.execute(query.offset((page - 1) * PAGE).limit(PAGE + 1))
    lines = [Line(*row) for row in rows]
    return Listing(lines[:PAGE], page, more=len(lines) > PAGE)


async def count_verdicts(conn: AsyncConnection) -> dict[str, dict[str, int]]:
    """Return, by school, how many copies have each verdict: participations and certifications alike."""
    found: dict[str, dict[str, int]] = {}
    for table in (participations, certifications):
        c = table.c
        query = select(c.site, c.verdict, func.count()).group_by(c.site, c.verdict)
        for site, verdict, count in await conn.execute(query):
            mine = found.setdefault(site, {})
            mine[verdict] = mine.get(verdict, 0) + count
    return found


async def campaign_name(conn: AsyncConnection, site: str, campaign: str) -> str:
    """Return a campaign's name, or its id when its school has not announced it yet."""
    query = select(campaigns.c.name).where(campaigns.c.site == site, campaigns.c.campaign == campaign)
    return await conn.scalar(query) or campaign


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A participation to replay again, with the line that carries it."""

    site: str
    participation: str
    bank: str
    course: str
    frame: bytes


async def to_judge(
    conn: AsyncConnection, verdicts: tuple[str, ...], after: tuple[str, str], limit: int
) -> list[ToJudge]:
    """Return the next participations with one of these verdicts whose bank is known, after `(site, id)`."""
    c = participations.c
    joined = participations.join(records, (records.c.site == c.site) & (records.c.hash == c.record)).join(
        banks, banks.c.digest == c.bank
    )
    later = (c.site > after[0]) | ((c.site == after[0]) & (c.participation > after[1]))
    query = select(c.site, c.participation, c.bank, c.course, records.c.frame).select_from(joined)
    query = query.where(c.verdict.in_(verdicts), later).order_by(c.site, c.participation)
    return [ToJudge(*row) for row in await conn.execute(query.limit(limit))]
