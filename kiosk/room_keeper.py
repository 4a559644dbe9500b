"""Keeps open sessions going: opens them again when the server starts, notes their clocks, tells when the wall clock jumps.

Everything here works without anybody: after a kill, a power cut or an update the room goes on where it stood.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import structlog

from exam.errors import ExamError
from exam.session.passage import ACTIVE
from exam.session.room_events import ClockWent
from kiosk import day_keys, disk_reserve
from kiosk.errors import KioskError
from kiosk.keys import KIOSK
from kiosk.room_news import tell_room
from kiosk.rooms import Room, unseal
from kiosk.session_clock import SessionClock, wall_jump
from kiosk.store import candidates
from kiosk.store import sessions as store
from sync.bundle_file import BundleFileError
from sync.frames import FrameError
from sync.keys import KeyFileError
from sync.sealed import SealError
from sync.transaction import DatabaseError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp.web import Application

    from kiosk.keys import Kiosk
    from kiosk.store.sessions import Session
    from sync.db import Tx

EVERY_S = 2.0


async def keeper(app: Application) -> AsyncIterator[None]:
    """Open again what was open, then note the clocks while the server runs."""
    kiosk = app[KIOSK]
    await reopen(kiosk)
    task = asyncio.create_task(_go_on(kiosk), name="rooms")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def reopen(kiosk: Kiosk) -> None:
    """Open again the sessions that were open; one that cannot be waits for its day code, and the others go on."""
    for session in await kiosk.db.read(store.opened):
        if kiosk.rooms.find(session.id) is not None:
            continue
        try:
            await _reopen(kiosk, session)
        except (SealError, ExamError, FrameError, BundleFileError, KeyFileError, OSError) as problem:
            structlog.get_logger().error(
                "a session waits for its day code", session=session.number, reason=str(problem)
            )
        except KioskError as refusal:
            structlog.get_logger().error(
                "a session cannot go on", session=session.number, code=refusal.code, **refusal.params
            )


async def _reopen(kiosk: Kiosk, session: Session) -> None:
    bundle = session.bundle or ""
    key = await asyncio.to_thread(day_keys.read, kiosk.config.home, session.id, bundle)
    if key is None:
        raise SealError("no_key", "the day key of this session is not on this server")
    await resume_room(kiosk, session, key)


async def resume_room(kiosk: Kiosk, session: Session, day_key: bytes) -> Room:
    """Return the room of a session that is open, served again from where its clock stood."""
    sealed = await asyncio.to_thread(kiosk.rooms.shelf.of, session.bundle or "")
    opened = await asyncio.to_thread(unseal, sealed, day_key, kiosk.banks)

    def job(tx: Tx) -> Room:
        anchor = store.anchor_of(tx, session.id)
        if anchor is None:
            clock, rebooted = SessionClock(kiosk.clock), False
        else:
            clock, rebooted = SessionClock.going_on(kiosk.clock, anchor)
        room = Room(session, clock, sealed.head.bundle, opened.part, opened.engine, opened.paper, clock.now())
        kiosk.rooms.add(room)
        tx.on_undo(lambda: kiosk.rooms.drop(session.id))
        last_seen, away = anchor.t_ms if anchor is not None else 0, store.away_of(tx, session.id)
        for row in candidates.of_session(tx, session.id):
            if row.state in ACTIVE:
                entry = kiosk.passages.get(tx, row.id)
                # Who was not back since an earlier restart has lost the time since before that one.
                room.seen[row.id] = away.get(row.id, max(last_seen, entry.last_t))
        room.up_t = clock.now()
        jumped = wall_jump(anchor, clock.anchor()) if anchor is not None else 0
        why = "machine_restarted" if rebooted else "server_restarted"
        kiosk.log.append_event(
            tx,
            session.id,
            ClockWent(room.up_t, "machine_restarted" if rebooted else "server_restarted", jumped),
            kiosk.clock.now_ms(),
        )
        store.keep_anchor(tx, session.id, clock.anchor(), _away(room))
        structlog.get_logger().info("session goes on", session=session.number, why=why)
        return room

    return await kiosk.db.write(job)


async def _go_on(kiosk: Kiosk) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        if not kiosk.rooms.all():
            continue
        try:
            # Before anything is written: on a full disk that is what makes room for it.
            await watch_disk(kiosk)
            await note_clocks(kiosk)
        except (DatabaseError, OSError) as problem:
            # The next time is in two seconds; what cannot be saved is told where answers are refused.
            structlog.get_logger().warning("clocks not noted", reason=str(problem))


async def watch_disk(kiosk: Kiosk) -> None:
    """Give answers some of their reserve when the disk is full, and tell those in charge of a room how full it is."""
    level = await asyncio.to_thread(_look_at_disk, kiosk.config.home)
    if kiosk.db.failing:
        level = disk_reserve.LAST
    if level == kiosk.rooms.disk:
        return
    kiosk.rooms.disk = level
    structlog.get_logger().warning("disk", level=level)
    for room in kiosk.rooms.all():
        tell_room(kiosk, room.session.id, "disk", "", {"level": level})


def _look_at_disk(home: Path) -> int:
    disk_reserve.give_way(home)
    disk_reserve.take_again(home)
    return disk_reserve.level(home)


async def note_clocks(kiosk: Kiosk) -> None:
    """Note where each open session's clock stands, and tell in its chain when the wall clock jumped."""
    away = {room.session.id: _away(room) for room in kiosk.rooms.all()}

    def job(tx: Tx) -> None:
        for room in kiosk.rooms.all():
            before, after = store.anchor_of(tx, room.session.id), room.clock.anchor()
            jumped = wall_jump(before, after) if before is not None else 0
            if jumped:
                kiosk.log.append_event(
                    tx, room.session.id, ClockWent(after.t_ms, "wall_jumped", jumped), after.wall_ms
                )
            store.keep_anchor(tx, room.session.id, after, away.get(room.session.id))

    await kiosk.db.write(job)


def _away(room: Room) -> dict[str, int]:
    """Return the pages that have not spoken since this server began to serve the room."""
    return {candidate: seen for candidate, seen in room.seen.items() if seen < room.up_t}
