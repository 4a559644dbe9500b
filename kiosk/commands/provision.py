"""`preau provision`: what a machine of the room needs, as a folder of files and one script, and its key known to this server.

It may run beside a server. Preparing a label again gives it a new key: the former files are worth nothing from then on.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.actions.room_machines import check_label, prepare
from kiosk.cli import CommandError, WrongUse
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.errors import Refused
from kiosk.lan.ca import authority_der
from kiosk.opening import open_database
from kiosk.provision.files import BadTarget, Target, files_of
from kiosk.provision.package import VERSION, load_package
from kiosk.provision.scripts import install_script, undo_script
from kiosk.store import lockdown as store
from sync.identity import Identity

if TYPE_CHECKING:
    import argparse

    from kiosk.actions.room_machines import Prepared
    from kiosk.config import Config

HELP = "prepare machines of the room: extension, policies, certificate, start of the exam"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--machine", action="append", default=[], metavar="LABEL", help="label to prepare, such as P07"
    )
    parser.add_argument(
        "--retire", action="append", default=[], metavar="LABEL", help="label whose key is good no more"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write one folder a machine")
    parser.add_argument(
        "--user", default="examen", help="account candidates use on the machine (default: examen)"
    )
    parser.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Prepare or retire machines: 0 when done."""
    Identity.load(args.home)
    if not args.machine and not args.retire:
        raise WrongUse("say which machines: --machine P07 (several times for several), or --retire P07")
    if args.machine and args.out is None:
        raise WrongUse("say where to write the files: --out FOLDER")
    try:
        done = _act(args)
    except (Refused, BadTarget) as refusal:
        words = (
            str(refusal)
            if isinstance(refusal, BadTarget)
            else "a label takes capital letters, digits and hyphens"
        )
        raise CommandError(words) from None
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        _say(done)
    return 0


def _act(args: argparse.Namespace) -> dict[str, Any]:
    config = load_config(args.home)
    labels = list(dict.fromkeys(check_label(label) for label in args.machine))
    retired = [check_label(label) for label in args.retire]
    origin = _origin(config) if labels else ""
    folders = {label: args.out / f"preau-{label}" for label in labels}
    for folder in folders.values():
        if folder.exists():
            raise CommandError(f"{folder} exists already: remove it, or give another --out")
    now = SystemClock().now_ms()
    db = open_database(args.home)
    try:
        for label in retired:
            if not db.write_sync(lambda tx, label=label: store.retire_key(tx, label, now)):  # type: ignore[misc] # mypy cannot infer a lambda with defaults
                raise CommandError(f"no machine in use is called {label}")
        made = [db.write_sync(lambda tx, label=label: prepare(tx, label, now)) for label in labels]  # type: ignore[misc] # the same
    finally:
        db.close_sync()
    for machine in made:
        write_folder(folders[machine.label], target_of(config, machine, origin, args.user))
    return {
        "machines": [{"label": one.label, "id": one.id, "folder": str(folders[one.label])} for one in made],
        "retired": retired,
        "server": origin,
        "extension": VERSION,
    }


def _origin(config: Config) -> str:
    address = config.public_address.rstrip("/")
    if not address:
        raise CommandError(
            "machines must know the server by one address: set public_address in config.toml, such as https://preau.local:8080"
        )
    if address.startswith("https:") and authority_der(config.home) is None:
        raise CommandError("start `preau serve` once: it makes the certificate that machines must trust")
    return address


def target_of(config: Config, machine: Prepared, origin: str, user: str) -> Target:
    """Return what the files of a machine say."""
    der = authority_der(config.home) if origin.startswith("https:") else None
    authority = (der, x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)) if der else None
    return Target(machine, origin, load_package(config).id, user, authority)


def write_folder(folder: Path, target: Target) -> None:
    """Write a machine's files and scripts where only their owner can read them."""
    files = files_of(target)
    folder.mkdir(mode=0o700, parents=True)
    for file in files:
        path = folder / "files" / file.path.lstrip("/")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, file.data, 0o600)
    _write(folder / "install.sh", install_script(target, files).encode(), 0o700)
    _write(folder / "undo.sh", undo_script().encode(), 0o700)


def _write(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _say(done: dict[str, Any]) -> None:
    for one in done["machines"]:
        print(f"{one['label']}: {one['folder']}")
    for label in done["retired"]:
        print(f"{label}: its key is good no more")
    if done["machines"]:
        print(
            "Copy each folder to its machine and run `sudo sh install.sh` there; `sudo sh undo.sh` takes it away."
        )
        print("The folders hold the machines' keys: erase them once installed.")
