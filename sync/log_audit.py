"""Checks the log where it lives: the columns beside the bytes too, since queries trust them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sync import frames
from sync.chain import head_of
from sync.log_check import LogCheck
from sync.log_store import each_event, each_record, each_seal, load_events
from sync.seals import SealError, read_seal
from sync.tombstones import each_tombstone
from sync.verdict import Findings, Verdict

if TYPE_CHECKING:
    import sqlite3

    from sync.keys import PublicKey
    from sync.seals import RecordHead, Seal

_LAST_SEAL = "SELECT sig, bytes FROM log_seals ORDER BY seq DESC LIMIT 1"
_LAST_RECORD = "SELECT seq, sig, bytes FROM log_records ORDER BY seq DESC LIMIT 1"


def check_log(connection: sqlite3.Connection, key: PublicKey, site: str, *, acknowledged: int = 0) -> Verdict:
    """Verify everything: every seal, event and record, and that each row says what its bytes say.

    `acknowledged` is the number of the last record the central instance gave a receipt for: the log must have it.
    """
    check = LogCheck(key, site)
    check.expect_records(acknowledged)
    for stone in each_tombstone(connection):
        check.tombstone(stone)
    for seal in each_seal(connection):
        check.seal(seal)
    for sitting, seq, at, _, data in each_event(connection):
        event = check.event(data)
        if event is not None and (event.sitting, event.seq, event.at) != (sitting, seq, at):
            check.findings.add(
                "other_column", "the row and its bytes say different things", sitting=sitting, step=seq
            )
    for stored in each_record(connection):
        found = check.record(stored.frame)
        if found is not None and (found.record.seq, found.record.type, found.hash) != stored[:3]:
            check.findings.add(
                "other_column", "the row and its bytes say different things", record=stored.seq
            )
    return check.verdict()


def check_tail(connection: sqlite3.Connection, key: PublicKey) -> Verdict:
    """Verify the last seal, the sittings it names, and the last record: quick enough for every start."""
    findings = Findings()
    seal_row = connection.execute(_LAST_SEAL).fetchone()
    seal = _last_seal(frames.Frame(*seal_row), key, findings) if seal_row else None
    if seal is not None:
        _check_heads(connection, seal, findings)
    record_row = connection.execute(_LAST_RECORD).fetchone()
    if record_row:
        try:
            frames.check(frames.Frame(*record_row[1:]), frames.RECORD, key)
        except frames.FrameError as error:
            findings.add(error.code, f"the last record: {error}")
    if seal is not None:
        last = (record_row[0], hashlib.sha256(record_row[2]).hexdigest()) if record_row else (0, "")
        _check_record_head(seal.records, last, findings)
    return findings.verdict(1 if record_row else 0, len(seal.heads) if seal else 0)


def _last_seal(frame: frames.Frame, key: PublicKey, findings: Findings) -> Seal | None:
    try:
        return read_seal(frames.check(frame, frames.SEAL, key))
    except (frames.FrameError, SealError) as error:
        findings.add(error.code, f"the last seal: {error}")
        return None


def _check_heads(connection: sqlite3.Connection, seal: Seal, findings: Findings) -> None:
    for head in seal.heads:
        events = load_events(connection, head.sitting)
        last = head_of(events)
        if (len(events), last) != (head.seq, head.hash):
            findings.add(
                "head_mismatch", "the last event is not the one sealed", sitting=head.sitting, step=head.seq
            )


def _check_record_head(sealed: RecordHead, last: tuple[int, str], findings: Findings) -> None:
    """Compare the last record with the one the last seal names."""
    if last[0] < sealed.seq:
        findings.add("missing", f"record {sealed.seq} is missing", record=sealed.seq)
    elif last[0] > sealed.seq:
        findings.add("unsealed", f"no seal covers record {last[0]}", record=last[0])
    elif sealed.seq and last[1] != sealed.hash:
        findings.add("head_mismatch", "the last record is not the one sealed", record=sealed.seq)
