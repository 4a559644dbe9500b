"""For those who watch the machine: whether it serves, and a few counters for this machine alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Response

from kiosk.api.reply import reply
from kiosk.keys import KIOSK

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from sync.db import Tx


class Health(msgspec.Struct, frozen=True):
    """`ok`, or `degraded` from the moment a commit failed until one succeeds."""

    status: str
    school: str
    bank: str


async def health(request: Request) -> StreamResponse:
    """Say whether the server serves and saves: the answer comes after a round trip through the writer.

    503 while what is sent cannot be saved (a full disk).
    """
    kiosk = request.app[KIOSK]

    def job(tx: Tx) -> None:
        tx.execute("SELECT 1").fetchone()

    await kiosk.db.write(job)
    status, code = ("degraded", 503) if kiosk.db.failing else ("ok", 200)
    return reply(Health(status, kiosk.identity.uai, kiosk.banks.current.digest), code)


async def metrics(request: Request) -> StreamResponse:
    """Return the counters in Prometheus text."""
    kiosk = request.app[KIOSK]
    text = kiosk.metrics.text(kiosk.hub.listeners, len(kiosk.sittings), kiosk.db.waits)
    return Response(text=text, content_type="text/plain", charset="utf-8")
