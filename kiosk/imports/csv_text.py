"""A CSV file as lines of text: its encoding found by its headings, its lines bounded, nothing binary let through.

Encodings are tried in the order of rule 1.3 (UTF-8, Windows, old Macintosh): the first in which the detection heading is
read and which keeps every byte of the file. Nothing is guessed from statistics, which get French names wrong.
"""

from __future__ import annotations

import codecs
import io
from typing import IO, TYPE_CHECKING

from kiosk.imports.limits import CSV_LINE_CHARS
from kiosk.imports.reading import FileRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENCODINGS = ("utf-8-sig", "cp1252", "mac_roman")
_CHUNK = 64 * 1024
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "spreadsheet"),
    (b"\xd0\xcf\x11\xe0", "spreadsheet"),
    (b"%PDF", "pdf"),
    (b"<?xml", "xml"),
    (b"\xef\xbb\xbf<?xml", "xml"),
)


def encoding_of(file: IO[bytes], recognised: Callable[[str], bool]) -> str:
    """Return the encoding of the file; `recognised` says whether a first line shows the detection heading.

    Raises FileRefused: BAD_CSV_FORMAT for what is not a text, ENCODING_NOT_SUPPORTED when no encoding reads it.
    """
    file.seek(0)
    head = file.read(_CHUNK)
    _check_kind(head)
    first = head.splitlines()[0] if head.strip() else b""
    for name in ENCODINGS:
        try:
            text = first.decode(name)
        except UnicodeDecodeError:
            continue
        if recognised(text) and _keeps_all(file, name):
            return name
    if _keeps_all(file, ENCODINGS[0]):
        return ENCODINGS[0]  # a sound file without the heading: the headings will be told missing
    raise FileRefused("ENCODING_NOT_SUPPORTED", line=1)


def _check_kind(head: bytes) -> None:
    if not head.strip():
        raise FileRefused("BAD_CSV_FORMAT", "empty")
    for mark, kind in _SIGNATURES:
        if head.startswith(mark):
            raise FileRefused("BAD_CSV_FORMAT", kind)
    if head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        raise FileRefused("ENCODING_NOT_SUPPORTED", "utf16")


def _keeps_all(file: IO[bytes], name: str) -> bool:
    """Say whether every byte means something in this encoding; raises FileRefused at a NUL."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(name)("strict")
    line = 1
    while True:
        chunk = file.read(_CHUNK)
        if b"\0" in chunk:
            raise FileRefused("BAD_CSV_FORMAT", "binary", line=line + chunk.split(b"\0")[0].count(b"\n"))
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            return False
        if not chunk:
            return True
        line += chunk.count(b"\n")


def lines_of(file: IO[bytes], encoding: str) -> Iterator[str]:
    """Yield the lines with their ends; raises FileRefused at one that is longer than any row of pupils."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    try:
        number = 0
        while line := text.readline(CSV_LINE_CHARS + 1):
            number += 1
            if len(line) > CSV_LINE_CHARS:
                raise FileRefused("BAD_CSV_FORMAT", "line_too_long", line=number)
            yield line
    finally:
        text.detach()  # the file is the caller's to close
