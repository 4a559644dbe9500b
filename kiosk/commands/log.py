"""`preau log`: export the signed log as a file, check it where it is, or show the key that signs it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.cli import CommandError
from kiosk.commands.verdicts import show
from kiosk.store.receipts import last_receipt
from sync.connections import connect_reader
from sync.export import export_log
from sync.identity import HomeError, Identity, now_ms
from sync.keys import fingerprint_words
from sync.log_audit import check_log

if TYPE_CHECKING:
    import argparse

HELP = "export the signed log, check it, or show the key that signs it"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    export = acts.add_parser("export", help="write the whole log to a file that `preau verify` checks")
    export.add_argument("file", type=Path, help="file to write; it must not exist")
    export.add_argument("--force", action="store_true", help="replace the file if it exists")
    check = acts.add_parser("check", help="verify everything in the database")
    key = acts.add_parser("key", help="show this school's public key and its words")
    for act in (export, check, key):
        act.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Return 0 when done and sound, 1 when a problem was found."""
    try:
        me = Identity.load(args.home)
    except HomeError as error:
        raise CommandError(str(error)) from error
    if args.act == "key":
        return _show_key(me, as_json=args.json)
    path = args.home / "kiosk.db"
    if not path.exists():
        raise CommandError(f"{path} is not there yet: start `preau serve` first")
    with contextlib.closing(connect_reader(path)) as connection:
        connection.execute("BEGIN")
        if args.act == "check":
            return _check(connection, me, args.home / "sync.db", as_json=args.json)
        try:
            closing = export_log(connection, me, args.file, now_ms(), force=args.force)
        except FileExistsError as error:
            words = f"{args.file} exists already: give another name, or --force to replace it"
            raise CommandError(words) from error
        except OSError as error:
            raise CommandError(f"{args.file} cannot be written: {error.strerror}") from error
    if args.json:
        print(msgspec.json.encode(closing).decode())
    else:
        print(f"{closing.records} records and {closing.events} events written to {args.file}.")
        print(f"Check it with: preau verify {args.file} --key {me.signer.public_hex}")
    return 0


def _check(connection: sqlite3.Connection, me: Identity, sync_db: Path, *, as_json: bool) -> int:
    """Verify the log, and that it still has every record the central instance gave a receipt for."""
    try:
        acknowledged = last_receipt(sync_db)
    except sqlite3.Error as error:
        raise CommandError(f"{sync_db} cannot be read: {error}") from error
    return show(check_log(connection, me.signer.public, me.site, acknowledged=acknowledged), as_json=as_json)


def _show_key(me: Identity, *, as_json: bool) -> int:
    words = fingerprint_words(me.signer.public.raw)
    if as_json:
        print(
            msgspec.json.encode(
                {"public_key": me.signer.public_hex, "site": me.site, "words": words}
            ).decode()
        )
    else:
        print(me.signer.public_hex)
        print(" ".join(words))
    return 0
