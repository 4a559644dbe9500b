"""`preau enrol`: make this school known to the central instance, with a code its officers gave."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.cli import CommandError
from sync.enrol import EnrolError, enrol
from sync.identity import HomeError, Identity
from sync.keys import fingerprint_words

if TYPE_CHECKING:
    import argparse

HELP = "make this school known to the central instance"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--central", required=True, metavar="URL", help="address of the central instance")
    parser.add_argument("--code", required=True, help="the single-use code given by its officers")
    parser.add_argument(
        "--central-key", metavar="KEY", help="the key it must have: 64 hex digits, or its six words"
    )
    parser.add_argument("--ca-file", metavar="FILE", type=Path, help="certificate of a local authority (PEM)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Enrol and show the central key's words: 0, or 1 with the reason."""
    try:
        me = Identity.load(args.home)
        found = asyncio.run(
            enrol(
                args.home,
                args.central,
                args.code,
                me.uai,
                me.name,
                ca_file=args.ca_file,
                expected=args.central_key,
            )
        )
    except (EnrolError, HomeError) as error:
        raise CommandError(str(error)) from error
    words = fingerprint_words(found.central_key.raw)
    if args.json:
        told = {"site": found.site, "central": found.central, "words": words}
        print(msgspec.json.encode(told).decode())
    else:
        print(f"{me.name} is enrolled at {found.central} as {found.site}.")
        print(f"Words of the central key, to compare with an officer: {' '.join(words)}")
    return 0
