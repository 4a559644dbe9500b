"""Pictures brought from elsewhere, PNG or JPEG: bounded, whole, and freed of everything that is not the picture.

What a picture says of its maker (place, date, device, comments) is taken off, so that nothing travels unseen in a bank.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from exam.documents.limits import DocumentError
from exam.documents.names import ending_of

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_RASTER = 140_000
"""Bytes: written in base 64, it stays below what one file of a bank may hold."""

MAX_SIDE = 6000
ENDINGS = (".png", ".jpg", ".jpeg")
_PNG = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"IDAT", b"IEND")
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_DROPPED = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
"""JPEG segments that are no picture: metadata and comments; those of colour (0xE0, 0xEE) stay."""


def clean_picture(name: str, data: bytes) -> bytes:
    """Return the picture alone; raises `DocumentError` when the data is not what the ending of the name says."""
    if len(data) > MAX_RASTER:
        raise DocumentError(f"a picture has at most {MAX_RASTER} bytes, this one has {len(data)}")
    return check_picture(name, data)


def check_picture(name: str, data: bytes) -> bytes:
    """Do the same whatever the size, for a picture that was made here."""
    clean = _CLEANERS.get(ending_of(name))
    if clean is None:
        raise DocumentError(f"a picture ends in {', '.join(ENDINGS)}")
    try:
        return clean(data)
    except (struct.error, IndexError) as error:
        raise DocumentError("the picture is cut short") from error


def _clean_png(data: bytes) -> bytes:
    if not data.startswith(_PNG):
        raise DocumentError("this is no PNG picture")
    kept, place = [_PNG], len(_PNG)
    names: list[bytes] = []
    while not names or names[-1] != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        chunk = data[place : place + 12 + length]
        (told,) = struct.unpack_from(">I", chunk, 8 + length)
        if told != zlib.crc32(chunk[4 : 8 + length]):
            raise DocumentError("the PNG picture is damaged")
        names.append(name)
        place += 12 + length
        if name in _KEPT:
            kept.append(chunk)
        elif not name[0] & 0x20:  # a capital first letter: the picture cannot be read without it
            raise DocumentError("the PNG picture has a part that is not known")
    if names[0] != b"IHDR" or b"IDAT" not in names:
        raise DocumentError("this is no PNG picture")
    _check_size(*struct.unpack_from(">II", data, 16))
    return b"".join(kept)


def _clean_jpeg(data: bytes) -> bytes:
    if not data.startswith(b"\xff\xd8\xff"):
        raise DocumentError("this is no JPEG picture")
    kept, place, sized = [data[:2]], 2, False
    while True:
        if data[place] != 0xFF:
            raise DocumentError("the JPEG picture is damaged")
        marker = data[place + 1]
        (length,) = struct.unpack_from(">H", data, place + 2)
        segment = data[place : place + 2 + length]
        if length < 2 or len(segment) != 2 + length:
            raise DocumentError("the JPEG picture is cut short")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", segment, 5)
            _check_size(width, height)
            sized = True
        if marker not in _DROPPED:
            kept.append(segment)
        place += 2 + length
        if marker == 0xDA:
            break
    end = data.rfind(b"\xff\xd9")
    if not sized or end < place:
        raise DocumentError("the JPEG picture is cut short")
    return b"".join([*kept, data[place : end + 2]])


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise DocumentError(f"a picture has at most {MAX_SIDE} pixels a side")


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    ".png": _clean_png,
    ".jpg": _clean_jpeg,
    ".jpeg": _clean_jpeg,
}
