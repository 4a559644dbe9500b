"""Participations judged again from the records that carry them: those that waited for a bank, or failures on request.

Nothing of the record is rewritten; only the finding is. The signature was checked when the record came in and its
bytes have not moved since, which the database's own checks see to.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from exam.replay import Replayer
from sync import frames
from sync.central.made_courses import courses_for
from sync.central.store import participations
from sync.central.store.participations import FAILED, VERIFIED, WAITING, Finding, ToJudge
from sync.central.verdicts import Judge, read_shared
from sync.records import Record

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.database import Database
    from sync.central.shelf import Shelf

BATCH = 100


@dataclass(frozen=True, slots=True)
class Count:
    """How many participations were judged again, and what was found."""

    judged: int = 0
    verified: int = 0
    failed: int = 0


class Reverify:
    """Judges again; `pool`, of one thread, does the thinking."""

    def __init__(self, database: Database, shelf: Shelf, pool: Executor) -> None:
        self._database = database
        self._shelf = shelf
        self._pool = pool
        self._replayer = Replayer()

    async def run(self, now: int, verdicts: tuple[str, ...] = (WAITING,)) -> Count:
        """Judge again every participation with one of these verdicts whose bank is known; return the count."""
        after, count = ("", ""), Count()
        while True:
            async with self._database.read() as conn:
                batch = await participations.to_judge(conn, verdicts, after, BATCH)
            if not batch:
                return count
            findings = await self._judge(batch)
            await self._database.write(partial(_keep, findings=findings, now=now))
            after = (batch[-1].site, batch[-1].participation)
            good = sum(finding.verdict == VERIFIED for _, finding in findings)
            bad = sum(finding.verdict == FAILED for _, finding in findings)
            count = Count(count.judged + len(batch), count.verified + good, count.failed + bad)

    async def _judge(self, batch: list[ToJudge]) -> list[tuple[ToJudge, Finding]]:
        banks = await self._shelf.find_all({one.bank for one in batch})
        made = await courses_for(self._database, {one.course for one in batch}, {})
        judge = Judge(self._replayer, banks, made)
        think = asyncio.get_running_loop().run_in_executor
        return await think(self._pool, lambda: [(one, _judge(judge, one.frame)) for one in batch])


def _judge(judge: Judge, frame: bytes) -> Finding:
    record = msgspec.json.decode(frames.parse(frame).body, type=Record)
    return judge.judge(read_shared(bytes(record.body)))


async def _keep(conn: AsyncConnection, *, findings: list[tuple[ToJudge, Finding]], now: int) -> None:
    for one, finding in findings:
        await participations.set_finding(conn, (one.site, one.participation), finding, now)
