"""Certifications led again with their bank, and scored once their session is finalised: the part that thinks.

A result is a row added when what it rests on changed (the chain, the verdict, the reason of an abandonment, the jury's
decision, a wish to score again); nothing of an earlier one is touched.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from exam.certification.results import Result
from exam.certification.scale import SCALE
from sync import frames
from sync.central.certification_reading import judge, read_sealed, score
from sync.central.jury import stand
from sync.central.store import certifications, jury
from sync.central.store.jury import ResultRow
from sync.central.store.participations import VERIFIED, WAITING
from sync.records import Record

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sqlalchemy.ext.asyncio import AsyncConnection

    from exam.certification.results import Abandonment, Jury
    from sync.central.certification_banks import CertificationBanks, OpenedBank
    from sync.central.certification_reading import SealedReading
    from sync.central.database import Database
    from sync.central.jury import Ruled, Standing
    from sync.central.store.certifications import Certification
    from sync.central.store.participations import Finding

BATCH = 50
AUTOMATIC = ""
MESHES = {one.mesh: index for index, one in enumerate(SCALE.intervals)}


class Certify:
    """Judges and scores; `pool`, of one thread, does the thinking."""

    def __init__(self, database: Database, banks: CertificationBanks, pool: Executor) -> None:
        self._database, self._banks, self._pool = database, banks, pool

    async def run(self, now: int) -> int:
        """Judge what waits and whose bank is known, score what was finalised; return how many were judged."""
        judged = 0
        while True:
            async with self._database.read() as conn:
                batch = await jury.to_judge(conn, BATCH)
            if not batch:
                break
            for key in batch:
                await self.judge_again(*key, now)
            judged += len(batch)
        async with self._database.read() as conn:
            sessions = await jury.to_settle(conn, 10_000)
        for site, session in sessions:
            await self.settle(site, session, now)
        return judged

    async def judge_again(self, site: str, candidate: str, now: int) -> None:
        """Lead one certification again and keep the finding."""
        async with self._database.read() as conn:
            known = await certifications.by_candidate(conn, site, candidate)
            frame = None if known is None else await certifications.frame_of(conn, site, known.record)
        if known is None or frame is None:
            return
        bank = (await self._banks.find_all({(known.tables, known.thresholds)})).get(
            (known.tables, known.thresholds)
        )

        def think() -> Finding:
            return judge(_reading(frame), bank)

        finding = await asyncio.get_running_loop().run_in_executor(self._pool, think)
        await self._database.write(
            lambda conn: certifications.set_finding(conn, (site, candidate), finding, now)
        )

    async def settle(self, site: str, session: str, now: int, by: str = AUTOMATIC, act: int = 0) -> int:
        """Add the results that a finalised session lacks; return how many."""
        async with self._database.read() as conn:
            final = await certifications.final_of(conn, site, session)
            acts = await jury.acts_of(conn, site, session)
            known = await certifications.of_session(conn, site, session)
            results = await jury.results_of(conn, site, session)
        standing = stand(final.seq if final else None, acts)
        if standing.finalised is None:
            return 0
        added = 0
        for one in known:
            last = results.get(one.candidate, [])
            if one.began == 0 or one.verdict == WAITING:
                continue
            if last and last[-1].basis == basis_of(one, standing):
                continue
            row = await self._row(one, standing, len(last) + 1, (by, act), now)
            await self._database.write(partial(_add, row=row))
            added += 1
        return added

    async def _row(
        self, one: Certification, standing: Standing, number: int, by: tuple[str, int], now: int
    ) -> ResultRow:
        ruled = standing.of(one.candidate)
        found = await self._scored(one, ruled)
        status, comment = (
            ("error", one.code or "not_scorable") if found is None else (found.status, found.comment)
        )
        has = found is not None and found.ability is not None
        return ResultRow(
            site=one.site,
            candidate=one.candidate,
            number=number,
            session=one.session,
            status=status,
            comment=comment[:60],
            answers=one.answered,
            degraded=int(found.degraded) if found else 0,
            score=found.score if found and has else None,
            low=found.low if found and has else None,
            high=found.high if found and has else None,
            ability=found.ability if found and has else None,
            deviation=found.deviation if found and has else None,
            mesh=MESHES.get(found.mesh) if found else None,
            levels=msgspec.json.encode(levels_of(found)),
            basis=basis_of(one, standing),
            act=by[1],
            officer=by[0],
            at=now,
        )

    async def _scored(self, one: Certification, ruled: Ruled) -> Result | None:
        """Return the result; None when replay failed and no jury decided, or when it cannot be scored."""
        if ruled.jury is not None:
            return _decided(one, ruled.jury)
        if one.verdict != VERIFIED:
            return None
        async with self._database.read() as conn:
            frame = await certifications.frame_of(conn, one.site, one.record)
        digests = (one.tables, one.thresholds)
        bank = (await self._banks.find_all({digests})).get(digests)
        if bank is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, partial(_score, frame, bank, ruled.reason(one.abandonment))
        )


def _decided(one: Certification, decision: Jury) -> Result:
    """Return the result of a jury's decision, which needs no bank and no sound chain."""
    if decision == "cancelled":
        return Result("cancelled", "cancelled_by_jury", one.answered, degraded=False)
    return Result("rejected", "fraud", one.answered, degraded=False)


def levels_of(found: Result | None) -> list[tuple[str, int]]:
    """Return the level of each competence: the one in the middle of its probability."""
    if found is None:
        return []
    return [(competence, middle(shares)) for competence, shares in found.levels]


def middle(shares: tuple[int, ...]) -> int:
    """Return the median of levels 0, 1… by their probabilities in thousandths."""
    below = 0
    for level, share in enumerate(shares):
        below += share
        if 2 * below >= 1000:
            return level
    return len(shares) - 1


def basis_of(one: Certification, standing: Standing) -> str:
    """Return what a result rests on: two results of one basis would be the same."""
    ruled = standing.of(one.candidate)
    reason = ruled.reason(one.abandonment) or ""
    return f"{one.head}|{one.verdict}|{reason}|{ruled.jury or ''}|{ruled.rescores}"


def _score(frame: bytes, bank: OpenedBank, reason: Abandonment | None) -> Result | None:
    return score(_reading(frame), bank, reason)


def _reading(frame: bytes) -> SealedReading:
    record = msgspec.json.decode(frames.parse(frame).body, type=Record)
    return read_sealed(bytes(record.body))


async def _add(conn: AsyncConnection, *, row: ResultRow) -> None:
    """Add a result unless somebody else just added the same."""
    last = await jury.last_result(conn, row.site, row.candidate)
    if last is None or (last.number < row.number and last.basis != row.basis):
        await jury.add_result(conn, row)
