"""The reader of spreadsheets, given nothing but what `kiosk.enrolment.sheet` has checked and packed again."""

from __future__ import annotations

import io

from python_calamine import CalamineError, CalamineWorkbook

from kiosk.imports.reading import FileRefused


def cells_of(data: bytes) -> list[list[object]]:
    """Return the cells of the first sheet of a checked .ods; raises FileRefused (BAD_SHEET and its detail)."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not book.sheet_names:
            raise FileRefused("BAD_SHEET", "no_sheet")
        return [[*row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except CalamineError:
        raise FileRefused("BAD_SHEET", "broken") from None
