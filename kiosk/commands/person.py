"""`preau person`: erase somebody, or write out everything known of them.

Erasing signs a record, and the log has one writer: while a server runs on the home, its pages do it.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.actions import own_data
from kiosk.actions.erasing import Erased, erase_person
from kiosk.app import open_kiosk
from kiosk.cli import CommandError
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.homes import held
from kiosk.screens.own_data import written
from kiosk.store import people, privacy

if TYPE_CHECKING:
    import argparse
    import sqlite3

    from kiosk.keys import Kiosk
    from kiosk.store.privacy import Subject

HELP = "erase a person, or write out what is known of them"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    erase = acts.add_parser("erase", help="erase a person for good (no server may be running on the home)")
    erase.add_argument("--sure", action="store_true", help="say that you know it cannot be undone")
    data = acts.add_parser("data", help="write everything known of a person to a zip")
    data.add_argument("--to", type=Path, required=True, help="file to write; it must not exist")
    for act in (erase, data):
        act.add_argument("person", help="username, or the id of an account or of a pupil")
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do one act."""
    if args.act == "erase" and not args.sure:
        raise CommandError(
            "erasing cannot be undone: say so with --sure, and keep their data first if they asked"
        )
    with held(args.home):
        told, line = asyncio.run(_act(args))
    print(json.dumps(told, ensure_ascii=False) if args.json else line)
    return 0


async def _act(args: argparse.Namespace) -> tuple[dict[str, object], str]:
    async with open_kiosk(load_config(args.home), SystemClock(), secure=False) as kiosk:
        subject = await kiosk.db.read(lambda conn: _subject(conn, args.person))
        if args.act == "erase":
            return _told(await erase_person(kiosk, subject.id))
        data = await _archive(kiosk, subject)
        await asyncio.to_thread(_write, args.to, data)
        return {"person": subject.id, "file": str(args.to), "bytes": len(data)}, f"Written to {args.to}."


def _subject(conn: sqlite3.Connection, wanted: str) -> Subject:
    found = people.person_by_username(conn, wanted.strip().lower())
    subject = privacy.subject_of_person(conn, found[0].id if found else wanted)
    subject = subject or privacy.subject_of_learner(conn, wanted)
    if subject is None:
        raise CommandError(f"nobody is {wanted}: see preau account list, or the address of the pupil's page")
    return subject


async def _archive(kiosk: Kiosk, subject: Subject) -> bytes:
    return await own_data.archive(kiosk, lambda _: subject, written(kiosk, "fr"))


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(data)


def _told(done: Erased) -> tuple[dict[str, object], str]:
    rows = sum(done.rows.values())
    told: dict[str, object] = {"person": done.subject, "rows": done.rows, "files": done.files}
    return (
        told,
        f"{done.subject} is erased: {rows} rows, {done.files} files. Backups made before still hold them.",
    )
