"""What supervisors' own devices signed, checked from a session's chain alone: keys come in by `join`, go out by `revoke`.

The server that wrote the chain held none of these keys: an act with a sound proof is the supervisor's word, not the
server's. A statement says session, address, what was asked, a counter and a nonce; words people wrote stand by their hash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

if TYPE_CHECKING:
    from collections.abc import Iterable

Algorithm = Literal["ed25519", "p256"]
FaultCode = Literal[
    "unknown_key",
    "revoked_key",
    "no_proof",
    "bad_signature",
    "other_session",
    "replayed",
    "other_act",
    "other_candidates",
]
DOMAIN = b"preau.supervisor.v1\n"
PREFIX = "supervisor:"
PASSWORD = "password"  # noqa: S105 - a way in, not a secret
_SIGNATURE = 64
_COORDINATE = 32
_OF_KEYS = {"join": "/let-in", "revoke": "/put-out"}
_FOLLOWS = {"incident": "rule"}
"""A validated alert notes its incident by the same order."""


class BadKey(ValueError):  # noqa: N818 - says what the key is
    """These bytes are no public key of this algorithm."""


class Fault(NamedTuple):
    """An act whose proof does not hold: its place in the chain, and why."""

    seq: int
    code: FaultCode


class _Asked(msgspec.Struct, frozen=True):
    act: str = ""
    candidates: list[str] | None = None


class _Statement(msgspec.Struct, frozen=True):
    address: str
    asked: _Asked
    counter: int
    session: str


class _Acted(msgspec.Struct, frozen=True, tag="acted"):
    by: str
    act: str
    candidates: list[str]
    reason: str
    proof: str


class _Tag(msgspec.Struct, frozen=True):
    type: str


class _Link(msgspec.Struct, frozen=True):
    body: msgspec.Raw
    seq: int
    sitting: str


@dataclass(slots=True)
class _Key:
    algorithm: str
    public_key: str
    revoked: bool = False
    counter: int = 0
    last: str = ""
    last_act: str = ""


@dataclass(slots=True)
class _Room:
    keys: dict[str, _Key] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def check_key(algorithm: Algorithm, public_key: str) -> None:
    """Raise BadKey unless this hex is a public key of this algorithm."""
    _public(algorithm, public_key)


def is_signed(
    algorithm: Algorithm, public_key: str, said: bytes, signature: str, domain: bytes = DOMAIN
) -> bool:
    """Return whether this key signed this statement, in this domain; a signature that is none is no."""
    try:
        raw = bytes.fromhex(signature)
        key = _public(algorithm, public_key)
    except ValueError:
        return False
    if len(raw) != _SIGNATURE:
        return False
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(raw, domain + said)
        else:
            r, s = int.from_bytes(raw[:_COORDINATE]), int.from_bytes(raw[_COORDINATE:])
            key.verify(encode_dss_signature(r, s), domain + said, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def faults_of(lines: Iterable[bytes]) -> list[Fault]:
    """Return the acts of a session's chain whose proof does not hold, in order; the chain itself is checked elsewhere.

    Acts of the principal and of browsers let in by the password have no proof, and are none of its business.
    """
    room = _Room()
    for line in lines:
        link = msgspec.json.decode(line, type=_Link)
        if msgspec.json.decode(link.body, type=_Tag).type != "acted":
            continue
        acted = msgspec.json.decode(link.body, type=_Acted)
        code = _fault(room, link.sitting, acted)
        if code is not None:
            room.faults.append(Fault(link.seq, code))
        _note_key(room, acted)
    return room.faults


def keys_of(lines: Iterable[bytes]) -> dict[str, str]:
    """Return the public keys of the supervisors who were in at the end of a session's chain, by what it calls them."""
    room = _Room()
    for line in lines:
        link = msgspec.json.decode(line, type=_Link)
        if msgspec.json.decode(link.body, type=_Tag).type == "acted":
            _note_key(room, msgspec.json.decode(link.body, type=_Acted))
    return {name: key.public_key for name, key in room.keys.items() if not key.revoked}


def _fault(room: _Room, session: str, acted: _Acted) -> FaultCode | None:
    if not acted.by.startswith(PREFIX) or (acted.act == "join" and not acted.proof):
        return (
            None  # a key let in before the opening was vouched for by the server, as its password ways in are
        )
    key = room.keys.get(acted.by)
    if key is None:
        return "unknown_key"
    if key.revoked:
        return "revoked_key"
    if key.algorithm == PASSWORD:
        return None
    return _fault_of_proof(key, session, acted)


def _fault_of_proof(key: _Key, session: str, acted: _Acted) -> FaultCode | None:
    signature, _, said = acted.proof.partition(" ")
    if not said:
        return "no_proof"
    algorithm: Algorithm = "p256" if key.algorithm == "p256" else "ed25519"
    if not is_signed(algorithm, key.public_key, said.encode(), signature):
        return "bad_signature"
    try:
        statement = msgspec.json.decode(said, type=_Statement)
    except msgspec.MsgspecError:
        return "other_act"
    if statement.session != session:
        return "other_session"
    follows = key.last == acted.proof and _FOLLOWS.get(acted.act) == key.last_act
    if statement.counter <= key.counter and not follows:
        return "replayed"
    key.counter, key.last, key.last_act = statement.counter, acted.proof, acted.act
    return None if follows else _fault_of_act(statement, acted)


def _fault_of_act(statement: _Statement, acted: _Acted) -> FaultCode | None:
    ending = _OF_KEYS.get(acted.act)
    if ending is not None:
        return None if statement.address.endswith(ending) else "other_act"
    if statement.asked.act != acted.act:
        return "other_act"
    asked = statement.asked.candidates
    if asked is not None and not set(acted.candidates) <= set(asked):
        return "other_candidates"
    return None


def _note_key(room: _Room, acted: _Acted) -> None:
    words = acted.reason.split(" ")
    if acted.act == "join":
        name, algorithm, public_key = (*words, "", "", "")[:3]
        room.keys.setdefault(name, _Key(algorithm, public_key))
    elif acted.act == "revoke" and words[0] in room.keys:
        room.keys[words[0]].revoked = True


def _public(algorithm: Algorithm, public_key: str) -> Ed25519PublicKey | EllipticCurvePublicKey:
    try:
        raw = bytes.fromhex(public_key)
        if algorithm == "ed25519":
            return Ed25519PublicKey.from_public_bytes(raw)
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
    except ValueError:
        raise BadKey(algorithm) from None
