"""What the server does about lock-down: believes an extension or not, lets in or not, stops who lost it, remembers both.

Evidence goes into the candidate's chain by `kiosk.actions.lockdown_facts`; what was not believed is counted for those in charge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import structlog

from kiosk.actions import lockdown_facts
from kiosk.errors import KioskError, Refused
from kiosk.lockdown import statement
from kiosk.lockdown.watch import told
from kiosk.room_news import passage_topic
from kiosk.store import lockdown as store

if TYPE_CHECKING:
    import sqlite3

    from exam.session.events import Evidence, Grade
    from kiosk.keys import Kiosk
    from kiosk.lockdown.statement import Line, Refusal, Said, Unbelieved
    from kiosk.lockdown.watch import Vouch, Watch
    from kiosk.rooms import Room
    from kiosk.store.sessions import Lockdown
    from sync.db import Tx

ALIVE_MS = 6_000
SEB_SILENT_MS = 150_000
EXTENSION_MODES: frozenset[Lockdown] = frozenset({"extension", "recommended"})
_PROBE = b": who is there\n\n"
_log = structlog.get_logger()


class Believed(NamedTuple):
    """A statement that holds; `room` is that of its passage, None when it names none that is open."""

    said: Said
    room: Room | None


async def believe(kiosk: Kiosk, line: Line, text: str) -> Believed:
    """Return what an extension says when it proves it; raises Unbelieved.

    In order: readable, signed by the key of the machine it names, a nonce of this line answered once, a version that is
    taken, and the machine where the passage it speaks for is sat.
    """
    signed, said = statement.read(text)
    key = await kiosk.db.read(lambda conn: store.public_key(conn, said.machine))
    statement.check(signed, said, key)
    line.check(said)
    statement.check_version(said)
    room = await room_of(kiosk, said.passage) if said.passage else None
    if room is None:
        return Believed(said, None)
    if await kiosk.db.read(lambda conn: store.machine_of_pass(conn, said.passage)) != said.machine:
        raise statement.Unbelieved("other_machine", said)
    return Believed(said, room)


async def room_of(kiosk: Kiosk, candidate: str) -> Room | None:
    """Return the open room of a candidate, or None."""
    for room in kiosk.rooms.all():
        if candidate in room.seen:
            return room
    session = await kiosk.db.read(lambda conn: store.session_of(conn, candidate))
    return kiosk.rooms.find(session) if session is not None else None


async def not_believed(kiosk: Kiosk, problem: Unbelieved, own: str) -> None:
    """Count a statement that was not believed. `own` is the passage of the browser it came from, empty for none.

    Only what surely concerns a passage is written into its chain: its own browser's attempts, and a machine that speaks for
    a passage it never had.
    """
    said = problem.said
    claimed = said.passage if said is not None and problem.code == "other_machine" else ""
    machine = (
        said.machine if said is not None and problem.code not in {"bad_signature", "unknown_machine"} else ""
    )
    left = bool(claimed) and await kiosk.db.read(lambda conn: store.had_pass(conn, claimed, machine))
    if left:
        return  # the passage left this machine, and its page does not know it yet
    await refuse(kiosk, own or claimed, machine, problem.code)


async def refuse(kiosk: Kiosk, candidate: str, machine: str, code: Refusal) -> None:
    """Count what was not believed, and write it into the candidate's chain when there is one."""
    room = await room_of(kiosk, candidate) if candidate else None
    where = (room.session.id if room is not None else "", candidate if room is not None else "", machine)
    now = kiosk.clock.now_ms()
    first = await kiosk.db.write(lambda tx: store.count_refusal(tx, where, code, now))
    if first:
        _log.warning("lock-down not believed", code=code, machine=machine, passage=where[1])
    if first and room is not None:
        await lockdown_facts.note(kiosk, candidate, "page", code, holds=False)


async def let_in(kiosk: Kiosk, watch: Watch, seb: dict[str, int], candidate: str) -> None:
    """Note what vouches for a candidate who wants to go on to the test; raises Refused when nothing does and it must."""
    room = await room_of(kiosk, candidate)
    if room is None or room.session.lockdown == "none":
        return
    now, mode = room.clock.now(), room.session.lockdown
    source: Grade = "seb" if mode == "seb" else "extension"
    if mode == "seb" and candidate in seb:
        return  # its own check wrote the evidence
    if mode != "seb" and watch.holds(candidate, now):
        vouch = watch.of(candidate, now)
        await _note(kiosk, candidate, vouch, now, holds=True, code=vouch.code)
        return
    if mode != "recommended":
        found = await kiosk.db.read(lambda conn: store.waiver(conn, candidate))
        if found is None:
            raise Refused(f"lockdown.{source}_missing", field="code")
    code = "absent" if mode == "recommended" else "waived"
    told(watch.of(candidate, now), now, holds=False, code=code)
    await lockdown_facts.note(kiosk, candidate, source, code, holds=False)


