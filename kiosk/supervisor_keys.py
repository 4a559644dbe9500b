"""What a supervisor's phone signs, made again here to be checked (`sync.room_proofs` checks it).

The phone makes its key itself and cannot give it away. It signs a statement: which session, which address, what is asked,
its own counter, and a number the server gave for this one act. Words people wrote stand in the statement by their SHA-256,
so that it can be kept in the session's chain, where no name ever goes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sync.canonical import NotCanonical, canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMBER_DOMAIN = "preau.number.v1"
WORDS = ("reason", "text", "why")
"""Fields of an act that people write freely: in the statement by their hash."""


class BadStatement(ValueError):  # noqa: N818 - says what the statement is
    """The request is not one that can be signed."""


class Claim(NamedTuple):
    """What came with a request: the counter and the nonce the phone says it used, and its signature, in hex."""

    counter: int
    nonce: str
    signature: str


def number_of(public_key: str, nonce: str) -> str:
    """Return the six digits that both screens show: from the key, and from what the server said after it had the key."""
    digest = hashlib.sha256(f"{NUMBER_DOMAIN}\n{public_key}\n{nonce}".encode()).digest()
    return f"{int.from_bytes(digest[:4]) % 1_000_000:06}"


def statement(session: str, address: str, claim: Claim, body: bytes) -> bytes:
    """Return what the phone must have signed for this request; raises BadStatement when its body is no JSON object."""
    try:
        said = msgspec.json.decode(body) if body else {}
        if not isinstance(said, dict):
            raise BadStatement("an object is expected")
        return canonical(
            {
                "address": address,
                "asked": _without_words(said),
                "counter": claim.counter,
                "nonce": claim.nonce,
                "session": session,
            }
        )
    except (msgspec.DecodeError, NotCanonical, UnicodeError, RecursionError) as problem:
        raise BadStatement(str(problem)) from None


def _without_words(said: Mapping[str, object]) -> dict[str, object]:
    return {
        name: hashlib.sha256(value.encode()).hexdigest()
        if name in WORDS and isinstance(value, str) and value
        else value
        for name, value in said.items()
    }


def proof_of(claim: Claim, said: bytes) -> str:
    """Return what the chain keeps: the signature, a space, the statement."""
    return f"{claim.signature} {said.decode()}"
