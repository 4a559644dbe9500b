"""QR codes: as one SVG path for pages and sheets, as half blocks for a terminal.

The text is an address or a link made to be handed over; a lasting secret never goes into a QR code made here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
"""Modules of white kept on each side; readers need four."""


@dataclass(frozen=True)
class QrPath:
    """A drawn code: `size` is the side in modules, quiet zone included; `path` is stroked one module wide."""

    size: int
    path: str


def _matrix(text: str) -> list[list[bool]]:
    """Return the modules of `text`, dark ones true, without a quiet zone."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return the dark runs of a row as (start, length)."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs


def qr_path(text: str) -> QrPath:
    """Return the code of `text` as an SVG path: one horizontal stroke a dark run."""
    rows = _matrix(text)
    strokes = [
        f"M{QUIET + start} {QUIET + line}.5h{length}"
        for line, row in enumerate(rows)
        for start, length in _runs(row)
    ]
    return QrPath(size=len(rows) + 2 * QUIET, path="".join(strokes))


def qr_terminal(text: str) -> str:
    """Return the code of `text` as lines of half blocks, light on dark as terminals are, quiet zone included."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=2)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue()
