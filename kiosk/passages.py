"""The passages in memory: each candidate's chain folded, owned by the writer's thread, as `kiosk.sittings` does for campaigns.

What is here is never the truth: it is rebuilt from the log when absent, and forgotten when the job or the commit that
changed it fails. A candidate's row sums it up, in the same transaction; at the end of the passage the whole chain is
signed into a record that travels.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.certification.events import Answered
from exam.session.attempt import Attempt, ChainEvent
from exam.session.events import Closed, Started
from exam.session.incidents import alert_reasons
from kiosk.errors import Conflict, NotFound, TooMany
from kiosk.sittings import HOLD_WINDOW_MS, HOLDS_A_WINDOW, HOLDS_MAX, Saved
from kiosk.store import candidates as store
from kiosk.store import machines, room_notes
from sync.chain import head_of
from sync.session_records import CertificationSealed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.rooms import Room, Rooms
    from kiosk.store.candidates import Candidate
    from sync.db import Tx
    from sync.log import Log

MOST = 2000
EVENTS_MAX = 4000
"""Events of a chain beyond which pages and machines add no more of their own; answers and people in charge always may."""


class StoredEvent(msgspec.Struct, frozen=True):
    """The fields of a stored event that the kiosk reads."""

    seq: int
    body: ChainEvent


_stored = msgspec.json.Decoder(StoredEvent)


class Who(NamedTuple):
    """Whose passage it is, for those in charge of the room."""

    first_name: str
    last_name: str
    birth_date: str
    division: str | None
    external_id: str | None


class Entry:
    """One candidate in memory: their room, what is settled for them, and the receipts of their answers."""

    __slots__ = (
        *("adjusted", "asking", "attempt", "extra_percent", "head", "holds", "id", "last_t", "leftovers"),
        *("receipts", "room", "seq", "who"),
    )

    def __init__(self, row: Candidate, room: Room) -> None:
        self.id = row.id
        self.room = room
        self.who = Who(row.first_name, row.last_name, row.birth_date, row.division, row.external_id)
        self.asking = ""  # machine that asks to take over
        self.leftovers = 0  # answers of fenced machines nobody has ruled on
        self.extra_percent = row.extra_percent
        self.adjusted = row.adjusted
        self.attempt = Attempt(room.engine, room.scale)
        self.receipts: dict[int, Saved] = {}
        self.holds: list[int] = []
        self.head, self.seq = "", 0
        self.last_t = 0

    def check_hold(self, now_ms: int) -> None:
        """Raise TooMany when pages take this passage faster than a person reloads: each taking is an event."""
        if self.attempt.passage.epoch >= HOLDS_MAX:
            raise Conflict("sitting.held_too_often")
        self.holds = [at for at in self.holds if 0 <= now_ms - at < HOLD_WINDOW_MS]
        if len(self.holds) >= HOLDS_A_WINDOW:
            raise TooMany("sitting.held_too_often", retry_after=HOLD_WINDOW_MS // 1000)
        self.holds.append(now_ms)

    def alert_reasons(self) -> list[str]:
        """Return what the waiting question's alert may be validated for."""
        asked = self.attempt.sitting.current
        if asked is None:
            return []
        item = self.room.paper.bank_of(asked.item).items[asked.item]
        picture = item.picture is not None
        return alert_reasons(
            picture=picture,
            simulator=item.kind == "simulator",
            document=len(item.documents) > picture,
            focus=item.focus,
        )

    def apply(self, event: ChainEvent, seq: int, head: str) -> None:
        """Add what happened."""
        self.attempt.apply(event)
        self.head, self.seq = head, seq
        self.last_t = max(self.last_t, getattr(event, "t", 0))
        if type(event) is Answered:
            self.receipts[event.number] = Saved(event.number, seq, head)


class Passages:
    """Passages by candidate, the least recently used forgotten beyond `most`. Used inside jobs only."""

    def __init__(self, rooms: Rooms, log: Log, most: int = MOST) -> None:
        self._rooms = rooms
        self._log = log
        self._most = most
        self._known: OrderedDict[str, Entry] = OrderedDict()

    def get(self, tx: Tx, candidate: str) -> Entry:
        """Return a passage, from memory or from the log; raises NotFound, or Conflict when its session is not open."""
        entry = self._known.get(candidate)
        if entry is not None:
            self._known.move_to_end(candidate)
            return entry
        row = store.by_id(tx, candidate)
        if row is None:
            raise NotFound("passage.unknown")
        entry = Entry(row, self._rooms.get(row.session))
        waiting = machines.pending_pass(tx, candidate)
        entry.asking = waiting.machine if waiting is not None else ""
        entry.leftovers = room_notes.count_leftovers(tx, candidate)
        for line in self._log.events_in(tx, candidate):
            stored = _stored.decode(line)
            entry.apply(stored.body, stored.seq, hashlib.sha256(line).hexdigest())
        entry.room.clock.floor(entry.last_t)
        self._known[candidate] = entry
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return entry

    def append(self, tx: Tx, entry: Entry, events: Sequence[ChainEvent], now_ms: int) -> None:
        """Append events to the candidate's chain, apply them and sum them up; taken back with the job."""
        if not events:
            return
        tx.on_undo(lambda: self._known.pop(entry.id, None))
        links = self._log.append_events(tx, entry.id, events, now_ms)
        for event, (seq, head) in zip(events, links, strict=True):
            entry.apply(event, seq, head)
            if type(event) is Started:
                store.keep_started(tx, entry.id, now_ms)
        store.keep_summary(tx, entry.id, summary_of(entry, now_ms))
        if type(events[-1]) is Closed:
            self.seal(tx, entry, now_ms)

    def seal(self, tx: Tx, entry: Entry, now_ms: int) -> None:
        """Sign the whole chain into a record that travels."""
        seal_chain(self._log, tx, (entry.id, entry.room.session.id), now_ms, final=False)

    def forget(self, tx: Tx, candidate: str) -> None:
        """Forget a passage whose settings changed: the next act reads it again."""
        del tx  # said by who runs inside a job
        self._known.pop(candidate, None)

    def forget_session(self, session: str) -> None:
        """Forget the passages of a session that closed. Inside a job."""
        for name in [name for name, entry in self._known.items() if entry.room.session.id == session]:
            del self._known[name]


def seal_chain(log: Log, tx: Tx, whose: tuple[str, str], now_ms: int, *, final: bool) -> int:
    """Append the record that carries the whole chain of a (candidate, session); return its number. `final` once finalised."""
    candidate, session = whose
    lines = log.events_in(tx, candidate)
    head = head_of(lines)
    body = CertificationSealed(candidate, session, head, [msgspec.Raw(line) for line in lines], final)
    number = log.append_record(tx, "certification.sealed", body, now_ms)
    store.keep_record(tx, candidate, number)
    return number


def summary_of(entry: Entry, now_ms: int) -> store.Summary:
    """Return what the candidate's row keeps."""
    passage = entry.attempt.passage
    return store.Summary(
        passage.state,
        ",".join(sorted(passage.ledger.stopped)),
        passage.answered,
        entry.attempt.number,
        passage.epoch,
        passage.machine or None,
        passage.called,
        now_ms,
        passage.ended or None,
    )
