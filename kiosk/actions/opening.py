"""Opening and closing a certification session.

Opening unseals the bank by day code or by the school's box, reserves the disk, and signs the manifest. Closing ends what is
open, sends the session's own chain, and forgets the day key. Neither waits for the network.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from exam.bundle import BankError
from exam.certification.rules import ENGINE
from exam.sealed_part import OtherTablesError, SealedPartError
from exam.session.decisions import decide_end
from exam.session.passage import ACTIVE
from exam.session.room_events import RoomClosed, RoomOpened
from kiosk import day_keys, disk_reserve
from kiosk.actions import supervisors
from kiosk.actors import authorised
from kiosk.errors import Conflict, Refused
from kiosk.room_keeper import resume_room
from kiosk.room_news import tell_page
from kiosk.rooms import Opened, Room, unseal
from kiosk.session_clock import SessionClock
from kiosk.store import candidates, machines
from kiosk.store import sessions as store
from kiosk.store import supervisors as supervisor_store
from sync.box_keys import load_or_make_box
from sync.bundle_file import BundleFileError
from sync.chain import head_of
from sync.frames import FrameError
from sync.sealed import SealError
from sync.session_records import EnrolledCandidate, KnownMachine, SessionManifest, SupervisorActs

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.sealed_bank import SealedBank
    from kiosk.store.sessions import Session
    from sync.db import Tx

MINUTE_MS = 60_000
How = Literal["code", "box"]


class _Led(NamedTuple):
    """What a session is led by."""

    sealed: SealedBank
    day_key: bytes
    opened: Opened
    how: How


async def open_session(kiosk: Kiosk, actor: Actor, session: str, code: str | None = None) -> Session:
    """Open a session, by its day code or else by the school's box, and return it.

    Raises Conflict when it is open or over, Refused when the bank does not open, Full without room on the disk. A session
    whose server lost the key is opened again in the same way, and goes on.
    """
    found = await kiosk.db.read(lambda conn: authorised(conn, actor, session))
    if found.status not in {"created", "open"} or kiosk.rooms.find(session) is not None:
        raise Conflict("session.already_open")
    expected = await kiosk.db.read(lambda conn: candidates.count(conn, session))
    if expected == 0:
        raise Conflict("session.no_candidates")
    led = await _unsealed(kiosk, found, code)
    await asyncio.to_thread(disk_reserve.take, kiosk.config.home, expected)
    await asyncio.to_thread(day_keys.keep, kiosk.config.home, session, led.sealed.head.bundle, led.day_key)
    if found.status == "open":
        return (await resume_room(kiosk, found, led.day_key)).session
    now = kiosk.clock.now_ms()
    opened = await kiosk.db.write(lambda tx: _open(kiosk, tx, actor, session, led, now))
    kiosk.rooms.add(opened)
    return opened.session


async def _unsealed(kiosk: Kiosk, session: Session, code: str | None) -> _Led:
    names = kiosk.rooms.shelf.names()
    name = session.bundle or (names[0] if names else "")
    if session.bundle and session.bundle not in names:
        here = ", ".join(names) or "–"
        raise Refused("session.other_bank", field="bundle", params={"asked": session.bundle, "here": here})
    try:
        sealed = await asyncio.to_thread(kiosk.rooms.shelf.of, name)
        if code is None:
            box = await asyncio.to_thread(load_or_make_box, kiosk.config.home)
            key = sealed.key_by_box(box)
        else:
            key = await asyncio.to_thread(sealed.key_by_code, code)
        opened = await asyncio.to_thread(unseal, sealed, key, kiosk.banks)
        if session.mode == "certification" and rehearses(sealed):
            raise Refused("session.rehearsal_bank", field="bundle")
    except SealError as problem:
        raise Refused(f"session.seal_{problem.code}", field="code") from None
    except OtherTablesError as problem:
        params = {"asked": problem.built, "here": problem.here}
        raise Refused("session.other_tables", field="bundle", params=params) from None
    except SealedPartError:
        raise Refused("session.no_bank", field="bundle") from None
    except (BankError, FrameError, BundleFileError):
        raise Refused("session.no_bank", field="bundle") from None
    return _Led(sealed, key, opened, "box" if code is None else "code")


class _Sealed(msgspec.Struct, frozen=True):
    rehearsal: bool


class _Report(msgspec.Struct, frozen=True):
    """What the report inside a bundle says of its sealed part."""

    sealed: _Sealed | None


def rehearses(sealed: SealedBank) -> bool:
    """Return whether the sealed items are open ones, which everybody may have met: good to rehearse, never to certify."""
    try:
        report = msgspec.json.decode(sealed.parts["report"], type=_Report)
    except (KeyError, msgspec.MsgspecError):
        return False
    return report.sealed is not None and report.sealed.rehearsal


def _open(kiosk: Kiosk, tx: Tx, actor: Actor, session: str, led: _Led, now: int) -> Room:  # noqa: PLR0913, PLR0917 - one opening's parts
    found = authorised(tx, actor, session)
    if found.status != "created":
        raise Conflict("session.already_open")
    head, part = led.sealed.head, led.opened.part
    rows = candidates.of_session(tx, session)
    allowance = found.allowance_min * MINUTE_MS
    clock = SessionClock(kiosk.clock)
    event = RoomOpened(
        session=session,
        bundle=head.bundle,
        bank=head.digest,
        tables=part.tables,
        thresholds=part.eligibility,
        scale=part.scale,
        engine=ENGINE,
        mode=part.mode,
        rehearsal=found.mode == "rehearsal",
        allowance_ms=allowance,
        candidates=len(rows),
        by=actor.key,
        how=led.how,
    )
    kiosk.log.append_event(tx, session, event, now)
    manifest = SessionManifest(
        session=session,
        number=found.number,
        date=found.date,
        time=found.time,
        site=found.site,
        room=found.room,
        bundle=head.bundle,
        bank=head.digest,
        tables=part.tables,
        thresholds=part.eligibility,
        scale=part.scale,
        engine=ENGINE,
        mode=part.mode,
        rehearsal=event.rehearsal,
        allowance_ms=allowance,
        lockdown=found.lockdown,
        candidates=[
            EnrolledCandidate(one.id, one.learner or "", one.extra_percent, one.adjusted) for one in rows
        ],
        machines=[KnownMachine(one.id, one.label, one.public_key or "") for one in machines.listed(tx)],
    )
    record = kiosk.log.append_record(tx, "session.manifest", manifest, now)
    store.keep_open(tx, session, head.bundle, now, record)
    store.keep_anchor(tx, session, clock.anchor())
    row = msgspec.structs.replace(found, status="open", bundle=head.bundle, opened_ms=now, manifest=record)
    return Room(row, clock, head.bundle, part, led.opened.engine, led.opened.paper, clock.now())


async def close_session(kiosk: Kiosk, actor: Actor, session: str) -> Session:
    """Close an open session and return it: passages still open end as by finalisation, and the day key is forgotten."""
    room = await kiosk.db.read(lambda conn: authorised(conn, actor, session))
    if room.status != "open":
        raise Conflict("session.not_open")
    now = kiosk.clock.now_ms()
    listed = await kiosk.db.write(lambda tx: _close(kiosk, tx, actor, session, now))
    kiosk.rooms.drop(session)
    for candidate in listed:
        kiosk.passes.forget(candidate)
        tell_page(kiosk, candidate, "changed", {})
    kiosk.hub.publish(f"session:{session}", "room", b"event: closed\ndata: {}\n\n")
    await asyncio.to_thread(day_keys.forget, kiosk.config.home, session)
    if not kiosk.rooms.all():
        await asyncio.to_thread(disk_reserve.release, kiosk.config.home)
    return msgspec.structs.replace(room, status="closed", closed_ms=now)


def _close(kiosk: Kiosk, tx: Tx, actor: Actor, session: str, now: int) -> list[str]:
    """Close a session and return its candidates, none of whom has a pass any more."""
    if authorised(tx, actor, session).status != "open":
        raise Conflict("session.not_open")
    room = kiosk.rooms.get(session)
    for one in supervisor_store.of_session(tx, session):
        if one.status == "in":  # who came in early and had nothing to do may sign the report too
            supervisors.remember(kiosk, tx, one, now)
    t = room.clock.now()
    rows = candidates.of_session(tx, session)
    for row in rows:
        if row.state in ACTIVE:
            entry = kiosk.passages.get(tx, row.id)
            events = decide_end(entry.attempt, "finalised", actor.key, "fin de la session", t)
            kiosk.passages.append(tx, entry, events, now)
        machines.end_passes(tx, row.id, now)
    kiosk.log.append_event(tx, session, RoomClosed(t, actor.key), now)
    lines = kiosk.log.events_in(tx, session)
    head = head_of(lines)
    acts = SupervisorActs(session, head, [msgspec.Raw(line) for line in lines])
    kiosk.log.append_record(tx, "supervisor.acts", acts, now)
    store.keep_closed(tx, session, now)
    kiosk.passages.forget_session(session)
    return [row.id for row in rows]
