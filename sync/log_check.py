"""The rule of a whole log: seals, events and records, met one by one, must agree with one another.

Used on an exported file and on the database alike. Tombstones and seals come first; each event must then be the next of its
sitting, and wherever a seal named a head the event there must have that hash; at the end no sealed event may be
lacking and no event may lie beyond the last seal. The same holds of records. What the first seal said of a number
stands: a log cut and grown again does not agree with it. A shared participation must end at an event of the log.
Pure: the caller brings the bytes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sync import frames
from sync.chain import VERSION, ChainError, StoredEvent, first_prev, read_event
from sync.following import Following
from sync.record_check import CheckedRecord, RecordError, check_record, claimed_seq
from sync.records import ParticipationShared, first_record_prev
from sync.seals import Seal, SealError, first_seal_prev, read_seal
from sync.tombstones import TombstoneError, first_tombstone_prev, read_tombstone
from sync.verdict import Findings, Verdict

if TYPE_CHECKING:
    from sync.frames import Frame
    from sync.keys import PublicKey
    from sync.seals import Head
    from sync.tombstones import GoneRecord

_REASONS = {
    "broken_chain": "does not follow the one before it: one of the two was changed",
    "out_of_order": "is not at its place",
    "duplicate": "is there twice",
}


class _Sitting:
    """What the seals promised about a sitting, and how far its events were followed."""

    def __init__(self, sitting: str) -> None:
        self.chain = Following(first_prev(sitting))
        self.promised: dict[int, str] = {}
        self.sealed = 0  # number of the last event under a seal
        self.hashes: dict[int, str] = {}


class LogCheck:
    """Give it every tombstone, every seal, every event, every record, then ask for the `verdict`."""

    def __init__(self, key: PublicKey, site: str) -> None:
        self.findings = Findings()
        self.seals = Following(first_seal_prev(site))
        self.records = Following(first_record_prev(site))
        self._key = key
        self._site = site
        self._sittings: dict[str, _Sitting] = {}
        self._seals_whole = True
        self._record_count = 0
        self._promised_records = {0: self.records.head}
        self._sealed_records = 0  # number of the last record under a seal
        self._known_records = 0  # number of the last record anything speaks of
        self._stones = Following(first_tombstone_prev(site))
        self._gone: dict[str, Head] = {}  # the last event of each sitting that was purged
        self._gone_records: dict[int, GoneRecord] = {}

    def tombstone(self, frame: Frame) -> None:
        """Check the next tombstone and remember what it says was purged."""
        try:
            stone = read_tombstone(frames.check(frame, frames.TOMBSTONE, self._key))
        except (frames.FrameError, TombstoneError) as error:
            self.findings.add("bad_tombstone", str(error))
            return
        code = self._stones.follow(stone.seq, stone.prev, hashlib.sha256(frame.body).hexdigest())
        if code:
            self.findings.add(code, f"tombstone {stone.seq} {_REASONS[code]}")
        if (stone.site, stone.key, stone.v) != (self._site, self._key.key_id, VERSION):
            self.findings.add("other_site", f"tombstone {stone.seq} is of another school or version")
        self._gone.update((head.sitting, head) for head in stone.heads)
        self._gone_records.update((one.seq, one) for one in stone.records)

    def seal(self, frame: Frame) -> None:
        """Check the next seal and remember the heads it promises."""
        try:
            seal = read_seal(frames.check(frame, frames.SEAL, self._key))
            self._seal_fields(seal)
        except (frames.FrameError, SealError) as error:
            seq = _claimed_seal(frame)
            self.seals.spoiled(seq)
            self._seal_failure(error.code, f"seal {seq}: {error}")
            return
        code = self.seals.follow(seal.seq, seal.prev, hashlib.sha256(frame.body).hexdigest())
        if code:
            self._seal_failure(code, f"seal {seal.seq} {_REASONS[code]}")
        for head in seal.heads:
            found = self._sitting(head.sitting)
            found.promised.setdefault(head.seq, head.hash)
            found.sealed = max(found.sealed, head.seq)
        self._promise_records(seal)

    def event(self, data: bytes) -> StoredEvent | None:
        """Check the next event of its sitting; return it when it can be read."""
        try:
            event = read_event(data)
        except ChainError as error:
            self.findings.add(error.code, str(error))
            return None
        found = self._sitting(event.sitting)
        digest = hashlib.sha256(data).hexdigest()
        code = found.chain.follow(event.seq, event.prev, digest)
        if code:
            self._event_failure(code, event, f"event {event.seq} {_REASONS[code]}")
        elif event.v != VERSION:
            self._event_failure("unknown_version", event, f"version {event.v} of the chain is not known")
        elif found.promised.get(event.seq, digest) != digest:
            self._event_failure("head_mismatch", event, f"event {event.seq} is not the one that was sealed")
        found.hashes.setdefault(event.seq, digest)
        return event

    def record(self, frame: Frame) -> CheckedRecord | None:
        """Check the next record; return it when it holds by itself."""
        self._record_count += 1
        self._pass_gone()
        try:
            found = check_record(frame, self._key, self._site)
        except RecordError as error:
            seq = error.seq or claimed_seq(frame.body)
            self.records.spoiled(seq)
            self.findings.add(error.code, str(error), record=seq, sitting=error.sitting, step=error.step)
            return None
        record = found.record
        code = self.records.follow(record.seq, record.prev, found.hash)
        if code:
            self.findings.add(code, f"record {record.seq} {_REASONS[code]}", record=record.seq)
        elif self._promised_records.get(record.seq, found.hash) != found.hash:
            self.findings.add(
                "head_mismatch", f"record {record.seq} is not the one that was sealed", record=record.seq
            )
        if isinstance(found.body, ParticipationShared):
            self._agree(found.body, record.seq)
        return found

    def expect_records(self, seq: int) -> None:
        """Note that something outside the log (a receipt) knows of record `seq`, hence of all before it."""
        self._known_records = max(self._known_records, seq)

    def verdict(self) -> Verdict:
        """Say whether all of it held together, once everything was given."""
        for seq in sorted(self.seals.missing):
            self._seal_failure("missing", f"seal {seq} is missing")
        for sitting in sorted(self._sittings):
            self._close(sitting, self._sittings[sitting])
        self._close_records()
        for seq in sorted(self._stones.missing):
            self.findings.add("missing", f"tombstone {seq} is missing")
        gone = len(self._gone.keys() & self._sittings.keys())
        return self.findings.verdict(self._record_count, len(self._sittings) - gone, gone)

    def _promise_records(self, seal: Seal) -> None:
        """Remember the last record a seal names, unless an earlier seal named another one there."""
        head = seal.records
        if self._promised_records.setdefault(head.seq, head.hash) != head.hash:
            self._seal_failure(
                "head_mismatch", f"seal {seal.seq} names another record {head.seq} than an earlier one"
            )
        self._sealed_records = max(self._sealed_records, head.seq)
        self.expect_records(head.seq)

    def _sitting(self, sitting: str) -> _Sitting:
        found = self._sittings.get(sitting)
        if found is None:
            found = self._sittings[sitting] = _Sitting(sitting)
        return found

    def _seal_fields(self, seal: Seal) -> None:
        if seal.site != self._site:
            raise SealError("other_site", seal.seq, "a seal of another school")
        if seal.key != self._key.key_id:
            raise SealError("unknown_key", seal.seq, f"the seal names the key {seal.key[:16]}")
        if seal.v != VERSION:
            raise SealError("unknown_version", seal.seq, f"version {seal.v} of seals is not known")

    def _seal_failure(self, code: str, message: str) -> None:
        self._seals_whole = False
        self.findings.add(code, message)

    def _event_failure(self, code: str, event: StoredEvent, message: str) -> None:
        self.findings.add(code, message, sitting=event.sitting, step=event.seq)

    def _agree(self, body: ParticipationShared, seq: int) -> None:
        """Note a failure unless what was shared is what the log holds of that sitting, up to the head."""
        step = len(body.events)
        if self._sitting(body.participation).hashes.get(step) != body.head:
            self.findings.add(
                "head_mismatch",
                "what was shared is not what the log holds of this sitting",
                record=seq,
                sitting=body.participation,
                step=step,
            )

    def _pass_gone(self) -> None:
        """Follow the records that were purged, by what their tombstone says of them."""
        while (gone := self._gone_records.get(self.records.seq + 1)) is not None:
            code = self.records.follow(gone.seq, gone.prev, gone.hash)
            if code or self._promised_records.get(gone.seq, gone.hash) != gone.hash:
                self.findings.add(
                    code or "head_mismatch", f"record {gone.seq}, purged, is another one", record=gone.seq
                )

    def _close(self, sitting: str, found: _Sitting) -> None:
        gone = self._gone.get(sitting)
        if gone is not None and not found.chain.seq:
            if gone.seq != found.sealed or found.promised.get(gone.seq) != gone.hash:
                self.findings.add(
                    "head_mismatch", "what was purged is not what was sealed", sitting=sitting, step=gone.seq
                )
            return
        missing = found.chain.missing | set(range(found.chain.seq + 1, found.sealed + 1)[:100])
        for step in sorted(missing):
            self.findings.add("missing", f"event {step} is missing", sitting=sitting, step=step)
        if self._seals_whole and found.chain.seq > found.sealed:
            step = found.sealed + 1
            self.findings.add("unsealed", f"no seal covers event {step}", sitting=sitting, step=step)

    def _close_records(self) -> None:
        self._pass_gone()
        last = self.records.seq
        for seq in sorted(self.records.missing | set(range(last + 1, self._known_records + 1)[:100])):
            self.findings.add("missing", f"record {seq} is missing", record=seq)
        if self._seals_whole and last > self._sealed_records:
            seq = self._sealed_records + 1
            self.findings.add("unsealed", f"no seal covers record {seq}", record=seq)


def _claimed_seal(frame: Frame) -> int:
    try:
        return max(read_seal(frame.body).seq, 0)
    except SealError:
        return 0
