"""`preau backup FILE`: the home folder in one zip, taken while the server runs.

The database is copied by SQLite itself (VACUUM INTO), so that the copy is one instant of it. The school's private key
and the certificates' keys stay out unless asked for: who holds them can sign in the school's name.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli import CommandError
from kiosk.opening import FILE
from sync.identity import Identity, now_ms

if TYPE_CHECKING:
    import argparse

HELP = "copy the home folder to one file"
FORMAT = "preau.backup/1"
DATABASES = ("sync.db", FILE)
"""In this order: a receipt is then never of a record written after the copy, which `preau log check` would miss."""
PLAIN_FILES = ("site.json", "config.toml", "enrolment.json")
FOLDERS = ("banks", "formats", "uploads")
PUBLIC_KEYS = ("keys/central.pub",)
SECRET_FOLDERS = ("keys", "tls")


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, help="zip to write; it must not exist")
    parser.add_argument(
        "--with-keys", action="store_true", help="also the private keys: keep the file as you keep them"
    )
    parser.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Write the file, whole or not at all."""
    identity = Identity.load(args.home)
    if args.file.exists():
        raise CommandError(f"{args.file} exists already: give another name")
    beside = args.file.with_name(args.file.name + ".part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as made:
            beside.chmod(0o600)
            count = _fill(made, args.home, identity, with_keys=args.with_keys)
        beside.replace(args.file)
    except OSError as problem:
        raise CommandError(f"{args.file} cannot be written: {problem.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
    size = args.file.stat().st_size
    if args.json:
        print(
            json.dumps({"file": str(args.file), "files": count, "bytes": size, "with_keys": args.with_keys})
        )
    else:
        keys = "with the private keys" if args.with_keys else "without the private keys"
        print(f"{args.file}: {count} files, {size // 1024} KiB, {keys}.")
        print("To put it back: preau restore FILE --home AN_EMPTY_FOLDER")
    return 0


def _fill(made: zipfile.ZipFile, home: Path, identity: Identity, *, with_keys: bool) -> int:
    about = {"format": FORMAT, "site": identity.site, "at": now_ms(), "with_keys": with_keys}
    made.writestr("backup.json", json.dumps(about))
    count = _databases(made, home)
    names = [*PLAIN_FILES, *(() if with_keys else PUBLIC_KEYS)]
    for folder in (*FOLDERS, *(SECRET_FOLDERS if with_keys else ())):
        names += [p.relative_to(home).as_posix() for p in sorted((home / folder).rglob("*")) if p.is_file()]
    for name in names:
        if (home / name).is_file():
            made.write(home / name, name)
            count += 1
    return count


def _databases(made: zipfile.ZipFile, home: Path) -> int:
    count = 0
    for name in DATABASES:
        if not (home / name).exists():
            continue
        with tempfile.TemporaryDirectory(dir=home) as folder:
            copy = Path(folder) / name
            with contextlib.closing(sqlite3.connect(home / name, timeout=30)) as conn:
                conn.execute("VACUUM INTO ?", (str(copy),))
            made.write(copy, name)
        count += 1
    return count
