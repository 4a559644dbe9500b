"""Ed25519 keys: made on the machine that uses them, kept in files of mode 0600, named by a short id.

A key's id is for looking it up; what proves anything is the key itself. The words are for people: two persons
on the telephone compare six words rather than 64 signs.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sync.words import WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

FINGERPRINT_WORDS = 6


class KeyFileError(Exception):
    """A key file is missing, damaged, or readable by others; the message says which and what to do."""


@dataclass(frozen=True)
class PublicKey:
    """A key that checks signatures."""

    raw: bytes
    """The 32 bytes of the key."""

    @cached_property
    def key_id(self) -> str:
        """First 16 hex digits of the SHA-256 of the key."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @cached_property
    def _checker(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)

    def verify(self, signature: bytes, signed: bytes) -> bool:
        """Return whether `signature` is this key's signature of `signed`."""
        try:
            self._checker.verify(signature, signed)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private key in memory."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = PublicKey(private.public_key().public_bytes_raw())
        self.key_id = self.public.key_id
        self.public_hex = self.public.raw.hex()

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature of `data`; callers put a domain in front, see `sync.frames`."""
        return self._private.sign(data)


def load_or_make(path: Path) -> Signer:
    """Return the key of the file, made first when the file is absent. Raises KeyFileError."""
    if not path.exists():
        make_key_file(path, Ed25519PrivateKey.generate())
    return load(path)


def load(path: Path) -> Signer:
    """Return the key of the file. Raises KeyFileError when missing, damaged, or readable by others."""
    data = read_key_file(path)
    try:
        private = load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path.name} is damaged: restore it from a backup") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{path.name} holds another kind of key than Ed25519")
    return Signer(private)


def read_key_file(path: Path) -> bytes:
    """Return the bytes of a private key's file. Raises KeyFileError when it is missing or readable by others."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path.name} can be read by others: run `chmod 600` on it")
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{path.name} cannot be read: {error.strerror}") from error


def public_from_hex(text: str) -> PublicKey:
    """Return the public key written as 64 hex digits. Raises KeyFileError."""
    try:
        raw = bytes.fromhex(text.strip())
    except ValueError as error:
        raise KeyFileError("a public key is 64 hexadecimal digits") from error
    if len(raw) != 32:
        raise KeyFileError("a public key is 64 hexadecimal digits")
    return PublicKey(raw)


def load_public(path: Path) -> PublicKey:
    """Return the public key of a file holding 64 hex digits. Raises KeyFileError."""
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path.name} is not a readable public key file") from error
    return public_from_hex(text)


def save_public(path: Path, key: PublicKey) -> None:
    """Write the public key as 64 hex digits and a newline, replacing the file at once."""
    replace_file(path, key.raw.hex().encode() + b"\n", 0o644)


def fingerprint_words(public: bytes) -> list[str]:
    """Return six French words that name the public key, for reading aloud."""
    digest = hashlib.sha256(b"preau.words.v1\n" + public).digest()
    return [WORDS[byte] for byte in digest[:FINGERPRINT_WORDS]]


def replace_file(path: Path, data: bytes, mode: int) -> None:
    """Write a file so that a reader sees the old content or the new, never a part, even after a power cut."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = _write_beside(path, data, mode)
    beside.replace(path)
    _sync_folder(path.parent)


def make_key_file(path: Path, private: Ed25519PrivateKey | X25519PrivateKey) -> None:
    """Write a new private key to a file of mode 0600; one that another process wrote in the meantime stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = _write_beside(path, pem, 0o600)
    try:
        # A link, unlike a rename, never replaces a key that another process made in the meantime.
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    _sync_folder(path.parent)


def _write_beside(path: Path, data: bytes, mode: int) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