async def lost(kiosk: Kiosk, watch: Watch, passage: str, line: int) -> None:
    """Note that a line broke, and ask the passage's page whether it is still there."""
    room = await room_of(kiosk, passage)
    if room is not None and watch.left(passage, line, room.clock.now()):
        kiosk.hub.publish(passage_topic(passage), "probe", _PROBE)


async def sweep(kiosk: Kiosk, watch: Watch, seb: dict[str, int]) -> None:
    """Look at every passage that is guarded: stop who lost the lock-down, note who has it again."""
    known: set[str] = set()
    for room in kiosk.rooms.all():
        mode, session = room.session.lockdown, room.session.id
        if mode == "none":
            continue
        rows = await kiosk.db.read(lambda conn, session=session: store.active(conn, session))  # type: ignore[misc] # mypy cannot infer a lambda with defaults
        for row in rows:
            known.add(row.candidate)
            try:
                if mode == "seb":
                    await _look_seb(kiosk, room, seb, row.candidate)
                else:
                    await _look(kiosk, room, watch, row.candidate)
            except KioskError as refusal:
                # The passage ended meanwhile, or its session closed: there is nothing to guard.
                _log.debug("not guarded", code=refusal.code)
    watch.forget(known)


async def _look(kiosk: Kiosk, room: Room, watch: Watch, candidate: str) -> None:
    now = room.clock.now()
    verdict = watch.verdict(candidate, now, room.seen.get(candidate, -1))
    vouch = watch.of(candidate, now)
    if not vouch.holds(now) and vouch.first_word < 0 and vouch.told is not False:
        kiosk.hub.publish(passage_topic(candidate), "probe", _PROBE)
    if verdict and vouch.told is None:
        known = await evidence_of(kiosk, candidate, "extension")
        if known is not None:
            told(vouch, now, holds=known.holds, code=known.code)
            return  # what the log says changes the verdict: the next look takes it into account
    if verdict == "missing":
        stops = room.session.lockdown == "extension"
        await _note(kiosk, candidate, vouch, now, holds=False, code="gone", stops=stops)
    elif verdict:
        await _note(kiosk, candidate, vouch, now, holds=True, code=vouch.code)


async def _note(  # noqa: PLR0913 - one fact and what it leads to
    kiosk: Kiosk, candidate: str, vouch: Vouch, now: int, *, holds: bool, code: str, stops: bool = False
) -> None:
    told(vouch, now, holds=holds, code=code)
    if stops:
        await lockdown_facts.freeze(kiosk, candidate, "extension", code)
    else:
        await lockdown_facts.note(kiosk, candidate, "extension", code, holds=holds)


async def _look_seb(kiosk: Kiosk, room: Room, seb: dict[str, int], candidate: str) -> None:
    """Stop whose Safe Exam Browser fell silent while their page did not; one that cannot be asked again is left alone."""
    now = room.clock.now()
    last = seb.setdefault(candidate, now)
    if now - last < SEB_SILENT_MS or now - room.seen.get(candidate, -ALIVE_MS) >= ALIVE_MS:
        return
    seb[candidate] = now
    known = await evidence_of(kiosk, candidate, "seb")
    if known is None or not known.holds or known.code.startswith("script"):
        return
    await lockdown_facts.freeze(kiosk, candidate, "seb", "silent")


async def evidence_of(kiosk: Kiosk, candidate: str, source: Grade) -> Evidence | None:
    """Return what the log last said of one source for a passage, or None."""

    def job(tx: Tx) -> Evidence | None:
        return kiosk.passages.get(tx, candidate).attempt.passage.evidence.get(source)

    return await kiosk.db.write(job)


async def is_waived(kiosk: Kiosk, candidate: str) -> bool:
    """Return whether somebody in charge let this candidate in without lock-down."""
    return await kiosk.db.read(lambda conn: store.waiver(conn, candidate)) is not None


async def refusals(kiosk: Kiosk, session: str) -> list[store.RefusalRow]:
    """Return what was not believed in a session, the latest first. The caller has authorised the session."""

    def read(conn: sqlite3.Connection) -> list[store.RefusalRow]:
        return store.refusals(conn, session)

    return await kiosk.db.read(read)
