"""`preau init`: a home folder for one school, with its key, an empty database and the first signed record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kiosk import setup_code
from kiosk.actions.first_run import is_waiting
from kiosk.homes import check_own, held, make_home
from kiosk.opening import open_log
from kiosk.setup_code import grouped
from sync.box_keys import load_or_make_box
from sync.identity import init_home, now_ms
from sync.records import SiteOpened

if TYPE_CHECKING:
    import argparse

    from sync.db import Tx
    from sync.identity import Identity
    from sync.log import Log

HELP = "prepare a home folder for a school"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--uai", required=True, help="the school's code: seven digits and a letter")
    parser.add_argument("--name", required=True, help="the school's name")
    parser.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Make the home; harmless when it already belongs to the same school."""
    check_own(args.home)
    identity = init_home(args.home, args.uai, args.name)
    make_home(args.home)
    load_or_make_box(args.home)
    with held(args.home):
        db, log = open_log(args.home, identity)
        try:
            made = log.records == 0
            if made:
                db.write_sync(lambda tx: _open_site(tx, log, identity))
            code = setup_code.load_or_make(args.home) if db.read_sync(is_waiting) else None
        finally:
            db.close_sync()
    if args.json:
        home = str(args.home)
        told = {"home": home, "uai": identity.uai, "site": identity.site, "made": made, "setup_code": code}
        print(json.dumps(told))
    else:
        print(f"{'Made' if made else 'Already there:'} {args.home} for {identity.name} ({identity.uai}).")
        if code is not None:
            print(
                f"Set-up code, to name the first administrator at the server's page /first-run: {grouped(code)}"
            )
            print("Or here: preau account add --username NAME --role principal --first FIRST --last LAST")
    return 0


def _open_site(tx: Tx, log: Log, identity: Identity) -> None:
    body = SiteOpened(identity.uai, identity.name, identity.signer.public_hex)
    log.append_record(tx, "site.opened", body, now_ms())
