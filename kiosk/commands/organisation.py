"""`preau organisation`: the organisations that share this server, and the places each was given."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from kiosk.actions.campaigns import visible
from kiosk.cli import CommandError
from kiosk.clock import SystemClock
from kiosk.opening import open_database
from kiosk.organisations import IMPORT_FORMATS, KINDS, ImportFormat, Organisation, Settings
from kiosk.places import MOST_LOT
from kiosk.store import organisations as store
from kiosk.store import places
from kiosk.store.places import Lot
from sync.identity import Identity

if TYPE_CHECKING:
    import argparse

    from sync.db import Database

HELP = "add organisations to this server and count out their places"
_ID = re.compile(r"[a-z][a-z0-9-]{1,31}")
_FORMATS: dict[str, ImportFormat] = {"school": "siecle", "higher": "sup", "open": "none"}


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    add = acts.add_parser("add", help="add an organisation beside the server's own school")
    add.add_argument("--id", required=True, help="short name: lower-case letters, digits, hyphens")
    add.add_argument("--name", required=True)
    add.add_argument("--kind", choices=KINDS, default="school")
    add.add_argument("--uai", help="the school's code, when it has one")
    add.add_argument("--import-format", choices=IMPORT_FORMATS, help="format of its lists of pupils")
    listed = acts.add_parser("list", help="list organisations, with their places")
    give = acts.add_parser("places", help="give an organisation a lot of places")
    give.add_argument("--id", required=True, help="id of the organisation")
    give.add_argument("--count", required=True, type=int, help="places of the lot")
    give.add_argument("--from", dest="first", required=True, metavar="YYYY-MM-DD", help="first day")
    give.add_argument("--until", metavar="YYYY-MM-DD", help="day after the last one; for ever without it")
    give.add_argument("--label", default="", help="where the lot comes from")
    for act in (add, listed, give):
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do one act on the database; a server may be running on it."""
    Identity.load(args.home)
    db = open_database(args.home)
    try:
        done = {"add": _add, "list": _list, "places": _give}[args.act](db, args)
    finally:
        db.close_sync()
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
        return 0
    for row in done.get("organisations", [done]):
        total = "no limit" if row["places"] is None else f"{row['occupied']} of {row['places']} places"
        print(f"{row['id']:<20} {row['kind']:<8} {row['name']} ({total})")
    return 0


def _add(db: Database, args: argparse.Namespace) -> dict[str, Any]:
    name = visible(args.name)
    if not _ID.fullmatch(args.id):
        raise CommandError("--id takes 2 to 32 lower-case letters, digits and hyphens, a letter first")
    if not name or len(name) > 255:
        raise CommandError("--name is needed, 255 characters at most")
    now = SystemClock().now_ms()
    form: ImportFormat = args.import_format or _FORMATS[args.kind]
    made = Organisation(args.id, args.kind, args.uai, name, form, Settings(), now)
    if not db.write_sync(lambda tx: store.add(tx, made)):
        raise CommandError(f"an organisation is called {args.id} already; choose another --id")
    return _row(db, made)


def _list(db: Database, _: argparse.Namespace) -> dict[str, Any]:
    return {"organisations": [_row(db, one) for one in db.read_sync(store.all_organisations)]}


def _give(db: Database, args: argparse.Namespace) -> dict[str, Any]:
    found = db.read_sync(lambda conn: store.by_id(conn, args.id))
    if found is None:
        raise CommandError(f"no organisation is called {args.id}; see `preau organisation list`")
    if not 1 <= args.count <= MOST_LOT:
        raise CommandError(f"--count goes from 1 to {MOST_LOT}")
    first, until = _day(args.first), _day(args.until) if args.until else None
    if until is not None and until <= first:
        raise CommandError("--until must come after --from")
    lot = Lot(0, found.id, args.count, first, until, visible(args.label)[:100])
    db.write_sync(lambda tx: places.add(tx, lot))
    return _row(db, found)


def _day(text: str) -> int:
    try:
        return int(datetime.combine(date.fromisoformat(text), time()).astimezone().timestamp()) * 1000
    except ValueError:
        raise CommandError(f"{text!r} is not a date: write it YYYY-MM-DD") from None


def _row(db: Database, one: Organisation) -> dict[str, Any]:
    now = SystemClock().now_ms()
    counted = db.read_sync(lambda conn: places.counted(conn, one.id, now))
    return {
        "id": one.id,
        "kind": one.kind,
        "uai": one.uai,
        "name": one.name,
        "import_format": one.import_format,
        "places": counted.total,
        "occupied": counted.occupied,
    }
