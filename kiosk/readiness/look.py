"""The whole go / no-go list of a session: what is read from the home, then each check in order."""

from __future__ import annotations

import contextlib
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kiosk.actions.opening import rehearses
from kiosk.disk_reserve import kept
from kiosk.lan.ca import TlsError, leaf_end
from kiosk.lockdown.statement import OLDEST
from kiosk.readiness.examine import Known, examine
from kiosk.readiness.sealed import try_bank, try_questions
from kiosk.store import candidates, machines, planning

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.readiness.notes import Note
    from kiosk.sealed_shelf import SealedShelf
    from kiosk.store.base import Reader
    from kiosk.store.machines import Machine
    from kiosk.store.sessions import Session


class Place(NamedTuple):
    """Which server is looked at, when, and whether it speaks HTTPS."""

    home: Path
    shelf: SealedShelf
    now_ms: int
    secure: bool


def known_of(conn: Reader, place: Place, session: Session) -> Known:
    """Return what the checks without a key look at, read from the database and the home."""
    rows, found = candidates.of_session(conn, session.id), machines.listed(conn)
    end = None
    with contextlib.suppress(TlsError, ValueError, OSError):
        end = leaf_end(place.home)
    return Known(
        session=session,
        candidates=rows,
        machines=found,
        versions={one.id: _extension(one) for one in found},
        uncertifiable=planning.uncertifiable(conn, session.id),
        free_bytes=shutil.disk_usage(place.home).free,
        reserved_bytes=kept(place.home),
        certificate_end=end,
        secure=place.secure,
        now_ms=place.now_ms,
        today=datetime.fromtimestamp(place.now_ms // 1000, UTC).astimezone().date(),
        last_record_ms=max([session.created_ms, *(row.created_ms for row in rows)]),
        oldest_extension=".".join(map(str, OLDEST)),
    )


def look(known: Known, place: Place, code: str | None = None, *, questions: bool = False) -> list[Note]:
    """Return every note of a session; `code` is the day code to try, `questions` also shows every sealed question."""
    tried = try_bank(place.home, place.shelf, known.session, code, rehearses)
    notes = [*examine(known), *tried.notes]
    if questions and tried.sealed is not None and tried.day_key is not None:
        notes += try_questions(tried.sealed, tried.day_key)
    return notes


def _extension(machine: Machine) -> str:
    try:
        return msgspec.json.decode(machine.versions, type=dict[str, str]).get("extension", "")
    except msgspec.MsgspecError:
        return ""
