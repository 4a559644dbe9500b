"""The sessions that are open on this server: their clock, their engine, and the only place where a day key is in clear.

A room is made when a session opens, or when the server starts again and finds it open; it is dropped when the session closes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exam.bundle import load_bundle
from exam.certification.engine import CertificationEngine
from exam.certification.rules import ENGINE
from exam.certification.scale import SCALE
from exam.sealed_part import tables_of
from kiosk.errors import Conflict, Refused, TooMany
from kiosk.sealed_paper import SealedPaper
from kiosk.sealed_shelf import SealedShelf
from sync.bundle_file import OPEN

if TYPE_CHECKING:
    from pathlib import Path

    from exam.bank import Bank
    from exam.certification.scale import Scale
    from exam.sealed_part import CertificationPart
    from kiosk.banks import Banks
    from kiosk.sealed_bank import SealedBank
    from kiosk.session_clock import SessionClock
    from kiosk.store.sessions import Session

CODE_LIVES_MS = 10 * 60_000
CODES_MAX = 2000
A_MINUTE_MS = 60_000
LOOPBACK = frozenset({"127.0.0.1", "::1"})
TRIES = 120
"""Arrivals from one address in a minute: classrooms behind one address come in, names are not guessed."""
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


MUTE_MS = 30_000
"""A page whose connection came back ties its thread and tells so within half of this."""


@dataclass(slots=True)
class Room:
    """One open session. `up_t` is when this server began to serve it.

    `heard` is when an answer last came from each candidate's page; `seen` when the page last told how its connection is,
    which is what a loss is counted from: an answer may arrive before the page has told that it was cut off. `spoke` is
    the first answer since. The three belong to the event loop; all else is made once.
    """

    session: Session
    clock: SessionClock
    bundle: str
    part: CertificationPart
    engine: CertificationEngine
    paper: SealedPaper
    up_t: int
    seen: dict[str, int] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)
    spoke: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """Labels of machines, by id."""
    scale: Scale = SCALE

    def note_answer(self, candidate: str) -> None:
        """Note that a candidate's page could send an answer."""
        self.heard[candidate] = now = self.clock.now()
        self.spoke.setdefault(candidate, now)

    def note_told(self, candidate: str, t: int) -> None:
        """Note that a candidate's page told how its connection is."""
        self.seen[candidate] = t
        self.spoke.pop(candidate, None)

    def lost_since(self, candidate: str, t: int) -> int | None:
        """Return since when a page may have been cut off or gone; None for one that never told anything.

        A page that sends an answer and tells nothing of its connection for `MUTE_MS` was not cut off: it says nothing.
        Only what came after its last answer may then be a loss, or whoever mutes a page would have an exam without end.
        """
        seen, spoke = self.seen.get(candidate), self.spoke.get(candidate)
        if seen is None or spoke is None or t - spoke <= MUTE_MS:
            return seen
        return max(seen, self.heard[candidate])

    def silent_ms(self, candidate: str) -> int:
        """Return how long a candidate's page has not spoken."""
        last = max(self.seen.get(candidate, -1), self.heard.get(candidate, -1))
        return max(0, self.clock.now() - last) if last >= 0 else 0


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening the sealed part gives."""

    part: CertificationPart
    engine: CertificationEngine
    paper: SealedPaper


def unseal(sealed: SealedBank, day_key: bytes, banks: Banks) -> Opened:
    """Return the engine and the paper of a bundle; half a second of work, for a thread.

    Raises sync.sealed.SealError, exam.sealed_part.SealedPartError, or Refused when the bundle was made for another engine.
    """
    part = sealed.tables(day_key)
    check_engine(part)
    tables, thresholds = tables_of(part)
    engine = CertificationEngine(tables, thresholds, part.mode)
    return Opened(part, engine, SealedPaper(sealed, day_key, _base(sealed, banks)))


def check_engine(part: CertificationPart) -> None:
    """Raise Refused unless this server has the engine and the scale a bundle was made for; both are named."""
    asked, here = f"{part.engine}, {part.scale}", f"{ENGINE}, {SCALE.version}"
    if asked != here:
        raise Refused("session.other_engine", field="bundle", params={"asked": asked, "here": here})


def _base(sealed: SealedBank, banks: Banks) -> Bank:
    current = banks.current
    return current if current.digest == sealed.head.digest else load_bundle(sealed.parts[OPEN])


class Rooms:
    """Open sessions by id, and the short codes by which a machine is designated to a supervisor."""

    def __init__(self, banks: Path) -> None:
        self.shelf = SealedShelf(banks)
        self._open: dict[str, Room] = {}
        self.arrivals = Arrivals()
        self.disk = 0
        """How full the disk is, as `kiosk.disk_reserve` counts it. Belongs to the event loop."""
        self._codes: dict[str, tuple[str, int]] = {}

    def get(self, session: str) -> Room:
        """Return an open session; raises Conflict."""
        room = self._open.get(session)
        if room is None:
            raise Conflict("session.not_open")
        return room

    def find(self, session: str) -> Room | None:
        """Return an open session, or None."""
        return self._open.get(session)

    def all(self) -> list[Room]:
        """Return every open session."""
        return list(self._open.values())

    def add(self, room: Room) -> None:
        """Let a session be served."""
        self._open[room.session.id] = room

    def drop(self, session: str) -> None:
        """Forget an open session, its keys with it."""
        self._open.pop(session, None)

    def code_of(self, machine: str, now_ms: int) -> str:
        """Return the code a machine shows for a supervisor to scan: the same for some minutes, then another."""
        live = {code: one for code, one in self._codes.items() if one[1] > now_ms}
        self._codes = live
        for code, (known, until) in live.items():
            if known == machine and until - now_ms > CODE_LIVES_MS // 2:
                return code
        if len(live) >= CODES_MAX:
            raise Conflict("machine.too_many")
        code = "".join(secrets.choice(_SIGNS) for _ in range(8))
        live[code] = (machine, now_ms + CODE_LIVES_MS)
        return code

    def machine_of(self, code: str, now_ms: int) -> str:
        """Return the machine that shows this code, once; raises Conflict."""
        machine, until = self._codes.pop(code.strip().upper(), ("", 0))
        if until <= now_ms:
            raise Conflict("machine.unknown_code")
        return machine


class Arrivals:
    """How often each address tried to come in during the last minute. Used from the event loop only."""

    def __init__(self) -> None:
        self._tries: dict[str, list[int]] = {}

    def check(self, address: str, now_ms: int) -> None:
        """Count one try; raises TooMany. This machine itself is not counted: it rehearses whole rooms."""
        if address in LOOPBACK:
            return
        tries = [at for at in self._tries.get(address, ()) if 0 <= now_ms - at < A_MINUTE_MS]
        if len(tries) >= TRIES:
            raise TooMany("candidate.too_many_tries", retry_after=60)
        if len(self._tries) > CODES_MAX:
            self._tries.clear()
        self._tries[address] = [*tries, now_ms]
