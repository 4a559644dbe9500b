"""A school makes itself known to a central instance with a code used once; the private key never leaves.

The proof is a signature over the code's hash, the school's number and the key: whoever copies it cannot use it
with another key. The central key is trusted on first use, unless its words or digits were given beforehand.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import msgspec

from sync import frames
from sync.canonical import canonical
from sync.enrolment import Enrolled, EnrolmentFile, NotEnrolled, load_enrolment, save_enrolment
from sync.identity import init_home
from sync.keys import KeyFileError, PublicKey, fingerprint_words, public_from_hex
from sync.transport import open_session

if TYPE_CHECKING:
    from pathlib import Path

    from sync.identity import Identity

_MAX_ANSWER = 20_000


class EnrolError(Exception):
    """The school was not enrolled; the message says why and what to do."""


class _Proof(msgspec.Struct, frozen=True):
    code: str
    public_key: str
    uai: str


class _Ask(msgspec.Struct, frozen=True):
    code: str
    uai: str
    name: str
    public_key: str
    proof: str


class _Welcome(msgspec.Struct, frozen=True):
    site: str
    statement: str
    central_key: str


class _Statement(msgspec.Struct, frozen=True):
    """The part of the signed statement that must be about us."""

    site: str
    public_key: str


async def enrol(  # noqa: PLR0913 - the five things an officer is told, and two ways to trust less
    home: Path,
    central: str,
    code: str,
    uai: str,
    name: str,
    *,
    ca_file: Path | None = None,
    expected: str | None = None,
) -> Enrolled:
    """Make the key if absent, enrol, keep what came back, and return it.

    `ca_file` is the certificate of a local authority; `expected` is the central key as 64 hex digits or its six words. Raises EnrolError, sync.uai.BadUai,
    sync.identity.HomeError or sync.keys.KeyFileError; nothing is kept then but the school's own key.
    """
    identity = init_home(home, uai, name)
    _check_address(central)
    welcome = await _ask(central, _request(identity, code.strip()), ca_file)
    key = _check(welcome, identity, expected)
    _same_as_before(home, key)
    authority = await asyncio.to_thread(ca_file.read_bytes) if ca_file else None
    found = EnrolmentFile(central, identity.site, welcome.statement.rstrip("\n"))
    save_enrolment(home, found, key, authority)
    return load_enrolment(home)


def _check_address(central: str) -> None:
    """Refuse what is not HTTPS, but for this very machine: the code must not travel in clear."""
    try:
        parts = urlsplit(central)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"https", "http"}:
        raise EnrolError(f"{central!r} is not an address: it begins with https://")
    if parts.scheme == "http" and host not in {"127.0.0.1", "::1", "localhost"}:
        raise EnrolError("the address must begin with https://: the code must not travel in clear")


def _request(identity: Identity, code: str) -> _Ask:
    signer = identity.signer
    proof = canonical(_Proof(hashlib.sha256(code.encode()).hexdigest(), signer.public_hex, identity.uai))
    signature = frames.sign(signer, frames.ENROLMENT, proof).signature
    return _Ask(code, identity.uai, identity.name, signer.public_hex, signature.hex())


async def _ask(central: str, ask: _Ask, ca_file: Path | None) -> _Welcome:
    url = f"{central.rstrip('/')}/api/v1/enrolments"
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        async with (
            open_session(str(ca_file) if ca_file else None) as session,
            session.post(
                url, data=msgspec.json.encode(ask), headers=headers, allow_redirects=False
            ) as response,
        ):
            data = await response.content.read(_MAX_ANSWER)
            if response.status not in {200, 201}:
                raise EnrolError(_refusal(response.status, data))
    except (aiohttp.ClientError, OSError) as error:
        raise EnrolError(f"the central instance cannot be reached at {central}: {error}") from error
    try:
        return msgspec.json.decode(data, type=_Welcome)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EnrolError("what answered is not a central instance: check the address") from error


def _refusal(status: int, data: bytes) -> str:
    try:
        found = msgspec.json.decode(data, type=dict[str, dict[str, object]])["error"]
        return f"the central instance refused: {found.get('message') or found.get('code')}"
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
        return f"what answered ({status}) is not a central instance: check the address"


def _check(welcome: _Welcome, identity: Identity, expected: str | None) -> PublicKey:
    try:
        key = public_from_hex(welcome.central_key)
        line = welcome.statement.rstrip("\n").encode() + b"\n"
        said = msgspec.json.decode(frames.open_frame(line, frames.STATEMENT, key), type=_Statement)
    except (KeyFileError, frames.FrameError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EnrolError(f"the welcome is not signed as it should be ({error}): do not go on") from error
    if (said.site, said.public_key) != (identity.site, identity.signer.public_hex):
        raise EnrolError("the welcome is for another school: do not go on")
    if expected is not None and not _is_expected(key, expected):
        words = " ".join(fingerprint_words(key.raw))
        raise EnrolError(f"the central key is not the one expected; its words are: {words}")
    return key


def _is_expected(key: PublicKey, expected: str) -> bool:
    given = expected.replace("-", " ").lower().split()
    return given in ([key.raw.hex()], fingerprint_words(key.raw))


def _same_as_before(home: Path, key: PublicKey) -> None:
    """Refuse another central key than the one already trusted: a change is made by hand, knowingly."""
    try:
        known = load_enrolment(home).central_key
    except NotEnrolled:
        return
    if known != key:
        raise EnrolError(
            "this school trusts another central key: remove keys/central.pub and enrolment.json first"
        )
