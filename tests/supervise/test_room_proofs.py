"""A session's chain proves who acted: every forgery of an act is found from the chain alone, and a true day has no fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from exam_site import exam_day
from supervise_kit import phone_in

from kiosk.actions import supervisors
from sync.canonical import canonical
from sync.room_proofs import DOMAIN, faults_of

if TYPE_CHECKING:
    from pathlib import Path

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
WHO = "supervisor:0123456789abcdef"
SESSION = "5e55104e5e55104e"


def proof(counter: int, **asked: object) -> str:
    """Return what the key signs for an act."""
    statement = {"address": "/acts", "asked": asked, "counter": counter, "nonce": "00", "session": SESSION}
    said = canonical(statement)
    return f"{KEY.sign(DOMAIN + said).hex()} {said.decode()}"


def line(seq: int, act: str, given: str = "", **changed: object) -> bytes:
    """Return one line of the chain: an act, by the key unless told otherwise."""
    body = {
        "t": seq,
        "by": WHO,
        "act": act,
        "candidates": ["c1"],
        "reason": "",
        "type": "acted",
        "proof": given,
    }
    return json.dumps({"seq": seq, "sitting": SESSION, "body": {**body, **changed}}).encode()


def joined() -> bytes:
    """Return the line by which the principal let the key in."""
    return line(1, "join", by="principal:p", candidates=[], reason=f"{WHO} ed25519 {PUBLIC}")


def admitted(seq: int = 2, counter: int = 1, **changed: object) -> bytes:
    """Return a true admission."""
    return line(seq, "admit", proof(counter, act="admit", candidates=["c1"]), **changed)


def test_a_true_chain_has_no_fault() -> None:
    opened = json.dumps({"seq": 0, "sitting": SESSION, "body": {"type": "room_opened"}}).encode()
    assert faults_of([opened, joined(), admitted(), admitted(3, 2)]) == []


def test_an_incident_that_follows_a_ruling_stands_on_the_same_proof() -> None:
    order = proof(1, act="rule", candidates=["c1"])
    assert faults_of([joined(), line(2, "rule", order), line(3, "incident", order)]) == []
    again = [joined(), line(2, "rule", order), line(3, "incident", order), line(4, "incident", order)]
    assert [fault.code for fault in faults_of(again)] == ["replayed"]


FORGED: dict[str, list[bytes]] = {
    "unknown_key": [admitted()],
    "no_proof": [joined(), line(2, "admit")],
    "bad_signature": [joined(), line(2, "admit", "00" * 64 + proof(1, act="admit")[128:])],
    "other_session": [joined(), json.dumps({**json.loads(admitted()), "sitting": "another"}).encode()],
    "replayed": [joined(), admitted(), admitted(3, 1)],
    "other_act": [joined(), line(2, "end", proof(1, act="admit", candidates=["c1"]))],
    "other_candidates": [joined(), admitted(candidates=["c1", "c2"])],
    "revoked_key": [joined(), line(2, "revoke", by="principal:p", candidates=[], reason=WHO), admitted(3)],
}


@pytest.mark.parametrize("code", FORGED)
def test_a_forged_act_is_found_and_named(code: str) -> None:
    assert [fault.code for fault in faults_of(FORGED[code])] == [code]


async def test_the_chain_of_a_real_session_proves_its_acts(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        [ines] = await day.begun("ines")
        await ines.report()
        first, second = await phone_in(day), await phone_in(day)
        acts: list[dict[str, Any]] = [
            {
                "act": "rule",
                "candidates": [day.ids["ines"]],
                "number": 1,
                "ruling": "validated",
                "reason": "E9",
            },
            {"act": "pause_all", "reason": "Alarme"},
            {"act": "resume_all"},
            {"act": "message", "text": "Bonjour Inès"},
        ]
        for phone in (first, second):
            for one in acts:
                assert (await phone.tell(phone.acts, json.dumps(one).encode())).status == 200
        at = f"/api/v1/sessions/{day.session.id}/supervisors/{second.id}/put-out"
        assert (await first.tell(at, b"{}")).status == 200
        await supervisors.put_out(day.site.kiosk, day.principal, day.session.id, first.id)
        lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.session.id))
        assert faults_of(lines) == []
        cut = [line for line in lines if b'"join"' not in line]
        assert {fault.code for fault in faults_of(cut)} == {"unknown_key"}
