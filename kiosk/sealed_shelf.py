"""The sealed bundles of a home: `banks/sealed/<bundle>`, each beside the public key of who signed it.

A session names the bundle it is led by; importing another never takes one away.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from exam.bundle import MAX_BUNDLE, BankError
from kiosk.sealed_bank import SealedBank
from sync.keys import public_from_hex

if TYPE_CHECKING:
    from pathlib import Path

    from sync.keys import PublicKey

_NAME = re.compile(r"b-[0-9a-f]{32}")


class SealedShelf:
    """Bundles by id. What is read is checked against its signer's key each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "sealed"

    def add(self, data: bytes, key: PublicKey) -> SealedBank:
        """Keep a bundle that this key signed; raises BankError, FrameError or BundleFileError."""
        if len(data) > MAX_BUNDLE:
            raise BankError("bank.too_large", f"a bundle has at most {MAX_BUNDLE} bytes")
        sealed = SealedBank.of(data, key)
        if not sealed.head.items or not _NAME.fullmatch(sealed.head.bundle):
            raise BankError("bank.not_sealed", "this bundle has no certification part")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(f"{sealed.head.bundle}.pub", key.raw.hex().encode())
        self._write(f"{sealed.head.bundle}.bundle", data)
        return sealed

    def names(self) -> list[str]:
        """Return the bundles there are, the latest first."""
        if not self._folder.is_dir():
            return []
        found = sorted(self._folder.glob("*.bundle"), key=lambda path: (-path.stat().st_mtime_ns, path.name))
        return [path.stem for path in found]

    def of(self, bundle: str) -> SealedBank:
        """Return a bundle; raises BankError when it is not here, FrameError or BundleFileError when it was changed."""
        if not _NAME.fullmatch(bundle):
            raise BankError("bank.missing", "no bundle has such a name")
        try:
            key = public_from_hex((self._folder / f"{bundle}.pub").read_text("ascii"))
            data = (self._folder / f"{bundle}.bundle").read_bytes()
        except OSError:
            raise BankError("bank.missing", f"this server has no bundle {bundle}") from None
        return SealedBank.of(data, key)

    def _write(self, name: str, data: bytes) -> None:
        path = self._folder / name
        beside = path.with_suffix(f".{os.getpid()}.new")
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
