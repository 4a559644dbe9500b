"""The server's identity as a person compares it: words read aloud, and hexadecimal as browsers print it.

Identity is a key, not an address: the words come from a public key, so they stay the same when the
certificate is renewed or the server moves to another network.
"""

from __future__ import annotations

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.keys import fingerprint_words


def certificate_words(der: bytes) -> list[str]:
    """Return the words of a certificate's public key, from its DER bytes."""
    public = x509.load_der_x509_certificate(der).public_key()
    return fingerprint_words(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def certificate_hex(der: bytes) -> str:
    """Return the SHA-256 of a certificate as browsers show it: 32 upper-case pairs joined by colons."""
    return hashlib.sha256(der).digest().hex(":").upper()
