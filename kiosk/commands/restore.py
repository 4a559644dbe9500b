"""`preau restore FILE`: a backup put back in an empty home folder, never over anything."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from kiosk.cli import CommandError
from kiosk.commands.backup import (
    DATABASES,
    FOLDERS,
    FORMAT,
    PLAIN_FILES,
    PUBLIC_KEYS,
    SECRET_FOLDERS,
)
from kiosk.homes import make_home

if TYPE_CHECKING:
    import argparse

HELP = "put a backup back in an empty home folder"
LARGEST = 64 * 1024**3


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, help="zip written by `preau backup`")
    parser.add_argument(
        "--key", type=Path, help="the school's private key (keys/school.key), when the backup has none"
    )
    parser.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Fill an empty home from the file."""
    if args.home.exists() and any(args.home.iterdir()):
        raise CommandError(f"{args.home} is not empty: a backup is only put back in an empty folder")
    try:
        with zipfile.ZipFile(args.file) as kept:
            about = _checked(kept)
            make_home(args.home)
            for entry in kept.infolist():
                if entry.filename != "backup.json":
                    _put(kept, entry, args.home)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as problem:
        raise CommandError(f"{args.file} is not a backup of Préau that can be read: {problem}") from None
    if args.key is not None:
        target = args.home / "keys" / "school.key"
        target.write_bytes(args.key.read_bytes())
        target.chmod(0o600)
    keyed = (args.home / "keys" / "school.key").exists()
    if args.json:
        print(json.dumps({"home": str(args.home), "site": about["site"], "with_keys": keyed}))
    else:
        print(f"{args.home} is as it was. Next: preau doctor --home {args.home}")
        if not keyed:
            print(f"Put the school's private key back first: {args.home}/keys/school.key (mode 600)")
    return 0


def _checked(kept: zipfile.ZipFile) -> dict[str, object]:
    about = json.loads(kept.read("backup.json"))
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise CommandError("this zip is not a backup of this version of Préau")
    if sum(entry.file_size for entry in kept.infolist()) > LARGEST:
        raise CommandError("this backup is larger than any home: it was not made by `preau backup`")
    for entry in kept.infolist():
        if not _ours(entry.filename):
            raise CommandError(f"this zip holds {entry.filename!r}, which no backup has")
    return about


def _ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or "\\" in name or name.endswith("/"):
        return False
    if len(parts) == 1:
        return name in {"backup.json", *DATABASES, *PLAIN_FILES}
    return parts[0] in {*FOLDERS, *SECRET_FOLDERS} or name in PUBLIC_KEYS


def _put(kept: zipfile.ZipFile, entry: zipfile.ZipInfo, home: Path) -> None:
    target = home / entry.filename
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with kept.open(entry) as source, target.open("xb") as file:
        while chunk := source.read(1024 * 1024):
            file.write(chunk)
    target.chmod(0o600)
