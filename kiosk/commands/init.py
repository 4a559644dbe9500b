"""`preau init`: a home folder for one school, with its settings, its key and an empty database."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from kiosk.app import MIGRATIONS
from kiosk.cli import CommandError
from kiosk.config import load_config
from kiosk.homes import held, make_home
from sync.db import Database

if TYPE_CHECKING:
    import argparse

HELP = "prepare a home folder for a school"
_UAI = re.compile(r"[0-9]{7}[A-Z]")


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--uai", required=True, help="the school's code: seven digits and a letter")
    parser.add_argument("--name", required=True, help="the school's name")
    parser.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Make the home; harmless when it already belongs to the same school."""
    uai = args.uai.strip().upper()
    if not _UAI.fullmatch(uai):
        raise CommandError(f"{args.uai!r} is not a UAI: seven digits and a letter, such as 0750001A")
    name = " ".join(args.name.split())
    if not 1 <= len(name) <= 255:
        raise CommandError("the school's name must have 1 to 255 characters")
    make_home(args.home)
    with held(args.home):
        file = args.home / "config.toml"
        made = not file.exists()
        if made:
            # A JSON string is a TOML basic string: same quotes, same escapes.
            file.write_text(f"uai = {_toml(uai)}\nname = {_toml(name)}\n", "utf-8")
            file.chmod(0o600)
        config = load_config(args.home, {})
        if config.uai != uai:
            raise CommandError(f"{args.home} belongs to school {config.uai}: give another --home")
        Database.open(config.database, MIGRATIONS).close_sync()
    if args.json:
        print(json.dumps({"home": str(args.home), "uai": uai, "made": made}))
    else:
        print(f"{'Made' if made else 'Already there:'} {args.home} for {config.name} ({uai}).")
        print("Next: preau account add --username NAME --role principal --first FIRST --last LAST")
    return 0


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
