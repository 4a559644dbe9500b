"""Files of invented pupils for tests: valid ones from the bench's own maker, and readers that say what they found.

`read("siecle", data)` gives a Reading; `codes(reading)` the codes and lines of its problems; `spoilt` changes one value of
a valid file, so that a test spoils exactly what it is about.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from kiosk.bench.pupil_files import Invented, fregata_csv, onde_csv, siecle_xml, sup_csv, zipped
from kiosk.imports.reading import Context
from kiosk.imports.registry import IMPORTS

if TYPE_CHECKING:
    from kiosk.imports.reading import Reading

UAI = "0750001U"
__all__ = [
    "UAI",
    "Invented",
    "codes",
    "fregata_csv",
    "onde_csv",
    "pupils",
    "read",
    "siecle",
    "sup_csv",
    "zipped",
]


def pupils(count: int, year: int = 0) -> list[Invented]:
    """Return that many invented pupils."""
    return [Invented(number, year) for number in range(1, count + 1)]


def siecle(count: int = 3, year: int = 0, encoding: str = "ISO-8859-15", uai: str = UAI) -> bytes:
    """Return a SIECLE file of that many pupils."""
    return b"".join(siecle_xml(pupils(count, year), uai, encoding))


def read(form: str, data: bytes, uai: str | None = UAI) -> Reading:
    """Return what the reader of this format finds."""
    return IMPORTS[form].read(io.BytesIO(data), Context(uai))


def codes(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    """Return code, line and field of every problem."""
    return [(one.code, one.line, one.field) for one in reading.problems.first]
