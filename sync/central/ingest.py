"""Records come in: checked first, then kept with their verdict and a signed receipt in one transaction.

The same record always gets the same receipt, however often and from however many places it is sent. Two records of
one school under one number are both kept: the second is quarantined and shown. What cannot be believed is refused by
name and leaves nothing but a counted problem.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.courses import made_course
from exam.replay import Replayer
from sync import frames
from sync.canonical import canonical
from sync.central import body as bodies
from sync.central import intake, projections
from sync.central.certification_projections import Told
from sync.central.intake import Arrived, Turned
from sync.central.made_courses import courses_for
from sync.central.projections import MadeOne, Writes
from sync.central.store import problems, records, schools
from sync.central.store.records import QUARANTINED, STORED, RecordRow
from sync.central.verdicts import Judge

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.database import Database
    from sync.central.projections import Projection
    from sync.central.shelf import Shelf
    from sync.keys import Signer

VERSION = 1
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a body: the receipt lines in the order of their frames, and the frames refused."""

    receipts: list[bytes]
    refused: list[Turned]
    sessions: bool = False
    """Whether something of a certification session is among them."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one transaction left: every receipt, and what came after its school was revoked."""

    receipts: dict[Key, bytes]
    late: list[Turned]


_NOTHING = _Kept({}, [])


class Ingest:
    """The way in for records; `signer` signs the receipts; `pool`, of one thread, does the thinking."""

    def __init__(self, database: Database, signer: Signer, shelf: Shelf, pool: Executor) -> None:
        self._database = database
        self._signer = signer
        self._shelf = shelf
        self._pool = pool
        self._replayer = Replayer()

    async def take(self, body: bytes, now: int) -> Taken:
        """Take a body of frames in. Raises `Refused` when the body itself cannot be read; nothing is then kept."""
        think = asyncio.get_running_loop().run_in_executor
        lines = await think(self._pool, bodies.lines_of, body)
        sites = await think(self._pool, intake.sites_of, lines)
        async with self._database.read() as conn:
            known = await schools.read_schools(conn, sites)
        arrived, refused = await think(self._pool, intake.check_all, lines, known)
        meant = await self._mean(arrived)
        kept = (
            await self._database.write(lambda conn: self._keep(conn, arrived, meant, now))
            if arrived
            else _NOTHING
        )
        turned = sorted([*refused, *kept.late], key=lambda one: one.index)
        if any(one.site for one in turned):
            await self._database.write(lambda conn: _note(conn, turned, now))
        receipts = [kept.receipts[one.key] for one in arrived if one.key in kept.receipts]
        return Taken(receipts, turned, any(isinstance(one, Told) for one in meant.values()))

    async def _mean(self, arrived: list[Arrived]) -> dict[Key, Projection]:
        """Return what each new record means, judged; those already kept are not thought about again."""
        async with self._database.read() as conn:
            old = {
                (site, found)
                for site, group in _by_site(arrived).items()
                for found in await records.receipts_of(conn, site, [one.hash for one in group])
            }
        new = {one.key: one for one in arrived if one.key not in old}
        think = asyncio.get_running_loop().run_in_executor
        meant = await think(
            self._pool, lambda: {key: projections.read(one.envelope) for key, one in new.items()}
        )
        banks = await self._shelf.find_all({one.bank for one in meant.values() if one and one.bank})
        here = {
            course.id: course
            for course in (made_course(one.definition) for one in meant.values() if isinstance(one, MadeOne))
        }
        made = await courses_for(self._database, {one.course for one in meant.values() if one}, here)
        judge = Judge(self._replayer, banks, made)
        return await think(self._pool, lambda: {key: one.judge(judge) for key, one in meant.items() if one})

    async def _keep(
        self, conn: AsyncConnection, arrived: list[Arrived], meant: dict[Key, Projection], now: int
    ) -> _Kept:
        """Keep what is new, school by school in one order, and return every receipt and what came too late."""
        receipts: dict[Key, bytes] = {}
        late: list[Turned] = []
        for site, group in sorted(_by_site(arrived).items()):
            if not await schools.touch_school(conn, site, now):
                late += [Turned(one.index, *intake.REVOKED, site, one.envelope.seq) for one in group]
                continue
            given = await records.receipts_of(conn, site, [one.hash for one in group])
            new = list({one.hash: one for one in group if one.hash not in given}.values())
            rows = await self._rows(conn, site, new, now)
            await records.add_records(conn, rows)
            writes = _writes(zip(new, rows, strict=True), meant, now)
            await projections.write(conn, site, writes, now)
            given.update({row.hash: row.receipt for row in rows})
            receipts.update({(site, hashed): receipt for hashed, receipt in given.items()})
        return _Kept(receipts, late)

    async def _rows(self, conn: AsyncConnection, site: str, new: list[Arrived], now: int) -> list[RecordRow]:
        taken = await records.taken_numbers(conn, site, [one.envelope.seq for one in new])
        rows = []
        for one in new:
            state = QUARANTINED if one.envelope.seq in taken else STORED
            taken.add(one.envelope.seq)
            rows.append(_row(one, state, self._receipt(one, state, now), now))
        return rows

    def _receipt(self, one: Arrived, state: str, now: int) -> bytes:
        fields = {
            "at": now,
            "hash": one.hash,
            "key": self._signer.key_id,
            "seq": one.envelope.seq,
            "site": one.envelope.site,
            "state": state,
            "type": "receipt",
            "v": VERSION,
        }
        return frames.frame(self._signer, frames.RECEIPT, canonical(fields))


def _row(one: Arrived, state: str, receipt: bytes, now: int) -> RecordRow:
    said = one.envelope
    return RecordRow(
        said.site, one.hash, said.seq, said.prev, said.type, said.at, now, one.frame, receipt, state
    )


def _by_site(arrived: list[Arrived]) -> dict[str, list[Arrived]]:
    found: dict[str, list[Arrived]] = defaultdict(list)
    for one in arrived:
        found[one.envelope.site].append(one)
    return found


def _writes(kept: Iterable[tuple[Arrived, RecordRow]], meant: dict[Key, Projection], now: int) -> Writes:
    """Gather what the kept records mean; a quarantined one means only that two carry its number."""
    writes = Writes()
    for one, row in kept:
        meaning = meant.get(one.key)
        if row.state == QUARANTINED:
            writes.problems.append(problems.Said("record.fork", one.envelope.seq, one.hash))
        elif meaning is not None:
            meaning.add_to(writes, one, now)
    return writes


async def _note(conn: AsyncConnection, turned: list[Turned], now: int) -> None:
    """Count what was refused of schools we know, once a body and code."""
    known = {(one.site, one.code, one.seq): one for one in turned if one.site}
    for _, one in sorted(known.items()):
        await problems.note(conn, one.site, problems.Said(one.code, one.seq, one.message), now)
