"""The logo of an organisation: which images are taken, told by their own bytes and never by their name.

PNG, JPEG and WebP, of a bounded weight and size. Nothing is ever decoded here: the type and the measures are read in the
first bytes, and the browser is told the type with the order not to guess another.
"""

from __future__ import annotations

from typing import NamedTuple

WEIGHT_MOST = 256 * 1024
SIDE_MOST = 2000
PNG, JPEG, WEBP = "image/png", "image/jpeg", "image/webp"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG markers that carry the measures of the image."""


class Picture(NamedTuple):
    """The type of an image and its measures in pixels."""

    media_type: str
    width: int
    height: int


def picture_of(data: bytes) -> Picture | None:
    """Return what an image is, None when it is none of ours."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) >= 33:
        return Picture(PNG, _big(data[16:20]), _big(data[20:24]))
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def is_taken(picture: Picture | None) -> bool:
    """Say whether an image may be a logo."""
    return picture is not None and 1 <= picture.width <= SIDE_MOST and 1 <= picture.height <= SIDE_MOST


def _jpeg(data: bytes) -> Picture | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            return Picture(JPEG, _big(data[at + 7 : at + 9]), _big(data[at + 5 : at + 7]))
        length = _big(data[at + 2 : at + 4])
        if length < 2:
            return None
        at += 2 + length
    return None


def _webp(data: bytes) -> Picture | None:
    form, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if form == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return Picture(WEBP, _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF)
    if form == b"VP8L" and body[0] == 0x2F:
        bits = _little(body[1:5])
        return Picture(WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if form == b"VP8X":
        return Picture(WEBP, _little(body[4:7]) + 1, _little(body[7:10]) + 1)
    return None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
