"""Files of sessions from a terminal: a list by spreadsheet, many sessions by CSV, the papers of a room."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.actions import session_imports, statements, supervisor_tickets
from kiosk.actors import principal
from kiosk.cli import CommandError
from kiosk.enrolment.told import told
from kiosk.printing.typesetting import typeset
from kiosk.screens.planning_papers import papers_of
from kiosk.store import certificates
from sync.enrolment import NotEnrolled

if TYPE_CHECKING:
    import argparse

    from kiosk.imports.reading import Findings, Reading
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.sessions import Session

LANG = "en"


def register_files(
    acts: argparse._SubParsersAction[argparse.ArgumentParser],
) -> list[argparse.ArgumentParser]:
    """Add these acts and return their parsers."""
    listed = acts.add_parser("candidates", help="replace a session's list by a spreadsheet (.ods)")
    listed.add_argument("number", type=int, help="the session's number")
    listed.add_argument("file", type=Path)
    many = acts.add_parser("import", help="plan many sessions from a CSV; nothing is done without --confirm")
    many.add_argument("file", type=Path)
    many.add_argument("--confirm", action="store_true", help="do what the file says, all of it")
    papers = acts.add_parser(
        "documents", help="write the attendance sheet, the kit and the incident form as PDF"
    )
    papers.add_argument("number", type=int, help="the session's number")
    papers.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    papers.add_argument(
        "--address",
        default="",
        help="address of the server, for the kit's square (default: the public address; without one, no square)",
    )
    results = acts.add_parser(
        "results", help="take in results from the central instance's file, for a server without a network"
    )
    results.add_argument("file", type=Path, help="the file an officer downloaded for this school")
    return [listed, many, papers, results]


async def take_results(kiosk: Kiosk, path: Path) -> dict[str, Any]:
    """Take in a file of statements and return how many were new, of how many; raises CommandError, KioskError."""
    with path.open("rb") as file:
        data = file.read(statements.MOST_BYTES + 1)
    try:
        count = await statements.import_bytes(kiosk, data)
    except NotEnrolled:
        raise CommandError("this school is not enrolled: run `preau enrol` first") from None
    held = await kiosk.db.read(certificates.last_number)
    return {"statements": count, "held": held}


async def replace_list(kiosk: Kiosk, chief: Person, found: Session, path: Path) -> int:
    """Put a spreadsheet's candidates in place of a session's list and return their number; raises CommandError."""
    count, reading = await session_imports.replace_list(kiosk, chief, found.id, _bytes(path))
    _check(kiosk, path, reading)
    return count


async def import_sessions(kiosk: Kiosk, chief: Person, path: Path, *, confirmed: bool) -> dict[str, Any]:
    """Read a file of sessions, do it when `confirmed`, and return what it is about; raises CommandError."""
    draft = await session_imports.read_file(kiosk, chief, path.name, _bytes(path))
    _check(kiosk, path, draft.reading)
    for line in _lines(kiosk, draft.reading.warnings):
        print(f"{path}: {line}", file=sys.stderr)
    made = await session_imports.confirm(kiosk, chief, draft) if confirmed else []
    return {
        "confirmed": confirmed,
        "sessions": len(draft.sessions),
        "candidates": sum(len(one.candidates) for one in draft.sessions),
        "numbers": [one.number for one in made],
    }


async def write_papers(
    kiosk: Kiosk, chief: Person, found: Session, into: Path, address: str
) -> dict[str, Any]:
    """Write the three papers of a session in a folder and return their paths."""
    papers = await papers_of(kiosk, found)
    address, square = address or kiosk.config.public_address, ""
    if address:
        secret = await supervisor_tickets.kit_ticket(kiosk, principal(chief), found.id)
        square = f"{address.rstrip('/')}/supervise/join#{secret}"
    made = {
        f"feuille-emargement-session-{found.number}.pdf": ("attendance", papers.attendance()),
        f"kit-surveillant-{found.number}.pdf": ("kit", papers.kit(square)),
        f"pv-incident-session-{found.number}.pdf": ("incidents", papers.incidents()),
    }
    now_ms = kiosk.clock.now_ms()
    return {"files": [_write(into / name, *paper, now_ms) for name, paper in made.items()]}


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _write(path: Path, template: str, data: dict[str, object], now_ms: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(typeset(template, data, now_ms=now_ms))
    return str(path)


def _check(kiosk: Kiosk, path: Path, reading: Reading) -> None:
    if reading.problems.count:
        lines = [f"{path}: nothing was changed", *_lines(kiosk, reading.problems)]
        raise CommandError("\n".join(lines))


def _lines(kiosk: Kiosk, findings: Findings) -> list[str]:
    said = [
        f"line {one.line or '-'}, {one.field or 'file'}: {one.message}"
        for one in told(kiosk.pages.words, LANG, findings.first)
    ]
    return [*said, f"and {findings.more} more"] if findings.more else said
