"""The sittings in memory: folded state beside the chain, owned by the writer's thread.

Folding a sitting from its events costs milliseconds, applying the next event costs microseconds; so the sittings in use
stay folded. What is here is never the truth: it is rebuilt from the log when absent, and forgotten when the job or the
commit that changed it fails.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.events import Answered, Event, Opened
from exam.sitting import Sitting
from kiosk.errors import Conflict, NotFound, TooMany
from kiosk.store import participations as store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kiosk.banks import Banks
    from kiosk.store.participations import Participant
    from sync.db import Tx
    from sync.log import Log


HOLDS_MAX = 1500
HOLDS_A_WINDOW = 30
HOLD_WINDOW_MS = 60_000


class Saved(NamedTuple):
    """Where an answer stands in the sitting's chain: what the page keeps as its receipt."""

    number: int
    seq: int
    head: str


class Shown(NamedTuple):
    """When a question was first shown, on the monotonic clock of one run of the machine."""

    number: int
    boot: str
    mono_ms: int


class StoredEvent(msgspec.Struct, frozen=True):
    """The fields of a stored event that the kiosk reads."""

    seq: int
    body: Event


_stored = msgspec.json.Decoder(StoredEvent)


class Player(NamedTuple):
    """Whose sitting it is, as staff read it."""

    first_name: str
    last_name: str
    division: str | None


class Passage:
    """One sitting in memory, whose it is, and the receipts of its answers."""

    __slots__ = ("campaign", "holds", "id", "player", "pupil", "receipts", "shown", "sitting", "trial")

    def __init__(self, participant: Participant, sitting: Sitting) -> None:
        row = participant.participation
        self.id = row.id
        self.pupil = row.pupil
        self.player = Player(participant.first_name, participant.last_name, participant.division)
        self.campaign = row.campaign
        self.trial = row.trial
        self.sitting = sitting
        self.receipts: dict[int, Saved] = {}
        self.holds: list[int] = []
        self.shown: Shown | None = None
        if row.served_number is not None and row.served_boot is not None and row.served_mono_ms is not None:
            self.shown = Shown(row.served_number, row.served_boot, row.served_mono_ms)

    def check_hold(self, now_ms: int) -> None:
        """Raise TooMany when pages take this sitting faster than a person reloads, or Conflict beyond all reason.

        Each taking is an event of the chain, and a chain has a bounded length.
        """
        if self.sitting.epoch >= HOLDS_MAX:
            raise Conflict("sitting.held_too_often")
        self.holds = [at for at in self.holds if 0 <= now_ms - at < HOLD_WINDOW_MS]
        if len(self.holds) >= HOLDS_A_WINDOW:
            raise TooMany("sitting.held_too_often", retry_after=HOLD_WINDOW_MS // 1000)
        self.holds.append(now_ms)


def read_events(data: Iterable[bytes]) -> list[Event]:
    """Return what happened, from the stored bytes of a sitting."""
    return [_stored.decode(line).body for line in data]


def fold_events(banks: Banks, events: Iterable[Event]) -> Sitting:
    """Return the sitting these events add up to; raises NotFound when its bank is gone."""
    sitting: Sitting | None = None
    for event in events:
        if sitting is None:
            if not isinstance(event, Opened):
                break
            sitting = Sitting(banks.engine(event.bank, event.course))
        sitting.apply(event)
    if sitting is None:
        raise NotFound("participation.unknown")
    return sitting


class Sittings:
    """Sittings by participation, the least recently used forgotten beyond `most`. Used inside jobs only."""

    def __init__(self, banks: Banks, log: Log, most: int) -> None:
        self._banks = banks
        self._log = log
        self._most = most
        self._known: OrderedDict[str, Passage] = OrderedDict()

    def __len__(self) -> int:
        """Return how many sittings are in memory."""
        return len(self._known)

    def get(self, tx: Tx, participation: str) -> Passage:
        """Return a sitting, from memory or from the log; raises NotFound."""
        passage = self._known.get(participation)
        if passage is None:
            found = store.player(tx, participation)
            if found is None:
                raise NotFound("participation.unknown")
            passage = self._load(tx, found)
            self._keep(passage)
        else:
            self._known.move_to_end(participation)
        return passage

    def add(self, tx: Tx, participant: Participant, sitting: Sitting) -> Passage:
        """Keep a sitting that has just opened, before its first event."""
        passage = Passage(participant, sitting)
        tx.on_undo(lambda: self._known.pop(passage.id, None))
        self._keep(passage)
        return passage

    def append(self, tx: Tx, passage: Passage, events: Sequence[Event], now_ms: int) -> None:
        """Append events to the sitting's chain and apply them; taken back with the job."""
        # Forgotten rather than restored: the log says what it was, should anyone ask again.
        tx.on_undo(lambda: self._known.pop(passage.id, None))
        links = self._log.append_events(tx, passage.id, events, now_ms)
        for event, (seq, head) in zip(events, links, strict=True):
            passage.sitting.apply(event)
            if type(event) is Answered:
                passage.receipts[event.number] = Saved(event.number, seq, head)

    def show(self, tx: Tx, passage: Passage, shown: Shown) -> None:
        """Note when the waiting question was first shown; a timed one is also noted on disk."""
        passage.shown = shown
        if shown.number in passage.sitting.served:
            tx.on_undo(lambda: self._known.pop(passage.id, None))
            store.keep_served(tx, passage.id, shown.number, shown.boot, shown.mono_ms)

    def forget(self, participation: str) -> None:
        """Forget a sitting whose row or learner changed: the next act reads both again."""
        self._known.pop(participation, None)

    def _load(self, tx: Tx, participant: Participant) -> Passage:
        lines = self._log.events_in(tx, participant.participation.id)
        stored = [_stored.decode(line) for line in lines]
        passage = Passage(participant, fold_events(self._banks, (event.body for event in stored)))
        for line, event in zip(lines, stored, strict=True):
            if isinstance(event.body, Answered):
                head = hashlib.sha256(line).hexdigest()
                passage.receipts[event.body.number] = Saved(event.body.number, event.seq, head)
        return passage

    def _keep(self, passage: Passage) -> None:
        self._known[passage.id] = passage
        while len(self._known) > self._most:
            self._known.popitem(last=False)
