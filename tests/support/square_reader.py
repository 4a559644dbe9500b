"""Reads the square of a printed page as a telephone would: the page drawn as dots, the square found, its modules read.

For pages as our documents draw them: upright, clean, one square a page. It therefore corrects no error: whatever is damaged or
drawn badly is not read, which is what a test wants to know. It shares nothing with the code that draws, but for the table of
blocks of the standard.
"""

from __future__ import annotations

import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from qrcode.base import rs_blocks
from qrcode.util import pattern_position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Dots = NDArray[np.bool_]

DPI = 200
FINDER = (1, 1, 3, 1, 1)
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_COUNT_BITS = {1: (10, 12, 14), 2: (9, 11, 13), 4: (8, 16, 16)}
_MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,  # noqa: ARG005 - one of eight of the same form
    lambda r, c: c % 3,  # noqa: ARG005 - one of eight of the same form
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)


def square_on(pdf: bytes, page: int = 1) -> str:
    """Return what the square of a page of a PDF says; raises ValueError when there is none that can be read."""
    return read_square(dots_of(pdf, page))


def dots_of(pdf: bytes, page: int) -> Dots:
    """Return a page as dots, dark ones true."""
    drawn = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(DPI), "-f", str(page), "-l", str(page), "-"],
        input=pdf,
        capture_output=True,
        check=True,
    ).stdout
    head = drawn.split(b"\n", 3)
    width, height = (int(one) for one in head[1].split())
    return np.frombuffer(head[3], np.uint8).reshape(height, width) < 128


def read_square(dots: Dots) -> str:
    """Return what the one square of a picture says; raises ValueError."""
    modules = _modules(dots)
    size = len(modules)
    version = (size - 17) // 4
    # Five bits of the format beside the first corner: two for the correction, three for the mask.
    first = [int(modules[8, place]) for place in range(5)]
    said = int("".join(map(str, first)), 2) ^ 0b10101
    level, mask = said >> 3, _MASKS[said & 7]
    own = _function_modules(size, version)
    bits = [
        int(modules[row, column]) ^ (mask(row, column) == 0)
        for row, column in _path(size)
        if not own[row, column]
    ]
    words = [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - 7, 8)]
    return _text(_in_order(words, version, level), version)


def _marks(line: Dots) -> list[tuple[float, float]]:
    """Return the middle and the module width of what looks like a corner mark along a line of dots."""
    edges = np.flatnonzero(np.diff(line)) + 1
    found = []
    for at in range(len(edges) - 5):
        runs = [int(after - before) for before, after in pairwise(edges[at : at + 6])]
        unit = sum(runs) / 7
        fits = all(abs(run - unit * part) <= 0.6 * unit for run, part in zip(runs, FINDER, strict=True))
        if line[edges[at]] and unit >= 2 and fits:
            found.append((float(edges[at] + edges[at + 5] - 1) / 2, unit))
    return found


def _corners(dots: Dots) -> list[tuple[float, float, float]]:
    """Return the middle and the module width of each corner mark: it looks so along a line and across it."""
    found: list[list[tuple[float, float, float]]] = []
    for y, row in enumerate(dots):
        for x, unit in _marks(row):
            near = (one for one in found if abs(one[-1][0] - x) < unit and y - one[-1][1] < 2 * unit)
            mark = next(near, None)
            if mark is None:
                found.append(mark := [])
            mark.append((x, y, unit))
    middles = [
        tuple(float(np.mean(part)) for part in zip(*one, strict=True))
        for one in found
        if 2 < len(one) / one[0][2] < 4
    ]
    return [
        (x, y, unit)
        for x, y, unit in middles
        if any(
            abs(middle - y) < unit and abs(size - unit) < 0.3 * unit
            for middle, size in _marks(dots[:, round(x)])
        )
    ]


def _framing(marks: list[tuple[float, float, float]]) -> tuple[tuple[float, float, float], ...]:
    """Return the corner marks at the left and the right of the top: those of the widest upright square with a third below."""
    found = [
        (first, right)
        for first in marks
        for right in marks
        for below in marks
        if abs(right[1] - first[1]) < first[2] > abs(below[0] - first[0])
        and right[0] - first[0] > 13 * first[2]
        and abs((below[1] - first[1]) - (right[0] - first[0])) < first[2]
    ]
    if not found:
        raise ValueError(f"a square has three corner marks; what looks like one: {marks}")
    return max(found, key=lambda pair: pair[1][0] - pair[0][0])


def _modules(dots: Dots) -> Dots:
    """Return the modules of the square in the picture, without its quiet zone."""
    first, right = _framing(_corners(dots))
    size = round((right[0] - first[0]) / first[2]) + 7
    size = round((size - 17) / 4) * 4 + 17
    pitch = (right[0] - first[0]) / (size - 7)
    places = (np.arange(size) - 3) * pitch
    rows, columns = (np.rint(start + places).astype(int) for start in (first[1], first[0]))
    return dots[np.ix_(rows, columns)]


def _function_modules(size: int, version: int) -> Dots:
    """Return the modules that hold no data."""
    own = np.zeros((size, size), bool)
    own[:9, :9] = own[:9, -8:] = own[-8:, :9] = True
    own[6, :] = own[:, 6] = True
    places = pattern_position(version)
    for row in places:
        for column in places:
            if not own[row, column] or (6 in (row, column) and 8 < max(row, column) < size - 8):
                own[row - 2 : row + 3, column - 2 : column + 3] = True
    if version >= 7:
        own[:6, -11:-8] = own[-11:-8, :6] = True
    return own


def _path(size: int) -> Iterator[tuple[int, int]]:
    """Yield every module in the order in which data is laid: pairs of columns from the right, up, then down."""
    up = True
    for right in (*range(size - 1, 6, -2), *range(5, 0, -2)):
        for row in range(size - 1, -1, -1) if up else range(size):
            yield row, right
            yield row, right - 1
        up = not up


def _in_order(words: list[int], version: int, level: int) -> list[int]:
    """Return the words of data, block after block: they are laid in turns."""
    sizes = [block.data_count for block in rs_blocks(version, level)]
    blocks: list[list[int]] = [[] for _ in sizes]
    laid = iter(words)
    for turn in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if turn < size:
                block.append(next(laid))
    return [word for block in blocks for word in block]


def _text(words: list[int], version: int) -> str:
    """Return what the segments of the words say."""
    bits = "".join(f"{word:08b}" for word in words)
    column = 0 if version < 10 else 1 if version < 27 else 2
    said, at = "", 0

    def take(count: int) -> int:
        nonlocal at
        at += count
        return int(bits[at - count : at], 2)

    while at + 4 <= len(bits) and (mode := take(4)):
        if mode not in _COUNT_BITS:
            raise ValueError(f"a segment of mode {mode}")
        count = take(_COUNT_BITS[mode][column])
        if mode == 4:
            said += bytes(take(8) for _ in range(count)).decode()
        elif mode == 2:
            for _ in range(count // 2):
                high, low = divmod(take(11), 45)
                said += ALPHANUMERIC[high] + ALPHANUMERIC[low]
            said += ALPHANUMERIC[take(6)] if count % 2 else ""
        else:
            for start in range(0, count, 3):
                digits = min(3, count - start)
                said += f"{take((4, 7, 10)[digits - 1]):0{digits}d}"
    return said
