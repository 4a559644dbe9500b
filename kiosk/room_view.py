"""A session as those in charge see it: what it is, everyone in it, and what was noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.actors import authorised
from kiosk.candidate_view import CandidateView, candidate_view, changes_by_itself
from kiosk.store import candidates, machines, room_notes
from kiosk.store.room_notes import Incident, Leftover

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from sync.db import Tx


class LeftoverView(msgspec.Struct, frozen=True):
    """An answer that a fenced machine offers."""

    candidate: str
    number: int
    machine: str
    seat: str
    at_ms: int


class RoomView(msgspec.Struct, frozen=True):
    """One session while it is open; `now_ms` is the wall clock of this reading.

    `disk`: 0 while there is room, 1 when little is left, 2 when answers live on their reserve, 3 when that is ending.
    """

    id: str
    number: int
    site: str
    room: str
    date: str
    time: str
    examiners: str
    code: str
    lockdown: str
    status: str
    allowance_min: int
    now_ms: int
    disk: int
    candidates: list[CandidateView]
    leftovers: list[LeftoverView]
    incidents: list[Incident]


async def room_view(kiosk: Kiosk, actor: Actor, session: str) -> RoomView:
    """Return the session as it stands; raises NotFound for anyone else's, Conflict when it is not open."""
    now, disk = kiosk.clock.now_ms(), kiosk.rooms.disk

    def job(tx: Tx) -> RoomView:
        found = authorised(tx, actor, session)
        room = kiosk.rooms.get(session)
        room.labels = machines.labels(tx)
        t = room.clock.now()
        seen = [kiosk.passages.get(tx, row.id) for row in candidates.of_session(tx, session)]
        return RoomView(
            id=found.id,
            number=found.number,
            site=found.site,
            room=found.room,
            date=found.date,
            time=found.time,
            examiners=found.examiners,
            code=found.code,
            lockdown=found.lockdown,
            status=found.status,
            allowance_min=found.allowance_min,
            now_ms=now,
            disk=disk,
            candidates=[candidate_view(entry, t, now) for entry in seen],
            leftovers=[_leftover(one, room.labels) for one in room_notes.waiting_leftovers(tx, session)],
            incidents=room_notes.incidents_of(tx, session),
        )

    return await kiosk.db.write(job)


async def moved_by_time(kiosk: Kiosk, actor: Actor, session: str, told: set[str]) -> list[CandidateView]:
    """Return whom time alone changes, silent pages and overtime, and who of `told` no longer is one of them.

    Every open screen asks this every few seconds, so nobody else is composed. Raises as `room_view`.
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> list[CandidateView]:
        authorised(tx, actor, session)
        room = kiosk.rooms.get(session)
        t = room.clock.now()
        entries = [kiosk.passages.get(tx, candidate) for candidate in candidates.ids_of_session(tx, session)]
        moved = [entry for entry in entries if entry.id in told or changes_by_itself(entry, t)]
        if moved:
            room.labels = machines.labels(tx)
        return [candidate_view(entry, t, now) for entry in moved]

    return await kiosk.db.write(job)


def _leftover(one: Leftover, labels: dict[str, str]) -> LeftoverView:
    return LeftoverView(one.candidate, one.number, one.machine, labels.get(one.machine, ""), one.at_ms)
