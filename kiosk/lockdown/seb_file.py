"""The `.seb` file of Safe Exam Browser, plain or locked with a password, and its reading again.

gzip around a prefix of four letters and data: `plnd` then a gzip of the property list, or `pswd` then the same gzip encrypted:
version 2, options 1, two salts of 8 bytes, an initial vector of 16, AES-256 in CBC, and an HMAC-SHA256 over all of it. Keys come
from the password by PBKDF2-HMAC-SHA1, 10 000 rounds: what the browser asks for, and why the password is long and random.
"""

from __future__ import annotations

import gzip
import hmac
import os
import plistlib
from hashlib import pbkdf2_hmac, sha256
from typing import TYPE_CHECKING, cast
from xml.parsers.expat import ExpatError

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.lockdown.seb_json import Value

PLAIN, LOCKED = b"plnd", b"pswd"
_HEAD = bytes((2, 1))
_SALT, _IV, _MAC, _ROUNDS = 8, 16, 32, 10_000
LARGEST = 4 * 1024 * 1024


class SebFileError(Exception):
    """The bytes are no `.seb` file, or the password is not the one."""


def plain_file(settings: dict[str, Value]) -> bytes:
    """Return the settings as a file anybody can open."""
    return _packed(PLAIN + _packed(_plist(settings)))


def locked_file(
    settings: dict[str, Value], password: str, random: Callable[[int], bytes] = os.urandom
) -> bytes:
    """Return the settings as a file that asks for a password."""
    return _packed(LOCKED + _encrypted(_packed(_plist(settings)), password, random))


def read_file(data: bytes, password: str | None = None) -> dict[str, Value]:
    """Return the settings of a file; raises SebFileError."""
    try:
        inner = _unpacked(data)
        prefix, body = inner[:4], inner[4:]
        if prefix == LOCKED:
            body = _decrypted(body, password or "")
        elif prefix != PLAIN:
            raise SebFileError("an unknown kind of file")
        return cast("dict[str, Value]", plistlib.loads(_unpacked(body), fmt=plistlib.FMT_XML))
    except (OSError, EOFError, ValueError, ExpatError, plistlib.InvalidFileException) as problem:
        raise SebFileError(str(problem)) from None


def _plist(settings: dict[str, Value]) -> bytes:
    return plistlib.dumps(settings, fmt=plistlib.FMT_XML, sort_keys=True)


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _unpacked(data: bytes) -> bytes:
    found = gzip.decompress(data) if len(data) <= LARGEST else b""
    if not 0 < len(found) <= LARGEST:
        raise SebFileError("too large or empty")
    return found


def _key(password: str, salt: bytes) -> bytes:
    return pbkdf2_hmac("sha1", password.encode(), salt, _ROUNDS, 32)


def _encrypted(data: bytes, password: str, random: Callable[[int], bytes]) -> bytes:
    salt, mac_salt, start = random(_SALT), random(_SALT), random(_IV)
    padder = PKCS7(128).padder()
    padded = padder.update(data) + padder.finalize()
    lock = Cipher(algorithms.AES(_key(password, salt)), modes.CBC(start)).encryptor()
    body = _HEAD + salt + mac_salt + start + lock.update(padded) + lock.finalize()
    return body + hmac.digest(_key(password, mac_salt), body, sha256)


def _decrypted(data: bytes, password: str) -> bytes:
    front = len(_HEAD) + 2 * _SALT + _IV
    if len(data) < front + _MAC + 16 or data[:2] != _HEAD:
        raise SebFileError("not an encrypted block")
    body, mac = data[:-_MAC], data[-_MAC:]
    salt, mac_salt, start = body[2:10], body[10:18], body[18:front]
    if not hmac.compare_digest(hmac.digest(_key(password, mac_salt), body, sha256), mac):
        raise SebFileError("another password, or a damaged file")
    unlock = Cipher(algorithms.AES(_key(password, salt)), modes.CBC(start)).decryptor()
    unpadder = PKCS7(128).unpadder()
    padded = unlock.update(body[front:]) + unlock.finalize()
    return unpadder.update(padded) + unpadder.finalize()
