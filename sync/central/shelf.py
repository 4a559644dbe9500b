"""The banks replay needs, opened once and kept: a bank is found by its digest and never changes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from exam.bundle import load_bundle
from sync.central.store import banks

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from exam.bank import Bank
    from sync.central.database import Database

KEPT = 8


class Shelf:
    """Opens banks from the database; the least used is put back when more than `KEPT` are open."""

    def __init__(self, database: Database, pool: Executor) -> None:
        self._database = database
        self._pool = pool
        self._open: OrderedDict[str, Bank] = OrderedDict()

    async def find(self, digest: str) -> Bank | None:
        """Return the bank of this digest, or None when nobody has added it yet."""
        if digest in self._open:
            self._open.move_to_end(digest)
            return self._open[digest]
        async with self._database.read() as conn:
            bundle = await banks.read_bundle(conn, digest)
        if bundle is None:
            return None
        bank = await asyncio.get_running_loop().run_in_executor(self._pool, load_bundle, bundle)
        self._open[digest] = bank
        if len(self._open) > KEPT:
            self._open.popitem(last=False)
        return bank

    async def find_all(self, digests: set[str]) -> dict[str, Bank]:
        """Return the banks known among these digests."""
        found = {digest: await self.find(digest) for digest in sorted(digests)}
        return {digest: bank for digest, bank in found.items() if bank is not None}
