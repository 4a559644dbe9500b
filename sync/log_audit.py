"""Checks the log where it lives: the columns beside the bytes too, since queries trust them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sync import frames
from sync.log_check import LogCheck
from sync.log_store import each_event, each_record, each_seal, load_events
from sync.seals import SealError, read_seal
from sync.verdict import Findings, Verdict

if TYPE_CHECKING:
    import sqlite3

    from sync.keys import PublicKey

_LAST_SEAL = "SELECT sig, bytes FROM log_seals ORDER BY seq DESC LIMIT 1"
_LAST_RECORD = "SELECT sig, bytes FROM log_records ORDER BY seq DESC LIMIT 1"


def check_log(connection: sqlite3.Connection, key: PublicKey, site: str) -> Verdict:
    """Verify everything: every seal, event and record, and that each row says what its bytes say."""
    check = LogCheck(key, site)
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
    sittings = _check_last_seal(connection, frames.Frame(*seal_row), key, findings) if seal_row else 0
    record_row = connection.execute(_LAST_RECORD).fetchone()
    if record_row:
        try:
            frames.check(frames.Frame(*record_row), frames.RECORD, key)
        except frames.FrameError as error:
            findings.add(error.code, f"the last record: {error}")
    return findings.verdict(1 if record_row else 0, sittings)


def _check_last_seal(
    connection: sqlite3.Connection, frame: frames.Frame, key: PublicKey, findings: Findings
) -> int:
    """Check the last seal and return how many sittings it names."""
    try:
        seal = read_seal(frames.check(frame, frames.SEAL, key))
    except (frames.FrameError, SealError) as error:
        findings.add(error.code, f"the last seal: {error}")
        return 0
    for head in seal.heads:
        events = load_events(connection, head.sitting)
        last = hashlib.sha256(events[-1]).hexdigest() if events else ""
        if (len(events), last) != (head.seq, head.hash):
            findings.add(
                "head_mismatch", "the last event is not the one sealed", sitting=head.sitting, step=head.seq
            )
    return len(seal.heads)
