"""What a machine's extension says, and how it is believed: an Ed25519 signature by the machine's key over the server's own nonce.

The signature covers the exact text, so nothing is written again to check it. A nonce is answered once; between two, facts are
told under the latest with a number that only grows. What is said without the key proves nothing, whoever says it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CONTEXT = b"preau-lockdown-1\n"
PROTOCOL = 1
OLDEST = (1, 0, 0)
"""Versions of the extension below this are refused."""

Refusal = Literal[
    "unreadable",
    "unknown_machine",
    "bad_signature",
    "replayed",
    "other_machine",
    "old_version",
    "unproven",
]
"""`unproven`: a page heard something that says it is the extension, and no signed word followed."""

Short = Annotated[str, msgspec.Meta(max_length=64)]
Few = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class Facts(msgspec.Struct, frozen=True):
    """What the extension sees: `others` extensions that are on, None when it may not look."""

    focus: bool
    full: bool
    windows: Few
    tabs: Few
    copies: Few
    pastes: Few
    others: Few | None = None


class Said(msgspec.Struct, frozen=True):
    """One statement. `passage` is the candidate's page that is open, empty at the door or elsewhere."""

    protocol: Literal[1]
    nonce: Short
    count: Few
    machine: Short
    version: Short
    browser: Short
    passage: Short
    facts: Facts


class Signed(msgspec.Struct, frozen=True):
    """A statement as it travels: its text, and 128 hex digits."""

    said: Annotated[str, msgspec.Meta(max_length=2000)]
    signature: Annotated[str, msgspec.Meta(max_length=128)]


class Unbelieved(Exception):  # noqa: N818 - reads as the sentence it is
    """A statement proves nothing; `code` says why, `said` what it claimed, when that could be read."""

    def __init__(self, code: Refusal, said: Said | None = None) -> None:
        super().__init__(code)
        self.code: Refusal = code
        self.said = said


_signed = msgspec.json.Decoder(Signed)
_said = msgspec.json.Decoder(Said)


def read(text: str) -> tuple[Signed, Said]:
    """Return a statement and what it claims, not yet believed; raises Unbelieved."""
    try:
        signed = _signed.decode(text.encode())
        return signed, _said.decode(signed.said.encode())
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Unbelieved("unreadable") from None


def check(signed: Signed, said: Said, public_key: str | None) -> None:
    """Raise Unbelieved unless this key (64 hex digits) signed the statement."""
    if public_key is None:
        raise Unbelieved("unknown_machine", said)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signed.signature), CONTEXT + signed.said.encode())
    except (InvalidSignature, ValueError):
        raise Unbelieved("bad_signature", said) from None


def check_version(said: Said) -> None:
    """Raise Unbelieved for an extension too old to be trusted with this protocol."""
    parts = said.version.split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise Unbelieved("old_version", said)
    if tuple(map(int, parts)) < OLDEST:
        raise Unbelieved("old_version", said)


class Line:
    """One connection of an extension: which nonce waits for its answer, and how far facts were counted."""

    def __init__(self) -> None:
        self._waiting = ""
        self._latest = ""
        self._count = -1
        self.missed = 0
        """Nonces that were followed by another before an answer came."""

    def ask(self, nonce: str) -> None:
        """Note that a nonce was sent."""
        self.missed += bool(self._waiting)
        self._waiting = nonce

    def check(self, said: Said) -> None:
        """Take a statement once; raises Unbelieved when its nonce is not ours to answer, or its number was used."""
        if said.nonce and said.nonce == self._waiting:
            self._latest, self._waiting, self.missed = said.nonce, "", 0
        elif not said.nonce or said.nonce != self._latest or said.count <= self._count:
            raise Unbelieved("replayed", said)
        self._count = said.count


def code_of(said: Said) -> str:
    """Return the statement's facts in a few signs, for the log: the version, then what is out of the ordinary."""
    facts = said.facts
    odd = (
        (not facts.focus, "unfocused"),
        (not facts.full, "windowed"),
        (facts.windows > 1, f"windows={facts.windows}"),
        (facts.tabs > 1, f"tabs={facts.tabs}"),
        (facts.copies, f"copies={facts.copies}"),
        (facts.pastes, f"pastes={facts.pastes}"),
        (facts.others, f"others={facts.others}"),
    )
    version = said.version if said.version.isascii() else "?"
    return " ".join([version[:12], *(word for there, word in odd if there)])[:60]
