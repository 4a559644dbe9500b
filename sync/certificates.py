"""A certificate anybody can check without a network: a COSE_Sign1 of the central instance, small enough for a square.

What is signed holds no name: it names the identity sheet by its salted hash, and the sheet goes along unsigned, so that the
square proves who it is about while a statement between servers says nothing of anybody. Text form: `PREAU1:` and base 45.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import cbor2

from sync.identities import Sheet, read_sheet, sheet_hash

if TYPE_CHECKING:
    from sync.keys import PublicKey, Signer

PREFIX = "PREAU1:"
TAG = 18
ALGORITHM, KEY_ID = 1, 4
EDDSA = -8
SHEET = "sheet"
FORMAT = "preau.certificate/1"
LONGEST = 4096
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


class CertificateError(Exception):
    """The text is no certificate of this key; `code` says how: malformed, bad_signature, other_identity."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Claims(NamedTuple):
    """What the central instance signs; dates are YYYY-MM-DD, `mesh` an index, -1 without one."""

    code: str
    score: int
    highest: int
    mesh: int
    test_date: str
    delivered: str
    centre: str
    uai: str
    identity: str


class Certificate(NamedTuple):
    """A certificate that was checked: `sheet` is None when it came without."""

    claims: Claims
    sheet: Sheet | None


def sign_certificate(signer: Signer, claims: Claims) -> bytes:
    """Return the COSE_Sign1 of these claims, without a sheet."""
    protected = cbor2.dumps({ALGORITHM: EDDSA, KEY_ID: bytes.fromhex(signer.key_id)}, canonical=True)
    numbered: dict[int, object] = {0: FORMAT, **dict(enumerate(claims, 1))}
    numbered[9] = bytes.fromhex(claims.identity)
    payload = cbor2.dumps(numbered, canonical=True)
    signature = signer.sign(_signed(protected, payload))
    return cbor2.dumps(cbor2.CBORTag(TAG, [protected, {}, payload, signature]), canonical=True)


def with_sheet(token: bytes, sheet: str) -> bytes:
    """Return the certificate with its identity sheet beside the signature; raises CertificateError."""
    protected, _, payload, signature = _parts(token)
    return cbor2.dumps(
        cbor2.CBORTag(TAG, [protected, {SHEET: sheet.encode()}, payload, signature]), canonical=True
    )


def check_certificate(token: bytes, key: PublicKey) -> Certificate:
    """Return what a certificate says once signature and identity hold; raises CertificateError."""
    protected, beside, payload, signature = _parts(token)
    if not key.verify(signature, _signed(protected, payload)):
        raise CertificateError("bad_signature", "this certificate is not signed by this key")
    if _loaded(protected) != {ALGORITHM: EDDSA, KEY_ID: bytes.fromhex(key.key_id)}:
        raise CertificateError("malformed", "the certificate names another way of signing, or another key")
    claims = _claims(_loaded(payload))
    sheet = beside.get(SHEET)
    if sheet is None:
        return Certificate(claims, None)
    if not isinstance(sheet, bytes) or sheet_hash(sheet) != claims.identity:
        raise CertificateError(
            "other_identity", "the names beside this certificate are not those it was made for"
        )
    try:
        return Certificate(claims, read_sheet(sheet))
    except ValueError as error:
        raise CertificateError("malformed", "the names beside this certificate cannot be read") from error


def to_text(token: bytes) -> str:
    """Return a certificate as a square holds it."""
    return PREFIX + encode45(token)


def from_text(text: str) -> bytes:
    """Return the certificate of a square's text; raises CertificateError."""
    bare = text.strip("\r\n\t")
    if not bare.startswith(PREFIX) or len(bare) > 2 * LONGEST:
        raise CertificateError("malformed", f"a certificate begins with {PREFIX}")
    return decode45(bare[len(PREFIX) :])


def encode45(data: bytes) -> str:
    """Return bytes in base 45 (RFC 9285): what the alphanumeric mode of a square holds best."""
    found = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            value, sign = divmod(value, 45)
            found.append(BASE45[sign])
    return "".join(found)


def decode45(text: str) -> bytes:
    """Return the bytes of a base 45 text; raises CertificateError."""
    found = bytearray()
    for start in range(0, len(text), 3):
        part = text[start : start + 3]
        places = [BASE45.find(sign) for sign in part]
        size = len(part) - 1
        value = sum(place * 45**power for power, place in enumerate(places))
        if size == 0 or min(places) < 0 or value >= 256**size:
            raise CertificateError("malformed", "this text is not whole: scan it again")
        found += value.to_bytes(size)
    return bytes(found)


def _signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def _loaded(data: bytes) -> dict[object, object]:
    """Return one map and nothing after it."""
    source = io.BytesIO(data)
    try:
        found = cbor2.CBORDecoder(source).decode()
    except (cbor2.CBORDecodeError, ValueError, RecursionError, OverflowError, MemoryError) as error:
        raise CertificateError("malformed", "this is not CBOR") from error
    if not isinstance(found, dict) or source.read(1):
        raise CertificateError("malformed", "this certificate is not written as ours are")
    return found


def _parts(token: bytes) -> tuple[bytes, dict[object, object], bytes, bytes]:
    if len(token) > LONGEST:
        raise CertificateError("malformed", "this is too long for a certificate")
    source = io.BytesIO(token)
    try:
        tagged = cbor2.CBORDecoder(source).decode()
    except (cbor2.CBORDecodeError, ValueError, RecursionError, OverflowError, MemoryError) as error:
        raise CertificateError("malformed", "this is not CBOR") from error
    value = tagged.value if isinstance(tagged, cbor2.CBORTag) and tagged.tag == TAG else None
    if source.read(1) or not isinstance(value, Sequence) or len(value) != 4:
        raise CertificateError("malformed", "this is not a COSE_Sign1")
    protected, beside, payload, signature = value
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise CertificateError("malformed", "this is not a COSE_Sign1")
    if not isinstance(beside, Mapping) or len(signature) != 64:
        raise CertificateError("malformed", "this is not a COSE_Sign1")
    return protected, dict(beside), payload, signature


def _claims(found: dict[object, object]) -> Claims:
    if found.get(0) != FORMAT or set(found) != set(range(10)):
        raise CertificateError("malformed", "this certificate is of another version")
    values = [found[place] for place in range(1, 10)]
    hashed = values[8]
    kinds: tuple[type, ...] = (str, int, int, int, str, str, str, str, bytes)
    if not all(type(value) is kind for value, kind in zip(values, kinds, strict=True)):
        raise CertificateError("malformed", "a field of this certificate is not what it should be")
    values[8] = hashed.hex() if isinstance(hashed, bytes) else ""
    return Claims(*values)  # type: ignore[arg-type]  # each was just compared with its kind
