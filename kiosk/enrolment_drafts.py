"""Sessions read from a file between their preview and their confirmation: in memory, two hours at most, for their reader.

Names of pupils that were never enrolled are never written; a server that stops forgets them, and the file is given again.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from aiohttp.web import AppKey

from kiosk.errors import NotFound

if TYPE_CHECKING:
    from kiosk.enrolment.sessions_file import Planned
    from kiosk.imports.reading import Reading

LASTS_MS = 7_200_000
MOST = 20


class Draft(NamedTuple):
    """A file that was read: whose it is, until when it waits, and what it said."""

    owner: str
    organisation: str
    expires_ms: int
    file_name: str
    data: bytes
    sessions: tuple[Planned, ...]
    reading: Reading


class Drafts:
    """Every file that waits, the oldest forgotten when there are too many."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Draft] = OrderedDict()

    def keep(self, draft: Draft, now_ms: int) -> str:
        """Keep a draft; return the name to ask for it by."""
        self._sweep(now_ms)
        name = secrets.token_hex(8)
        self._waiting[name] = draft
        while len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        return name

    def find(self, name: str, owner: str, organisation: str, now_ms: int) -> Draft:
        """Return what waits under a name for this person in this organisation; raises NotFound."""
        self._sweep(now_ms)
        found = self._waiting.get(name)
        if found is None or (found.owner, found.organisation) != (owner, organisation):
            raise NotFound("planning.draft_gone")
        return found

    def drop(self, name: str) -> None:
        """Forget what waits under a name."""
        self._waiting.pop(name, None)

    def _sweep(self, now_ms: int) -> None:
        for name in [name for name, one in self._waiting.items() if one.expires_ms <= now_ms]:
            del self._waiting[name]


DRAFTS: AppKey[Drafts] = AppKey("drafts")
