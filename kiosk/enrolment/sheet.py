"""The first sheet of an .ods as rows of texts, opened without believing what the file says of itself.

The table of contents, the size and every repetition of the sheet are bounded before the reader of spreadsheets sees it,
and it sees nothing but a fresh archive that holds the checked sheet: a repeated cell cannot fill the memory.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast
from xml.parsers import expat

from exam.documents.archives import pack
from kiosk.enrolment.limits import (
    SHEET_CELLS,
    SHEET_CHARS,
    SHEET_COLUMNS,
    SHEET_ROWS,
    XML_BYTES,
    ZIP_MEMBERS,
    ZIP_RATIO,
)
from kiosk.imports.reading import FileRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_CONTENT = "content.xml"
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
).encode()


class Workbook(Protocol):
    """What `kiosk.enrolment.workbook` offers."""

    def cells_of(self, data: bytes) -> list[list[object]]:
        """Return the cells of the first sheet."""
        ...


def rows_of(data: bytes) -> list[list[str]]:
    """Return the rows of the first sheet, cells as texts, dates DD/MM/YYYY; raises FileRefused (BAD_SHEET and its detail)."""
    content = _content_of(data)
    _Bounds().check(content)
    alone = pack(
        [("mimetype", MEDIA_TYPE.encode()), ("META-INF/manifest.xml", _MANIFEST), (_CONTENT, content)],
        stored="mimetype",
    )
    # The reader of spreadsheets is loaded with the first of them: few servers ever meet one.
    workbook = cast("Workbook", import_module("kiosk.enrolment.workbook"))
    return [[_text(cell) for cell in row] for row in workbook.cells_of(alone)]


def _text(value: object) -> str:
    """Return a cell as it would be typed."""
    if isinstance(value, bool):
        return "oui" if value else ""
    if isinstance(value, datetime | date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return "" if value is None else str(value).strip()


def _content_of(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except _BROKEN:
        raise FileRefused("BAD_SHEET", "not_ods") from None


def _read(archive: zipfile.ZipFile) -> bytes:
    found = archive.infolist()
    if len(found) > ZIP_MEMBERS:
        raise FileRefused("BAD_SHEET", "members", limit=ZIP_MEMBERS)
    named = [info for info in found if info.filename == _CONTENT]
    kind = [info for info in found if info.filename == "mimetype"]
    if len(named) != 1 or len(kind) != 1 or kind[0].file_size != len(MEDIA_TYPE):
        raise FileRefused("BAD_SHEET", "not_ods")
    if archive.read(kind[0]) != MEDIA_TYPE.encode():
        raise FileRefused("BAD_SHEET", "not_ods")
    info = named[0]
    if info.flag_bits & _ENCRYPTED:
        raise FileRefused("BAD_SHEET", "encrypted")
    if info.file_size > XML_BYTES or info.file_size > ZIP_RATIO * max(info.compress_size, 1024):
        raise FileRefused("BAD_SHEET", "bomb")
    with archive.open(info) as member:
        content = member.read(XML_BYTES + 1)
    if len(content) > XML_BYTES:
        raise FileRefused("BAD_SHEET", "bomb")
    return content


class _Bounds:
    """Walks the sheet once and counts what writing its repetitions out would make."""

    def __init__(self) -> None:
        self.sheets = 0
        self.rows = 0
        self.cells = 0
        self._width = 0
        self._blank_columns = 0
        self._blank_rows = 0
        self._repeat = 1
        self._cell_repeat = 1
        self._full = False
        self._in_cell = 0
        self.chars = 0
        self._cell_chars = 0
        self._row_chars = 0

    def check(self, content: bytes) -> None:
        """Raise FileRefused when the sheet is no XML, declares entities, or is larger than a list of candidates."""
        parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = _no_doctype
        try:
            parser.ParseFile(io.BytesIO(content))
        except expat.ExpatError:
            raise FileRefused("BAD_SHEET", "broken") from None

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if self._in_cell:
            self._in_cell += 1
            self._full = True
            # A run of spaces is one short element, whatever its length.
            self._cell_chars += _repeat(attributes, "c") if local == "s" else 1
        elif local in {"table-cell", "covered-table-cell"}:
            self._in_cell = 1
            self._cell_repeat = _repeat(attributes, "number-columns-repeated")
            self._full = any(_says(attribute) for attribute in attributes)
            self._cell_chars = sum(len(value) for value in attributes.values())
        elif local == "table-row":
            self._repeat = _repeat(attributes, "number-rows-repeated")
            self._width = self._blank_columns = self._row_chars = 0
        elif local == "table":
            self.sheets += 1
            self._blank_rows = 0

    def _data(self, text: str) -> None:
        if self._in_cell:
            self._cell_chars += len(text)
            self._full = self._full or bool(text.strip())

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if self._in_cell:
            self._in_cell -= 1
            if not self._in_cell:
                self._end_cell()
        elif local == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        if self._full:
            self._row_chars += self._cell_chars * self._cell_repeat
            self._width += self._blank_columns + self._cell_repeat
            self._blank_columns = 0
        else:
            self._blank_columns += self._cell_repeat
        if self._width > SHEET_COLUMNS:
            raise FileRefused("BAD_SHEET", "columns", limit=SHEET_COLUMNS)
        if self._row_chars > SHEET_CHARS:
            raise FileRefused("BAD_SHEET", "bomb")

    def _end_row(self) -> None:
        if not self._width:
            self._blank_rows += self._repeat
            return
        self.rows += self._blank_rows + self._repeat
        self._blank_rows = 0
        self.cells += self._width * self._repeat
        if self.rows > SHEET_ROWS or self.cells > SHEET_CELLS:
            raise FileRefused("BAD_SHEET", "rows", limit=SHEET_ROWS)
        self.chars += self._row_chars * self._repeat
        if self.chars > SHEET_CHARS:
            raise FileRefused("BAD_SHEET", "bomb")


def _no_doctype(*_: object) -> None:
    raise FileRefused("BAD_SHEET", "entities")


def _says(attribute: str) -> bool:
    """Say whether an attribute gives a cell a value: anything but its looks and its repetition."""
    return attribute.rpartition(" ")[2] not in {
        "style-name",
        "number-columns-repeated",
        "content-validation-name",
    }


def _repeat(attributes: Mapping[str, str], name: str) -> int:
    for attribute, value in attributes.items():
        if attribute.rpartition(" ")[2] == name:
            if not (value.isascii() and value.isdigit() and len(value) < 9):
                raise FileRefused("BAD_SHEET", "broken")
            return int(value)
    return 1
