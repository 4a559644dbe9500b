"""Bitmaps of plain shapes and captions, written as indexed PNG with text metadata."""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING

from exam.documents.font import GLYPH_HEIGHT, GLYPH_WIDTH, glyph
from exam.documents.limits import DocumentError

if TYPE_CHECKING:
    from exam.documents.specs import Image, Shape
    from exam.scene import Scene

MAX_SIDE = 6000
MAX_PIXELS = 12_000_000
_COLOUR = re.compile(r"#([0-9a-fA-F]{6})")


def make_picture(image: Image, scene: Scene) -> bytes:
    """Return the picture as PNG; raises `DocumentError` on a size, position or colour that is none."""
    width, height = _size(image.width, scene), _size(image.height, scene)
    if width * height > MAX_PIXELS:
        raise DocumentError(f"a picture has at most {MAX_PIXELS} pixels")
    canvas = _Canvas(width, height, scene.fill(image.background))
    for shape in image.shapes:
        _draw(canvas, shape, scene)
    metadata = {name: scene.say(image.metadata[name]) for name in sorted(image.metadata)}
    return canvas.png(metadata)


def _integer(text: str, scene: Scene) -> int:
    try:
        return int(scene.fill(text))
    except ValueError as error:
        raise DocumentError(f"{text[:40]!r} is not a whole number") from error


def _size(text: str, scene: Scene) -> int:
    size = _integer(text, scene)
    if not 1 <= size <= MAX_SIDE:
        raise DocumentError(f"a side has 1 to {MAX_SIDE} pixels")
    return size


def _draw(canvas: _Canvas, shape: Shape, scene: Scene) -> None:
    box = [_integer(value, scene) for value in shape.box]
    colour = canvas.colour(scene.fill(shape.fill))
    if shape.text is None:
        canvas.rectangle(box[0], box[1], box[2], box[3], colour)
    else:
        canvas.caption(
            scene.say(shape.text), box[0], box[1], min(max(_integer(shape.size, scene), 1), 40), colour
        )


class _Canvas:
    """Rows of palette indexes, one byte a pixel."""

    def __init__(self, width: int, height: int, background: str) -> None:
        self._palette: list[bytes] = []
        self._width = width
        first = self.colour(background)
        self._rows = [bytearray([first]) * width for _ in range(height)]

    def colour(self, written: str) -> int:
        """Return the palette index of a colour written #rrggbb."""
        match = _COLOUR.fullmatch(written)
        if match is None:
            raise DocumentError(f"{written[:20]!r} is not a colour written #rrggbb")
        value = bytes.fromhex(match[1])
        if value not in self._palette:
            if len(self._palette) == 256:
                raise DocumentError("a picture has at most 256 colours")
            self._palette.append(value)
        return self._palette.index(value)

    def rectangle(self, x: int, y: int, width: int, height: int, colour: int) -> None:
        """Fill a rectangle, cut at the edges of the picture."""
        left, right = max(x, 0), min(x + width, self._width)
        if right <= left:
            return
        run = bytes([colour]) * (right - left)
        for row in self._rows[max(y, 0) : max(y + height, 0)]:
            row[left:right] = run

    def caption(self, words: str, x: int, y: int, size: int, colour: int) -> None:
        """Write words from a top left corner, each dot a square of `size` pixels."""
        for number, line in enumerate(words.splitlines()):
            top = y + number * (GLYPH_HEIGHT + 3) * size
            for place, sign in enumerate(line[:200]):
                self._sign(sign, x + place * (GLYPH_WIDTH + 1) * size, top, size, colour)

    def _sign(self, sign: str, x: int, y: int, size: int, colour: int) -> None:
        for line, bits in enumerate(glyph(sign)):
            for dot in range(GLYPH_WIDTH):
                if bits >> (GLYPH_WIDTH - 1 - dot) & 1:
                    self.rectangle(x + dot * size, y + line * size, size, size, colour)

    def png(self, metadata: dict[str, str]) -> bytes:
        """Return the picture with its text metadata."""
        header = struct.pack(">IIBBBBB", self._width, len(self._rows), 8, 3, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in self._rows), 6)
        chunks = [(b"IHDR", header), (b"PLTE", b"".join(self._palette))]
        chunks += [_text_chunk(name, value) for name, value in metadata.items()]
        chunks += [(b"IDAT", pixels), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _text_chunk(name: str, value: str) -> tuple[bytes, bytes]:
    keyword = name.encode("latin-1", "replace")[:79]
    try:
        return b"tEXt", keyword + b"\0" + value.encode("latin-1")
    except UnicodeEncodeError:
        return b"iTXt", keyword + b"\0\0\0\0\0" + value.encode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
