"""`preau init`: a home folder for one school, with its key, an empty database and the first signed record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kiosk.homes import check_own, held, make_home
from kiosk.opening import open_log
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
        finally:
            db.close_sync()
    if args.json:
        home = str(args.home)
        print(json.dumps({"home": home, "uai": identity.uai, "site": identity.site, "made": made}))
    else:
        print(f"{'Made' if made else 'Already there:'} {args.home} for {identity.name} ({identity.uai}).")
        print("Next: preau account add --username NAME --role principal --first FIRST --last LAST")
    return 0


def _open_site(tx: Tx, log: Log, identity: Identity) -> None:
    body = SiteOpened(identity.uai, identity.name, identity.signer.public_hex)
    log.append_record(tx, "site.opened", body, now_ms())
