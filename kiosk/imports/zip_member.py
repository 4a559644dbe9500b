"""The one XML of a zip, opened without believing what the zip says of itself.

The table of contents is bounded before it is read; names are never used as paths; what comes out is counted.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from kiosk.imports.limits import XML_BYTES, ZIP_DIRECTORY_BYTES, ZIP_MEMBERS, ZIP_RATIO
from kiosk.imports.reading import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_END = b"PK\x05\x06"
_END_SIZE = 22
_TAIL = 65_557
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@contextmanager
def only_xml(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Open the one eligible `.xml` of the zip; raises FileRefused with INVALID_FILE or the name of the trick."""
    _check_contents(file)
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN:
        raise FileRefused("INVALID_FILE", "zip_broken") from None
    with archive:
        member = _chosen(archive)
        try:
            opened = archive.open(member)
        except _BROKEN:
            raise FileRefused("INVALID_FILE", "zip_broken") from None
        with opened:
            yield io.BufferedReader(_Counted(opened), 64 * 1024)


def _check_contents(file: IO[bytes]) -> None:
    """Bound the table of contents, which a library would read whole."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE or tail.count(_END) != 1:
        raise FileRefused("INVALID_FILE", "zip_broken")
    _, _, _, _, count, length, _, _ = struct.unpack("<4s4H2LH", tail[at : at + _END_SIZE])
    if count > ZIP_MEMBERS or length > ZIP_DIRECTORY_BYTES:
        raise FileRefused("INVALID_FILE", "zip_members", limit=ZIP_MEMBERS)


def _chosen(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if _eligible(info.filename)]
    if len(found) != 1:
        raise FileRefused("INVALID_FILE", "zip_one_xml", count=len(found))
    info = found[0]
    if info.flag_bits & _ENCRYPTED:
        raise FileRefused("INVALID_FILE", "zip_encrypted")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileRefused("INVALID_FILE", "zip_broken")
    if info.file_size > XML_BYTES or info.file_size > ZIP_RATIO * max(info.compress_size, 1):
        raise FileRefused("INVALID_FILE", "zip_bomb")
    return info


def _eligible(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.lower().endswith(".xml") and not any(part.startswith(".") for part in parts)


class _Counted(io.RawIOBase):
    """What comes out of a zip, never more than its bound, and its damage told as ours."""

    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__()
        self._inner = inner
        self._left = XML_BYTES

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a raw stream is always given a memoryview
        """Fill the buffer; raises FileRefused."""
        try:
            data = self._inner.read(len(buffer))
        except _BROKEN:
            raise FileRefused("INVALID_FILE", "zip_broken") from None
        self._left -= len(data)
        if self._left < 0:
            raise FileRefused("INVALID_FILE", "zip_bomb")
        buffer[: len(data)] = data
        return len(data)
