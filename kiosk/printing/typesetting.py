"""PDF from a template of ours and data: accessible (PDF/UA-1), fonts embedded, the same bytes for the same data and day.

Data travels as one JSON text in the inputs of the compiler and is read by the template as data: it can never become a
command of the document, whatever a pupil is called. Templates read no other file, and nothing is fetched.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import typst

_HERE = Path(__file__).parent


def typeset(template: str, data: object, *, now_ms: int) -> bytes:
    """Return the PDF of `template` (a file of this folder, without `.typ`) filled with `data`, dated `now_ms`.

    Takes tens of milliseconds: call it in a thread. Raises typst.TypstError when the template itself is wrong.
    """
    made = datetime.fromtimestamp(now_ms // 1000, UTC)
    compiled = typst.compile(
        _HERE / f"{template}.typ",
        root=_HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        pdf_standards="ua-1",
        timestamp=made,
    )
    if not isinstance(compiled, bytes):
        raise TypeError("a PDF is one piece of bytes")
    return compiled


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_HERE / "fonts"])
