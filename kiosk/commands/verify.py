"""`preau verify`: check an exported log with nothing but the school's public key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli import CommandError
from kiosk.commands.verdicts import show
from sync.keys import PublicKey, load_public, public_from_hex
from sync.verify import verify_file

if TYPE_CHECKING:
    import argparse

HELP = "check an exported log with nothing but the public key"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, help="the exported log")
    parser.add_argument(
        "--key", required=True, help="the school's public key: 64 hex digits, or a file holding them"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Return 0 when everything holds, 1 when something does not or cannot be read."""
    try:
        verdict = verify_file(args.file, _key(args.key))
    except OSError as error:
        raise CommandError(f"{args.file} cannot be read: {error.strerror}") from error
    return show(verdict, as_json=args.json)


def _key(given: str) -> PublicKey:
    path = Path(given)
    return load_public(path) if path.is_file() else public_from_hex(given)
