"""Who signed the finalisation of a session, made and checked from the record alone.

The principal's browser signs a statement that names the SHA-256 of the record's body without its signatures; supervisors'
phones sign, once the session is closed, the head of its chain, in the form of every request of theirs. The school's server
holds none of these keys.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from sync.canonical import NotCanonical, canonical
from sync.room_proofs import DOMAIN, is_signed
from sync.session_records import SessionFinalised

if TYPE_CHECKING:
    from sync.room_proofs import Algorithm
    from sync.session_records import KeySignature

PRINCIPAL_DOMAIN = b"preau.principal.v1\n"
PRINCIPAL, SUPERVISOR = "principal", "supervisor"
SIGN = "/signature"
"""How the address ends that supervisors' phones sign the report at."""
MOST = 100
FaultCode = Literal["", "unreadable", "bad_signature", "other_session", "other_content", "other_person"]


class Signatory(NamedTuple):
    """Somebody a finalisation names as having signed; `fault` is empty when they did."""

    key: str
    kind: str
    public_key: str
    fault: FaultCode


class _PrincipalSaid(msgspec.Struct, frozen=True):
    act: str
    content: str
    session: str


class _Asked(msgspec.Struct, frozen=True):
    head: str = ""


class _SupervisorSaid(msgspec.Struct, frozen=True):
    address: str
    asked: _Asked
    session: str


def content_of(body: bytes) -> str:
    """Return the SHA-256 of a finalisation without its signatures; raises ValueError for what is no such body."""
    try:
        parts = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        parts.pop("signatures", None)
        return hashlib.sha256(canonical(parts)).hexdigest()
    except (msgspec.MsgspecError, NotCanonical, UnicodeError, RecursionError) as error:
        raise ValueError("not a finalisation") from error


def principal_statement(session: str, content: str, nonce: str) -> bytes:
    """Return what the principal's browser signs."""
    return canonical({"act": "finalise", "content": content, "nonce": nonce, "session": session})


def signatories(body: bytes) -> list[Signatory]:
    """Return who a finalisation says signed it, and whether each did; raises ValueError for what is no such body."""
    content = content_of(body)
    try:
        said = msgspec.json.decode(body, type=SessionFinalised)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ValueError("not a finalisation") from error
    if len(said.signatures) > MOST:
        raise ValueError("a session has a bounded number of people in charge")
    return [
        Signatory(one.key, one.kind, one.public_key, _fault(said, content, one)) for one in said.signatures
    ]


def _fault(record: SessionFinalised, content: str, one: KeySignature) -> FaultCode:
    algorithm: Algorithm = "p256" if one.algorithm == "p256" else "ed25519"
    domain = PRINCIPAL_DOMAIN if one.kind == PRINCIPAL else DOMAIN
    if not is_signed(algorithm, one.public_key, one.said.encode(), one.signature, domain):
        return "bad_signature"
    try:
        if one.kind == PRINCIPAL:
            return _fault_of_principal(record, content, one)
        if one.kind == SUPERVISOR:
            return _fault_of_supervisor(record, one)
    except (msgspec.MsgspecError, RecursionError):
        return "unreadable"
    return "unreadable"


def _fault_of_principal(record: SessionFinalised, content: str, one: KeySignature) -> FaultCode:
    said = msgspec.json.decode(one.said, type=_PrincipalSaid)
    if said.session != record.session:
        return "other_session"
    if one.key != record.by:
        return "other_person"
    return "" if (said.act, said.content) == ("finalise", content) else "other_content"


def _fault_of_supervisor(record: SessionFinalised, one: KeySignature) -> FaultCode:
    said = msgspec.json.decode(one.said, type=_SupervisorSaid)
    if said.session != record.session:
        return "other_session"
    if not one.key.startswith(f"{SUPERVISOR}:"):
        return "other_person"
    return "" if said.address.endswith(SIGN) and said.asked.head == record.head else "other_content"
