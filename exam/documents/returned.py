"""Reading a file handed back, within strict limits, into what checks can look at: cells, paragraphs, lines, properties.

Two megabytes, two hundred files in an archive, twenty megabytes once unpacked: beyond them, or when the file is not what
its name says, `UnreadableFile` says why.
"""

from __future__ import annotations

import csv
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from exam.documents.limits import UnreadableFile
from exam.documents.names import ending_of
from exam.documents.office_reading import read_meta, read_sheets, read_text
from exam.documents.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_RETURNED = 2_000_000
MAX_MEMBERS = 200
MAX_UNPACKED = 20_000_000
MAX_RATIO = 200
MAX_NAME = 200
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(slots=True)
class Returned:
    """What a returned file holds; `cells` are those of the first sheet by name, `words` those of every sheet."""

    name: str
    cells: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    paragraphs: list[tuple[frozenset[str], str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)


def read_hand_back(data: bytes, name: str) -> Returned:
    """Return what the file holds; raises `UnreadableFile`."""
    if len(data) > MAX_RETURNED:
        raise UnreadableFile("file.too_large", f"a file has at most {MAX_RETURNED} bytes")
    name = name.replace("\\", "/").rpartition("/")[2]
    if not name.isprintable() or not 0 < len(name) <= MAX_NAME:
        raise UnreadableFile("file.bad_name", "the file has no usable name")
    reader = _READERS.get(ending_of(name))
    if reader is None:
        raise UnreadableFile("file.unknown_kind", "files of this kind cannot be read")
    found = Returned(name)
    reader(data, found)
    return found


def _open_zip(data: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError) as error:
        raise UnreadableFile("file.not_zip", "the file is not what its name says") from error
    members = archive.infolist()
    if any(member.compress_type not in _COMPRESSIONS or member.flag_bits & 1 for member in members):
        archive.close()
        raise UnreadableFile("file.damaged", "the archive is locked, or packed in a way no office suite uses")
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > min(MAX_UNPACKED, MAX_RATIO * len(data) + 100_000):
        archive.close()
        raise UnreadableFile("file.too_large", "the archive holds too many files, or too large ones")
    return archive


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one file of an archive, empty when it has none; never more than what the archive announced."""
    try:
        size = archive.getinfo(name).file_size
        with archive.open(name) as stream:
            data = stream.read(size + 1)
    except KeyError:
        return b""
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as error:
        raise UnreadableFile("file.damaged", "the archive is damaged or locked") from error
    if len(data) > size:
        raise UnreadableFile("file.too_large", "the archive holds more than it says")
    return data


def _read_office(data: bytes, found: Returned) -> None:
    with _open_zip(data) as archive:
        content, styles = _member(archive, "content.xml"), _member(archive, "styles.xml")
        meta = _member(archive, "meta.xml")
    if not content:
        raise UnreadableFile("file.not_office", "the file is not an OpenDocument file")
    root = parse_xml(content)
    if ending_of(found.name) == ".ods":
        found.cells, found.words = read_sheets(root)
    else:
        found.paragraphs = read_text(root, parse_xml(styles) if styles else None)
    if meta:
        found.properties = read_meta(parse_xml(meta))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _read_csv(data: bytes, found: Returned) -> None:
    text = _decode(data)
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise UnreadableFile("file.not_csv", str(error)) from error
    for number, row in enumerate(rows[:2000], 1):
        for place, value in enumerate(row[:26]):
            found.cells[f"{chr(ord('A') + place)}{number}"] = value
    found.words = [value for row in rows for value in row]
    found.lines = [delimiter.join(row) for row in rows]
    found.paragraphs = [(frozenset(), line) for line in found.lines]


def _read_plain(data: bytes, found: Returned) -> None:
    found.lines = _decode(data).rstrip("\r\n").splitlines()
    found.paragraphs = [(frozenset(), line) for line in found.lines]


def _read_archive(data: bytes, found: Returned) -> None:
    with _open_zip(data) as archive:
        found.lines = sorted(
            member.filename for member in archive.infolist() if not member.filename.endswith("/")
        )
    found.paragraphs = [(frozenset(), path) for path in found.lines]


def _read_png(data: bytes, found: Returned) -> None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise UnreadableFile("file.not_png", "the file is not what its name says")
    place = 8
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += 12 + length
        if kind == b"IHDR" and len(body) >= 8:
            width, height = struct.unpack_from(">II", body)
            found.properties |= {"width": str(width), "height": str(height)}
        elif kind == b"tEXt":
            key, _, value = body.partition(b"\0")
            found.properties[key.decode("latin-1")[:79]] = value.decode("latin-1")
        elif kind == b"iTXt" and body.partition(b"\0")[2][:2] == b"\0\0":
            key, _, rest = body.partition(b"\0")
            value = rest[2:].split(b"\0", 2)[-1]
            found.properties[key.decode("latin-1")[:79]] = value.decode("utf-8", "replace")


_READERS: dict[str, Callable[[bytes, Returned], None]] = {
    ".ods": _read_office,
    ".odt": _read_office,
    ".csv": _read_csv,
    ".txt": _read_plain,
    ".png": _read_png,
    ".zip": _read_archive,
}
