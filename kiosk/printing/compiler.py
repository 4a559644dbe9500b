"""PDF from a template of ours and data: accessible (PDF/UA-1), fonts embedded, the same bytes for the same data and day.

Data travels as one JSON text in the inputs of the compiler and is read by the template as data: it can never become a
command of the document, whatever a pupil is called. Templates read no other file, and nothing is fetched.
A sign that none of our faces has is printed as an empty square: one name never keeps a whole paper back.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import typst

_HERE = Path(__file__).parent
_SQUARE = "\u25a1"
_UNSHOWN = re.compile(r'(?:the text|disallowed codepoint) `"([^"]+)"`')
"""How the compiler names a text that no face has, or a sign that an accessible PDF may not hold."""
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_NOT_LATIN = re.compile("[^\0-\u024f]")


def typeset(template: str, data: object, *, now_ms: int) -> bytes:
    """Return the PDF of `template` (a file of this folder, without `.typ`) filled with `data`, dated `now_ms`.

    Takes tens of milliseconds: call it in a thread. Raises typst.TypstError when the template itself is wrong.
    """
    made = datetime.fromtimestamp(now_ms // 1000, UTC)
    text = msgspec.json.encode(data).decode()
    try:
        return _compiled(template, text, made)
    except typst.TypstError as problem:
        unshown = _unshown(f"{problem} {problem.diagnostic}")
        if not unshown:
            raise
    try:
        return _compiled(template, text.translate(dict.fromkeys(map(ord, unshown), _SQUARE)), made)
    except typst.TypstError:
        # Signs that only fail together: what remains is the alphabet of the page itself.
        return _compiled(template, _NOT_LATIN.sub(_SQUARE, text), made)


def _compiled(template: str, text: str, made: datetime) -> bytes:
    compiled = typst.compile(
        _HERE / f"{template}.typ",
        root=_HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": text},
        pdf_standards="ua-1",
        timestamp=made,
    )
    if not isinstance(compiled, bytes):
        raise TypeError("a PDF is one piece of bytes")
    return compiled


def _unshown(said: str) -> set[str]:
    """Return the signs beyond ASCII that the compiler could not show, empty when it complains of something else."""
    named = "".join(_UNSHOWN.findall(said))
    return {sign for sign in _ESCAPED.sub(lambda code: chr(int(code[1], 16)), named) if not sign.isascii()}


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_HERE / "fonts"])
