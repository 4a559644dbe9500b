"""Passwords for one use between the moment they are made and the moment they are printed: in memory, for their maker.

What the database keeps of a password cannot be read back, so slips exist only here: an hour at most, for the browser
that asked, gone when it says so or when the server stops. Nothing of this is ever written.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from aiohttp.web import AppKey

from kiosk.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.actions.pupil_accounts import Handed

LASTS_MS = 3_600_000
MOST = 50


class Handover(NamedTuple):
    """What one act made: for which login, until when, and for whom."""

    login: str
    expires_ms: int
    handed: tuple[Handed, ...]


class Handovers:
    """Every handover that waits; of one login that makes too many, its oldest is forgotten."""

    def __init__(self) -> None:
        self._waiting: dict[str, Handover] = {}

    def keep(self, login: str, handed: Sequence[Handed], now_ms: int) -> str:
        """Keep what was made for this login; return the name to ask for it by."""
        self._sweep(now_ms)
        name = secrets.token_urlsafe(16)
        self._waiting[name] = Handover(login, now_ms + LASTS_MS, tuple(handed))
        own = [other for other, one in self._waiting.items() if one.login == login]
        for old in own[:-MOST]:
            del self._waiting[old]
        return name

    def find(self, name: str, login: str, now_ms: int) -> Handover:
        """Return what waits under a name for this login; raises NotFound."""
        self._sweep(now_ms)
        found = self._waiting.get(name)
        if found is None or found.login != login:
            raise NotFound("handover.gone")
        return found

    def drop(self, name: str, login: str) -> None:
        """Forget what waits under a name."""
        found = self._waiting.get(name)
        if found is not None and found.login == login:
            del self._waiting[name]

    def _sweep(self, now_ms: int) -> None:
        for name in [name for name, one in self._waiting.items() if one.expires_ms <= now_ms]:
            del self._waiting[name]


HANDOVERS: AppKey[Handovers] = AppKey("handovers")
