"""`preau verify`: check an exported log, or a certificate, with nothing but the public key of who signed it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli import CommandError
from kiosk.commands.certificate import certificate_in, show_certificate
from kiosk.commands.verdicts import show
from sync.keys import PublicKey, load_public, public_from_hex
from sync.verify import verify_file

if TYPE_CHECKING:
    import argparse

HELP = "check an exported log or a certificate with nothing but the public key"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "file",
        type=Path,
        help="the exported log, or a file holding the text of a certificate's square (PREAU1:…)",
    )
    parser.add_argument(
        "--key",
        required=True,
        help="the public key, the school's or for a certificate the central instance's: 64 hex digits, or a file",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Return 0 when everything holds, 1 when something does not or cannot be read."""
    try:
        square = certificate_in(args.file)
        if square is not None:
            return show_certificate(square, _key(args.key), as_json=args.json)
        verdict = verify_file(args.file, _key(args.key))
    except OSError as error:
        raise CommandError(f"{args.file} cannot be read: {error.strerror}") from error
    return show(verdict, as_json=args.json)


def _key(given: str) -> PublicKey:
    path = Path(given)
    return load_public(path) if path.is_file() else public_from_hex(given)
