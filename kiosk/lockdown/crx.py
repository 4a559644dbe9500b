"""The signed package of an extension for Chromium (CRX3), written and read without any other tool.

`Cr24`, the version 3, the length of a header, the header, then a zip. The header is a protocol buffer of which only what we need
is written: one proof by an RSA key, and the signed data, which is the extension's id. The id is the first half of the SHA-256
of the public key, its hex digits written a to p; so the same key gives the same id for ever.
"""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC, VERSION = b"Cr24", 3
_CONTEXT = b"CRX3 SignedData\0"
_RSA, _SIGNED_DATA = 2, 10_000
_KEY, _SIGNATURE, _ID = 1, 2, 1
LARGEST_HEADER = 64 * 1024


class CrxError(Exception):
    """The bytes are no package signed by the key whose id they claim."""


class Crx(NamedTuple):
    """A package read again: the extension's id, the public key that signed it (DER), and its zip."""

    id: str
    public_key: bytes
    archive: bytes


def public_der(key: rsa.RSAPublicKey) -> bytes:
    """Return a public key as browsers hash and store it."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def extension_id(public_key: bytes) -> str:
    """Return the id of the extension of this key (DER): 32 letters from a to p."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in sha256(public_key).hexdigest()[:32])


def pack(archive: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """Return the zip signed."""
    public = public_der(key.public_key())
    signed = _field(_ID, sha256(public).digest()[:16])
    signature = key.sign(_to_sign(signed, archive), PKCS1v15(), hashes.SHA256())
    proof = _field(_KEY, public) + _field(_SIGNATURE, signature)
    header = _field(_RSA, proof) + _field(_SIGNED_DATA, signed)
    return MAGIC + struct.pack("<II", VERSION, len(header)) + header + archive


def parse(data: bytes) -> Crx:
    """Return what a package holds, its signature checked; raises CrxError."""
    if len(data) < 12 or data[:4] != MAGIC:
        raise CrxError("not a package of an extension")
    version, length = struct.unpack("<II", data[4:12])
    if version != VERSION or length > LARGEST_HEADER or 12 + length > len(data):
        raise CrxError("not version 3, or cut")
    fields = dict(_fields(data[12 : 12 + length]))
    archive = data[12 + length :]
    try:
        proof, signed = dict(_fields(fields[_RSA])), fields[_SIGNED_DATA]
        public, signature, claimed = proof[_KEY], proof[_SIGNATURE], dict(_fields(signed))[_ID]
        key = load_der_public_key(public)
        if not isinstance(key, rsa.RSAPublicKey) or claimed != sha256(public).digest()[:16]:
            raise CrxError("signed by another key than its id's")
        key.verify(signature, _to_sign(signed, archive), PKCS1v15(), hashes.SHA256())
    except (KeyError, ValueError, InvalidSignature) as problem:
        raise CrxError(f"the signature does not hold: {type(problem).__name__}") from None
    return Crx(extension_id(public), public, archive)


def _to_sign(signed: bytes, archive: bytes) -> bytes:
    return _CONTEXT + struct.pack("<I", len(signed)) + signed + archive


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, data: bytes) -> bytes:
    """Return a field of bytes of a protocol buffer."""
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the fields of bytes of a protocol buffer; raises CrxError for anything else."""
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        size, at = _read_varint(data, at)
        if tag & 7 != 2 or at + size > len(data):
            raise CrxError("a header we do not write")
        yield tag >> 3, data[at : at + size]
        at += size


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(data) and shift < 35:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
    raise CrxError("a number that does not end")
