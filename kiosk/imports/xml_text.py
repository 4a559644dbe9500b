"""An XML file as pieces of UTF-8, whether it came alone or in a zip, whatever encoding it declares.

The encoding is that of the declaration, looked for in the first 128 bytes; without one it is UTF-8. Only encodings
that French administrations use are taken, and strictly: a byte that means nothing refuses the file.
"""

from __future__ import annotations

import codecs
import re
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from kiosk.imports.limits import XML_CHUNK
from kiosk.imports.reading import FileRefused
from kiosk.imports.zip_member import MAGIC, only_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_HEAD = 128
_TAKEN = frozenset({"utf-8", "iso8859-1", "iso8859-15", "cp1252", "ascii"})
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x1f\x8b", "gzip"),
)


@contextmanager
def opened_xml(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Open the XML of a file recognised by its content, alone or in a zip; raises FileRefused."""
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if not head:
        raise FileRefused("INVALID_FILE", "empty")
    if head.startswith(MAGIC):
        with only_xml(file) as xml:
            yield xml
    else:
        yield file


def pieces(xml: IO[bytes]) -> Iterator[bytes]:
    """Yield the file as UTF-8, a piece at a time; raises FileRefused for an encoding that is not taken or not kept."""
    chunk = xml.read(XML_CHUNK)
    decoder = codecs.getincrementaldecoder(_encoding_of(chunk))("strict")
    line = 1
    while True:
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as problem:
            line += chunk[: problem.start].count(b"\n")
            raise FileRefused("ENCODING_NOT_SUPPORTED", line=line) from None
        line += chunk.count(b"\n")
        if len(chunk) == XML_CHUNK and ">" not in text:
            raise FileRefused("INVALID_FILE", "too_long", line=line)
        if text:
            yield text.encode()
        if not chunk:
            return
        chunk = xml.read(XML_CHUNK)


def _encoding_of(head: bytes) -> str:
    """Return the name Python gives the declared encoding; a mark at the start counts as a declaration."""
    for mark, kind in _SIGNATURES:
        if head.startswith(mark):
            raise FileRefused("INVALID_FILE", kind)
    if head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        raise FileRefused("ENCODING_NOT_SUPPORTED", "utf16")
    if not head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise FileRefused("INVALID_FILE", "not_xml", line=1)
    found = _DECLARED.search(head[:_HEAD])
    try:
        name = codecs.lookup(found.group(1).decode("ascii")).name if found else "utf-8"
    except LookupError:
        name = ""
    if name not in _TAKEN:
        raise FileRefused("ENCODING_NOT_SUPPORTED")
    return "utf-8-sig" if name == "utf-8" else name
