"""Opening the sealed part of a bundle: the day key first, by code or by box, then the tables, then one item at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.sealed_part import read_item, read_part
from sync.bundle_file import read_bundle
from sync.sealed import SealError, unlock_for_school, unlock_with_code, unseal

if TYPE_CHECKING:
    from exam.sealed_part import CertificationPart, SealedItem
    from sync.box_keys import Box
    from sync.bundle_file import Head
    from sync.keys import PublicKey

TABLES = "tables"


@dataclass(frozen=True, slots=True)
class SealedBank:
    """A bundle whose signature and parts were checked; it holds no key."""

    head: Head
    parts: dict[str, bytes]

    @classmethod
    def of(cls, data: bytes, key: PublicKey) -> SealedBank:
        """Return the bundle in these bytes; raises sync.frames.FrameError or sync.bundle_file.BundleFileError."""
        return cls(*read_bundle(data, key))

    def key_by_code(self, code: str) -> bytes:
        """Return the day key under the spoken code; raises `SealError` (no_code, wrong_code)."""
        lock = self.head.code
        if lock is None:
            raise SealError("no_code", "this bundle has no day code: open it on a school it was made for")
        return unlock_with_code(_bytes(lock.locked), self.head.bundle, code, _bytes(lock.salt), lock.costs)

    def key_by_box(self, box: Box) -> bytes:
        """Return the day key meant for this school; raises `SealError` (wrong_school)."""
        for lock in self.head.schools:
            if lock.box == box.key_id:
                return unlock_for_school(_bytes(lock.locked), self.head.bundle, box)
        raise SealError("wrong_school", "this bundle was not made for this school: ask for its day code")

    def tables(self, day_key: bytes) -> CertificationPart:
        """Return what the engine needs; raises `SealError` (missing: an item it may choose) or exam.sealed_part.SealedPartError."""
        part = read_part(self._opened(day_key, TABLES))
        absent = [row.id for row in part.rows if row.id not in self.parts]
        if absent:
            raise SealError("missing", f"the bundle has no part {absent[0]}, nor {len(absent) - 1} others")
        return part

    def item(self, day_key: bytes, name: str) -> SealedItem:
        """Return one item by its opaque id; raises as `tables`."""
        return read_item(self._opened(day_key, name), name)

    def _opened(self, day_key: bytes, name: str) -> bytes:
        if name not in self.parts:
            raise SealError("missing", f"the bundle has no part {name}")
        return unseal(day_key, self.head.bundle, name, self.parts[name])


def _bytes(written: str) -> bytes:
    try:
        return bytes.fromhex(written)
    except ValueError as error:
        raise SealError(
            "malformed", "the head of this bundle does not write its locks in hexadecimal"
        ) from error
