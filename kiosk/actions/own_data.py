"""What the server knows of a person, given to them: everything as JSON, a page to read, tables to open, and their files.

Only rows and events found by the person's own ids are read; secrets and their digests are never among them.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kiosk.store import privacy
from web.downloads import csv_lines, file_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.keys import Kiosk
    from kiosk.store.privacy import Row, Subject

BYTES_OF_FILES = 200 * 1024 * 1024
"""Files put in one archive; beyond, they are named in it and asked for at the school."""


class OwnData(NamedTuple):
    """Everything known of one person: rows by table, the signed events of each sitting, and files by hash and name."""

    tables: dict[str, list[Row]]
    sittings: dict[str, list[msgspec.Raw]]
    files: list[tuple[str, str]]


def gather(kiosk: Kiosk, conn: sqlite3.Connection, subject: Subject) -> OwnData:
    """Return everything known of a person, on a reading connection."""
    tables = privacy.rows_of(conn, subject)
    sittings: dict[str, list[msgspec.Raw]] = {}
    for row in [*tables.get("participations", []), *tables.get("candidates", [])]:
        events = kiosk.log.events(conn, str(row["id"]))
        if events:
            sittings[str(row["id"])] = [msgspec.Raw(event) for event in events]
    return OwnData(tables, sittings, privacy.files_of(conn, subject))


async def archive(
    kiosk: Kiosk, find: Callable[[sqlite3.Connection], Subject], page: Callable[[OwnData], str]
) -> bytes:
    """Return a zip of everything known of whom `find` names; `page` makes the part to read. Raises what `find` raises."""
    found = await kiosk.db.read(lambda conn: gather(kiosk, conn, find(conn)))
    return await asyncio.to_thread(lambda: _zipped(found, page(found), kiosk.config.uploads))


def _zipped(found: OwnData, page: str, uploads: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive_file:
        archive_file.writestr("lisez-moi.html", page)
        whole = {"tables": found.tables, "sittings": found.sittings}
        archive_file.writestr(
            "donnees.json", msgspec.json.format(msgspec.json.encode(whole), indent=1).decode() + "\n"
        )
        for table, rows in found.tables.items():
            archive_file.writestr(f"tables/{table}.csv", b"".join(_csv(rows)))
        _add_files(archive_file, found, uploads)
    return out.getvalue()


def _csv(rows: list[Row]) -> list[bytes]:
    headings = list(rows[0])
    cells = [[row[name] or "" if row[name] != 0 else 0 for name in headings] for row in rows]
    return list(csv_lines(headings, cells))


def _add_files(archive_file: zipfile.ZipFile, found: OwnData, uploads: Path) -> None:
    room = BYTES_OF_FILES
    for digest, name in found.files:
        path = uploads / digest[:2] / digest
        if path.exists() and path.stat().st_size <= room:
            room -= path.stat().st_size
            archive_file.write(path, f"fichiers/{digest[:8]} {file_name(name)}")
