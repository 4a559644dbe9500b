"""The sealed banks that certifications are replayed with: kept as they came, their day key sealed for our own box.

A copy of the database says nothing of an item: the key of the box is a file beside it. Opened banks stay in memory, few at a
time, and each item is decrypted when a sitting meets it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exam.bundle import load_bundle
from exam.certification.engine import CertificationEngine
from exam.certification.paper import BankPaper
from exam.questions import Question
from exam.sealed_part import read_item, read_part, tables_of
from sync.bundle_file import OPEN, read_bundle
from sync.central.errors import WrongSetting
from sync.central.store import sealed_banks
from sync.central.store.sealed_banks import SealedRow
from sync.keys import public_from_hex
from sync.sealed import SealError, lock_for_school, unlock_for_school, unlock_with_code, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from exam.bank import Bank
    from exam.certification.events import Outcome
    from exam.certification.paper import Given
    from exam.events import Answer
    from sync.box_keys import Box
    from sync.bundle_file import Head
    from sync.central.database import Database
    from sync.keys import PublicKey

KEPT = 4
TABLES = "tables"
Digests = tuple[str, str]
"""Of tables and thresholds: what a sitting says it was led by."""


class SealedPaper:
    """Grades by the sealed items of one bundle; used by the one thread that thinks."""

    def __init__(self, head: Head, parts: dict[str, bytes], day_key: bytes) -> None:
        self._head, self._parts, self._day_key = head, parts, day_key
        self._base = replace(load_bundle(parts[OPEN]), digest=head.bundle, items={}, questions={})
        self._known: dict[str, Bank] = {}

    def check(self, item: str, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer has the shape the item asks for."""
        BankPaper(self._bank_of(item)).check(item, answer)

    def grade(self, given: Given) -> Outcome:
        """Return the outcome of what was given."""
        return BankPaper(self._bank_of(given.item)).grade(given)

    def _bank_of(self, name: str) -> Bank:
        bank = self._known.get(name)
        if bank is None:
            item = read_item(unseal(self._day_key, self._head.bundle, name, self._parts[name]), name).item
            questions = {name: Question(item, self._base.languages)}
            bank = self._known[name] = replace(self._base, items={name: item}, questions=questions)
        return bank


@dataclass(frozen=True, slots=True)
class OpenedBank:
    """What replay needs of a bundle."""

    engine: CertificationEngine
    paper: SealedPaper


def open_row(row: SealedRow, box: Box) -> OpenedBank:
    """Return the engine and the paper of a kept bundle; raises SealError or an ExamError when it does not open."""
    head, parts = read_bundle(row.data, public_from_hex(row.signer))
    return _opened(head, parts, unlock_for_school(row.day_key, row.bundle, box))


def _opened(head: Head, parts: dict[str, bytes], day_key: bytes) -> OpenedBank:
    part = read_part(unseal(day_key, head.bundle, TABLES, parts[TABLES]))
    tables, thresholds = tables_of(part)
    return OpenedBank(CertificationEngine(tables, thresholds, part.mode), SealedPaper(head, parts, day_key))


def row_of(data: bytes, signer: PublicKey, code: str, box: Box, now: int) -> SealedRow:
    """Return what is kept of a sealed bundle, opened once with its day code.

    Raises WrongSetting when it has no sealed part or the code is not its own; sync.frames.FrameError, BundleFileError.
    """
    head, parts = read_bundle(data, signer)
    lock = head.code
    if lock is None or not head.items:
        raise WrongSetting("bank", "this bundle has no certification part under a day code")
    try:
        salt, locked = bytes.fromhex(lock.salt), bytes.fromhex(lock.locked)
        day_key = unlock_with_code(locked, head.bundle, code, salt, lock.costs)
        opened = _opened(head, parts, day_key)
    except SealError as error:
        raise WrongSetting("day_code", str(error)) from error
    engine = opened.engine
    return SealedRow(
        bundle=head.bundle,
        digest=head.digest,
        version=head.version,
        tables=engine.tables.digest,
        thresholds=engine.eligibility.digest,
        signer=signer.raw.hex(),
        data=data,
        day_key=lock_for_school(day_key, head.bundle, box.public),
        added_at=now,
    )


class CertificationBanks:
    """Opens sealed banks from the database, by the digests of what they lead sittings with."""

    def __init__(self, database: Database, box: Box, pool: Executor) -> None:
        self._database, self._box, self._pool = database, box, pool
        self._open: OrderedDict[Digests, OpenedBank] = OrderedDict()

    async def find_all(self, wanted: Iterable[Digests]) -> dict[Digests, OpenedBank]:
        """Return the banks known among these."""
        found = {digests: await self._find(digests) for digests in sorted(set(wanted))}
        return {digests: bank for digests, bank in found.items() if bank is not None}

    async def _find(self, digests: Digests) -> OpenedBank | None:
        if digests in self._open:
            self._open.move_to_end(digests)
            return self._open[digests]
        async with self._database.read() as conn:
            row = await sealed_banks.by_digests(conn, *digests)
        if row is None:
            return None
        bank = await asyncio.get_running_loop().run_in_executor(self._pool, open_row, row, self._box)
        self._open[digests] = bank
        if len(self._open) > KEPT:
            self._open.popitem(last=False)
        return bank
