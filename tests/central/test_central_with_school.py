"""The school's own client against the central instance: enrolment, upload, receipts, over real HTTP."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from central_kit import UAI, Pupils

from sync import frames
from sync.enrol import EnrolError, enrol
from sync.enrolment import load_enrolment
from sync.identity import Identity
from sync.log_store import StoredRecord
from sync.transport import Transport

if TYPE_CHECKING:
    from pathlib import Path

    from central_room import Central


async def test_a_server_enrols_then_uploads_and_believes_the_receipts(
    central: Central, tmp_path: Path
) -> None:
    address = str(central.client.make_url("/")).rstrip("/")
    await enrol(tmp_path / "school", address, await central.code(), UAI, "Collège des Tilleuls")
    pupils = Pupils()
    pupils.signer = Identity.load(tmp_path / "school").signer
    pupils.site = Identity.load(tmp_path / "school").site
    sent = [stored(pupils.participation(name), seq) for seq, name in enumerate(["p-1", "p-2"], start=1)]
    async with Transport(load_enrolment(tmp_path / "school")) as transport:
        answer = await transport.send(sent)
        again = await transport.send(sent)
    assert [kept.receipt.state for kept in answer.receipts] == ["stored", "stored"]
    assert (answer.refusals, again.receipts) == ([], answer.receipts)


def stored(line: bytes, seq: int) -> StoredRecord:
    """Return the line as the outbox of a school would give it."""
    frame = frames.parse(line)
    return StoredRecord(seq, "participation.shared", hashlib.sha256(frame.body).hexdigest(), frame)


async def test_a_wrong_code_is_said_in_words(central: Central, tmp_path: Path) -> None:
    address = str(central.client.make_url("/")).rstrip("/")
    with pytest.raises(EnrolError, match="refused"):
        await enrol(tmp_path / "school", address, "AAAA-BBBB", UAI, "Collège des Tilleuls")
