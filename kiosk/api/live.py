"""Live streams (server-sent events): a snapshot first, then what changes; lost news never matters.

A stream that falls behind is ended by the server, and the browser opens it again with a fresh snapshot. A comment is
sent when nothing happens, so that a dead connection is noticed by both sides.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Request, StreamResponse

from kiosk.actions.participations import own_participation
from kiosk.api.follow import activity_of
from kiosk.api.reply import encode
from kiosk.keys import KIOSK
from kiosk.live_news import campaign_topic, participation_topic, sse
from kiosk.screens.access import login_of, signed_in
from kiosk.store import participations as store
from kiosk.store.receipts import receipt_state
from web.security import PAGE_HEADERS

if TYPE_CHECKING:
    import sqlite3

    from kiosk.keys import Kiosk
    from kiosk.live import Listener
    from kiosk.store.participations import Participation

QUIET_S = 15.0
GATHER_S = 0.2
RECEIPT_S = 2.0


class Uploaded(msgspec.Struct, frozen=True):
    """Whether the central instance holds the shared results."""

    state: str


async def campaign(request: Request) -> StreamResponse:
    """Follow a campaign: `snapshot` with everyone, then one `participation` for each pupil who moves."""
    kiosk, person, wanted = request.app[KIOSK], signed_in(request), request.match_info["id"]
    topic = campaign_topic(wanted)
    # Listening begins before the snapshot is read: news may come twice, never be missed.
    with kiosk.hub.listen(topic, person.id) as listener:
        first = await kiosk.db.read(lambda conn: activity_of(conn, wanted, person))
        stream = await open_stream(request)
        await send(stream, sse("snapshot", encode(first)))
        await _follow(request, stream, listener)
    return stream


async def participation(request: Request) -> StreamResponse:
    """Follow one's own participation: `fenced` when another page takes it, `uploaded` when central holds it."""
    kiosk, person, wanted = request.app[KIOSK], signed_in(request), request.match_info["id"]
    with kiosk.hub.listen(participation_topic(wanted), person.id) as listener:
        row = await kiosk.db.read(lambda conn: own_participation(conn, wanted, person))
        stream = await open_stream(request)
        await send(stream, b": open\n\n")
        watch = asyncio.create_task(_watch_receipt(kiosk, row, listener))
        try:
            await _follow(request, stream, listener)
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
    return stream


async def open_stream(request: Request) -> StreamResponse:
    """Return a stream of events, its head sent."""
    stream = StreamResponse(headers={**PAGE_HEADERS, "Content-Type": "text/event-stream"})
    await stream.prepare(request)
    return stream


async def _follow(request: Request, stream: StreamResponse, listener: Listener) -> None:
    """Send news until the page leaves, falls behind, or its person is no longer signed in, or no longer of the team."""
    kiosk, login = request.app[KIOSK], login_of(request)
    while not listener.dropped:
        news = await listener.take(QUIET_S)
        again = await kiosk.logins.by_digest(login.digest, kiosk.clock.now_ms())
        if again is None or again.organisation != login.organisation:
            return
        if not await send(stream, b"".join(news) if news else b": still here\n\n"):
            return
        # What happens in the next moments goes out together.
        await asyncio.sleep(GATHER_S)


async def send(stream: StreamResponse, data: bytes) -> bool:
    """Send some events; return whether anyone still reads."""
    try:
        await stream.write(data)
    except (ConnectionError, RuntimeError):
        return False
    return True


async def _watch_receipt(kiosk: Kiosk, row: Participation, listener: Listener) -> None:
    """Look every two seconds, while the page listens, for the receipt of what was shared."""
    while True:
        current = row if row.record is not None else await kiosk.db.read(lambda conn: own_again(conn, row))
        if current.record is not None:
            number = current.record
            state = await asyncio.to_thread(receipt_state, kiosk.config.sync_database, number)
            if state is not None:
                listener.put("uploaded", sse("uploaded", encode(Uploaded(state))))
                return
        await asyncio.sleep(RECEIPT_S)


def own_again(conn: sqlite3.Connection, row: Participation) -> Participation:
    """Return the participation as it is now."""
    return store.by_id(conn, row.id) or row
