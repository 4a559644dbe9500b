"""Organisations in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.organisations import SCHOOL, Organisation, Settings

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_SELECT = (
    "SELECT o.id, o.kind, o.uai, o.name, o.import_format, o.settings, o.created_ms, o.logo IS NOT NULL"
    " FROM organisations o"
)
_settings = msgspec.json.Decoder(Settings)


def _organisation(row: tuple[Any, ...]) -> Organisation:
    return Organisation(
        id=row[0],
        kind=row[1],
        uai=row[2],
        name=row[3],
        import_format=row[4],
        settings=_settings.decode(row[5]),
        created_ms=row[6],
        has_logo=bool(row[7]),
    )


def by_id(conn: Reader, organisation: str) -> Organisation | None:
    """Return an organisation, or None."""
    row = conn.execute(_SELECT + " WHERE o.id = ?", (organisation,)).fetchone()
    return _organisation(row) if row else None


def all_organisations(conn: Reader) -> list[Organisation]:
    """Return every organisation, the server's own school first, then by name."""
    rows = conn.execute(_SELECT + " ORDER BY o.id <> ?, o.name, o.id", (SCHOOL,))
    return [_organisation(row) for row in rows]


def add(tx: Reader, organisation: Organisation) -> bool:
    """Add an organisation; return False when its id is taken."""
    o = organisation
    cursor = tx.execute(
        "INSERT INTO organisations (id, kind, uai, name, import_format, settings, created_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (o.id, o.kind, o.uai, o.name, o.import_format, _text(o.settings), o.created_ms),
    )
    return cursor.rowcount == 1


def is_named(conn: Reader) -> bool:
    """Say whether the server's own school already has its name."""
    row = conn.execute("SELECT name FROM organisations WHERE id = ?", (SCHOOL,)).fetchone()
    return bool(row and row[0])


def name_school(tx: Reader, uai: str, name: str, now_ms: int) -> None:
    """Give the server's own school its code and its name, once: it may change its name afterwards."""
    tx.execute(
        "UPDATE organisations SET uai = ?, name = ?, created_ms = ? WHERE id = ? AND name = ''",
        (uai, name, now_ms, SCHOOL),
    )


def change(tx: Reader, organisation: Organisation) -> None:
    """Keep the kind, name, format of lists and settings of an organisation."""
    o = organisation
    tx.execute(
        "UPDATE organisations SET kind = ?, name = ?, import_format = ?, settings = ? WHERE id = ?",
        (o.kind, o.name, o.import_format, _text(o.settings), o.id),
    )


def logo(conn: Reader, organisation: str) -> bytes | None:
    """Return the logo, or None."""
    row = conn.execute("SELECT logo FROM organisations WHERE id = ?", (organisation,)).fetchone()
    return bytes(row[0]) if row and row[0] is not None else None


def set_logo(tx: Reader, organisation: str, data: bytes | None) -> None:
    """Keep a logo, or none."""
    tx.execute("UPDATE organisations SET logo = ? WHERE id = ?", (data, organisation))


def _text(settings: Settings) -> str:
    return msgspec.json.encode(settings).decode()
