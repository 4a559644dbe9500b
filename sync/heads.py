"""The last event of each active sitting, in memory, so that appending one reads nothing."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING

from sync.chain import first_prev, read_event
from sync.seals import Head

if TYPE_CHECKING:
    import sqlite3

MAX_HEADS = 20_000
"""Sittings remembered; about 200 bytes each."""

_LAST = "SELECT seq, bytes FROM log_events WHERE sitting = ? ORDER BY seq DESC LIMIT 1"


class Heads:
    """A bounded memory of heads, forgetting the least recently used, and only between commits."""

    def __init__(self, limit: int = MAX_HEADS) -> None:
        self._limit = limit
        self._heads: OrderedDict[str, Head] = OrderedDict()

    def get(self, connection: sqlite3.Connection, sitting: str) -> Head:
        """Return the head of a sitting; number 0 and the first `prev` when nothing happened yet."""
        head = self._heads.get(sitting)
        if head is None:
            return _stored(connection, sitting)
        return head

    def known(self, sitting: str) -> Head:
        """Return a head that was put before. Raises KeyError."""
        return self._heads[sitting]

    def put(self, head: Head) -> None:
        """Remember a head as the newest of its sitting."""
        self._heads[head.sitting] = head
        self._heads.move_to_end(head.sitting)

    def trim(self) -> None:
        """Forget what is beyond the limit. Never inside a commit: events not yet stored would be lost sight of."""
        while len(self._heads) > self._limit:
            self._heads.popitem(last=False)


def _stored(connection: sqlite3.Connection, sitting: str) -> Head:
    row = connection.execute(_LAST, (sitting,)).fetchone()
    if row is None:
        return Head(sitting, 0, first_prev(sitting))
    read_event(row[1])
    return Head(sitting, row[0], hashlib.sha256(row[1]).hexdigest())
