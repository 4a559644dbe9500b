"""The bank the settings name: a folder of files, or a bundle checked against those who may sign it.

A bundle that is not what the settings say is refused before anything is served, and the refusal names what is wrong:
who signed it, its version, its digest, or the part that was changed. Its sealed part is kept as it is, closed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from exam.bundle import MAX_BUNDLE, BankError, load_bundle
from kiosk.bank_files import load_bank, read_bundle_file, starter_bank
from kiosk.sealed_bank import SealedBank
from sync.bundle_file import OPEN, BundleFileError
from sync.frames import FrameError
from sync.keys import KeyFileError, load_public, public_from_hex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.bank import Bank
    from kiosk.config import Config
    from sync.keys import PublicKey

_HEX_DIGITS = 64


class Signed(NamedTuple):
    """A bundle as it travels, and whose signature it bears."""

    data: bytes
    key: PublicKey


class Served(NamedTuple):
    """The bank in clear, and what goes with it when a part of its bundle is sealed: the bundle, closed, and its bytes."""

    bank: Bank
    sealed: SealedBank | None = None
    signed: Signed | None = None


def served_bank(config: Config) -> Served:
    """Return what the settings name.

    Raises `BankError` (bank.wrong_signer, bank.wrong_version, bank.wrong_digest, bank.changed and the like),
    sync.keys.KeyFileError for a signer that is no key, or `OSError`.
    """
    path = Path(config.bank) if config.bank else starter_bank()
    served = Served(load_bank(path)) if path.is_dir() else _read(path, config.bank_signers)
    if config.bank_version and served.bank.version != config.bank_version:
        raise BankError(
            "bank.wrong_version",
            f"{path.name} is version {served.bank.version}; the setting bank_version asks for {config.bank_version}",
        )
    if config.bank_digest and served.bank.digest != config.bank_digest:
        raise BankError(
            "bank.wrong_digest",
            f"{path.name} has digest {served.bank.digest}; the setting bank_digest asks for {config.bank_digest}",
        )
    return served


def _read(path: Path, signers: Sequence[str]) -> Served:
    data = read_bundle_file(path)
    if data.startswith(b"{"):
        if signers:
            raise BankError(
                "bank.wrong_signer", f"{path.name} is not signed; bank_signers says who must sign it"
            )
        return Served(load_bank(path))
    if len(data) > MAX_BUNDLE:
        raise BankError("bank.too_large", f"a bundle has at most {MAX_BUNDLE} bytes")
    sealed, key = _checked(data, [_key_of(word) for word in signers], path.name)
    bank = load_bundle(sealed.parts[OPEN])
    said = (sealed.head.bank, sealed.head.version, sealed.head.digest)
    for name, stated, found in zip(
        ("id", "version", "digest"), said, (bank.id, bank.version, bank.digest), strict=True
    ):
        if stated != found:
            raise BankError(
                f"bank.wrong_{name}", f"{path.name} states the {name} {stated}; its open part has {found}"
            )
    return Served(bank, sealed, Signed(data, key)) if sealed.head.items else Served(bank)


def _checked(data: bytes, keys: Sequence[PublicKey], name: str) -> tuple[SealedBank, PublicKey]:
    """Return the bundle and whichever key signed it."""
    if not keys:
        raise BankError(
            "bank.unchecked", f"{name} is signed: give the public keys of who may sign it in bank_signers"
        )
    for key in keys:
        try:
            sealed = SealedBank.of(data, key)
        except FrameError as error:
            if error.code != "bad_signature":
                raise BankError(f"bank.{error.code}", f"{name}: {error}") from error
            continue
        except BundleFileError as error:
            raise BankError(f"bank.{error.code}", f"{name}: {error}") from error
        if OPEN not in sealed.parts:
            raise BankError("bank.malformed", f"{name} has no open part")
        return sealed, key
    raise BankError(
        "bank.wrong_signer", f"{name} is signed by none of the keys in bank_signers, or was changed since"
    )


def _key_of(word: str) -> PublicKey:
    if len(word.strip()) == _HEX_DIGITS:
        return public_from_hex(word)
    try:
        return load_public(Path(word))
    except KeyFileError as error:
        raise KeyFileError(f"bank_signers: {error}. Give 64 hexadecimal digits, or a file of them") from error
