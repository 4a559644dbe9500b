"""Files a person downloads: the only writer of CSV, and the headers that name a file.

A CSV from here opens as a table in the spreadsheets of a French school: UTF-8 with its mark, semicolons, decimal
commas, and no cell that a spreadsheet would run as a formula, whatever a pupil is called.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Cell = str | int | Decimal
"""What a cell may hold; anything else (a date, a yes) is put into words by the export itself."""

CSV_TYPE = "text/csv; charset=utf-8"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_cell(value: Cell) -> str:
    """Return one cell ready to join: numbers with a decimal comma, texts quoted and never a formula."""
    if isinstance(value, str):
        # An apostrophe in front is the spreadsheets' own way of saying "this is text".
        # A dash alone is "nothing here", in files whose readers expect exactly that.
        risky = value != "-" and value.lstrip(" ").startswith(_RISKY)
        guarded = f"'{value}" if risky else value
        return '"' + guarded.replace('"', '""') + '"'
    return str(value).replace(".", ",")


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a CSV file line by line, its mark and headings first. A row of another width raises ValueError."""
    yield b"\xef\xbb\xbf" + _line(headings)
    for row in rows:
        if len(row) != len(headings):
            raise ValueError(f"a row has {len(row)} cells under {len(headings)} headings")
        yield _line(row)


def _line(cells: Iterable[Cell]) -> bytes:
    return (";".join(map(csv_cell, cells)) + "\r\n").encode("utf-8")


def file_name(text: str) -> str:
    """Return `text` fit to name a file anywhere: no separator, no control, at most 120 characters."""
    kept = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', " ", unicodedata.normalize("NFC", text))
    return re.sub(r"\s+", " ", kept).strip(" .")[:120].strip() or "document"


def attachment(name: str) -> str:
    """Return a Content-Disposition value that downloads under `name`, accents kept where the browser can."""
    safe = file_name(name)
    plain = (
        unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode("ascii").strip() or "document"
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
