"""A school's box: the X25519 key that what is meant for this school alone is sealed for.

Made on the server, kept beside the signing key in a file of mode 0600, and never used to sign: one key, one use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sync.keys import KeyFileError, PublicKey, make_key_file, read_key_file

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Box:
    """A private key in memory."""

    private: X25519PrivateKey

    @property
    def public(self) -> bytes:
        """Return the 32 bytes that others seal for."""
        return self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """Return the first 16 hex digits of the SHA-256 of the public key."""
        return box_key_id(self.public)


def box_key_id(public: bytes) -> str:
    """Return the id a box's public key is looked up by."""
    return PublicKey(public).key_id


def box_path(home: Path) -> Path:
    """Return where the school's box is."""
    return home / "keys" / "school-box.key"


def load_or_make_box(home: Path) -> Box:
    """Return the school's box, made first when there is none. Raises sync.keys.KeyFileError."""
    return box_at(box_path(home))


def box_at(path: Path) -> Box:
    """Return the box of a file, made first when there is none. Raises sync.keys.KeyFileError."""
    if not path.exists():
        make_key_file(path, X25519PrivateKey.generate())
    return load_box(path)


def load_box(path: Path) -> Box:
    """Return the box of a file. Raises sync.keys.KeyFileError when missing, damaged, or readable by others."""
    data = read_key_file(path)
    try:
        private = load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path.name} is damaged: restore it from a backup") from error
    if not isinstance(private, X25519PrivateKey):
        raise KeyFileError(f"{path.name} holds another kind of key than X25519")
    return Box(private)
