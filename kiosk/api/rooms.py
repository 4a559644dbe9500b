"""A session for those in charge: as it stands, and as it goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kiosk.api.live import open_stream, send
from kiosk.api.reply import encode, reply
from kiosk.errors import KioskError
from kiosk.exam_access import pass_of
from kiosk.keys import KIOSK
from kiosk.live_news import sse
from kiosk.room_news import passage_topic, session_topic
from kiosk.room_view import moved_by_time, room_view
from kiosk.screens.actors import actor_of
from kiosk.store import candidates

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.candidate_view import CandidateView

TICK_S = 4.0
GATHER_S = 0.2


async def room(request: Request) -> StreamResponse:
    """Return a session as those in charge see it."""
    session = request.match_info["id"]
    return reply(await room_view(request.app[KIOSK], await actor_of(request, session), session))


async def follow(request: Request) -> StreamResponse:
    """Follow a session: `snapshot` first, then one `candidate` for each who moves, `room`, `incident`, `message`."""
    kiosk, session = request.app[KIOSK], request.match_info["id"]
    actor = await actor_of(request, session)
    # Listening begins before the snapshot is read: news may come twice, never be missed.
    with kiosk.hub.listen(session_topic(session), actor.key) as listener:
        first = await room_view(kiosk, actor, session)
        stream = await open_stream(request)
        alive = await send(stream, sse("snapshot", encode(first)))
        loop = asyncio.get_running_loop()
        due = loop.time() + TICK_S
        timed = {one.id for one in first.candidates if _in_time(one)}
        while alive and not listener.dropped:
            news = await listener.take(TICK_S)
            if loop.time() >= due:
                due = loop.time() + TICK_S
                try:
                    news += await _sweep(request, session, timed)
                except KioskError:
                    break
            alive = await send(stream, b"".join(news) or b": still here\n\n")
            await asyncio.sleep(GATHER_S)
    return stream


async def _sweep(request: Request, session: str, timed: set[str]) -> list[bytes]:
    """Return what time alone changed: silent pages, overtime. A key revoked meanwhile is refused here, within seconds.

    `timed` is whom this screen was told of so; who is no longer (a page heard again without any loss) is told once more.
    """
    actor = await actor_of(request, session)
    moved = await moved_by_time(request.app[KIOSK], actor, session, timed)
    timed.clear()
    timed.update(one.id for one in moved if _in_time(one))
    return [sse("candidate", encode(one)) for one in moved]


def _in_time(one: CandidateView) -> bool:
    """Return whether what is said of this candidate changes by time alone."""
    return bool(one.silent_s or one.overtime_s)


async def follow_own(request: Request) -> StreamResponse:
    """Follow one's own passage: `tick` every few seconds, `changed`, `message`, then `fenced`, or `over` when it has ended."""
    kiosk, candidate = request.app[KIOSK], request.match_info["id"]
    await pass_of(request, candidate, pending=True)
    with kiosk.hub.listen(passage_topic(candidate), candidate) as listener:
        stream = await open_stream(request)
        alive = await send(stream, b"event: tick\ndata: {}\n\n")
        while alive and not listener.dropped:
            news = await listener.take(TICK_S)
            try:
                await pass_of(request, candidate, pending=True)
            except KioskError:
                await send(stream, sse(await _last_word(request, candidate), b"{}"))
                break
            alive = await send(stream, b"".join([*news, b"event: tick\ndata: {}\n\n"]))
            await asyncio.sleep(GATHER_S)
    return stream


async def _last_word(request: Request, candidate: str) -> str:
    """Return why a page may not follow its passage any longer: it has ended, or another machine has it."""
    row = await request.app[KIOSK].db.read(lambda conn: candidates.by_id(conn, candidate))
    return "over" if row is not None and row.state == "ended" else "fenced"
