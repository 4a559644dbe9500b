"""`preau bank`: check a bank as an author would, build it into one signed bundle, open it, count what it holds, look at it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from exam.bank_stats import bank_stats
from exam.bundle import BankError
from kiosk.bank_files import load_bank, load_whole, starter_bank
from kiosk.commands import bank_build, bank_check, bank_exchange, bank_preview
from kiosk.commands.bank_words import print_json
from sync.bundle_file import BundleFileError
from sync.frames import FrameError
from sync.keys import KeyFileError, load_public
from sync.sealed import SealError

if TYPE_CHECKING:
    import argparse

    from exam.bank import Bank

HEAD = "bank.toml"
_BUNDLE = re.compile(rb"\{|[0-9a-f]{128}")
"""How a bundle begins: JSON, or the signature before it."""

HELP = "check, build and describe a bank of questions"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the acts and their arguments."""
    acts = parser.add_subparsers(dest="act", required=True)
    check = acts.add_parser("check", help="say everything that is wrong with a bank")
    build = acts.add_parser("build", help="make one bundle of a bank that has no problem")
    stats = acts.add_parser("stats", help="count what a bank holds")
    look = acts.add_parser("preview", help="serve a contact sheet of every item on this machine")
    for act in (check, build, stats, look):
        act.add_argument(
            "path", nargs="?", type=Path, help="a bank's folder or bundle (default: the bank shipped with us)"
        )
    bank_check.register(check)
    bank_build.register_build(build)
    bank_preview.register(look)
    opened = acts.add_parser("open", help="check that the sealed part of a bundle opens; nothing is written")
    bank_build.register_open(opened)
    key = acts.add_parser("key", help="show the public key that bundles are sealed for, and its words")
    for act in (check, build, stats, opened, look):
        act.add_argument(
            "--public-key", type=Path, metavar="FILE", help="the public key of who signed the bundle"
        )
    taken = acts.add_parser("import", help="take questions from another format: QTI, Moodle XML, GIFT")
    bank_exchange.register_import(taken)
    given = acts.add_parser("export", help="write items as a QTI package")
    bank_exchange.register_export(given)
    for act in (check, build, stats, opened, key, taken, given):
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do it; return 0, or 1 when the bank has a problem or cannot be read, 2 when the path is no bank."""
    if args.act == "key":
        return bank_build.show_box_key(args)
    if args.act in {"import", "export"}:
        return bank_exchange.run(args)
    path: Path = args.path or starter_bank()
    if path.name == HEAD and path.is_file():
        path = path.parent
    fault = _fault(path)
    if fault:
        sys.stderr.write(
            f"{path} {fault}. Give the folder that holds {HEAD}, or a bundle made by preau bank build.\n"
        )
        return 2
    act = {
        "check": bank_check.check,
        "build": bank_build.build_bundle,
        "open": bank_build.open_bundle,
        "preview": _preview,
        "stats": _stats,
    }[args.act]
    try:
        return act(path, args)
    except SealError as error:
        sys.stderr.write(f"{path}: {error}.\n")
        return 1
    except (BankError, BundleFileError, FrameError, KeyFileError, OSError) as error:
        next_step = f"Next: preau bank check {path}\n" if path.is_dir() and args.act != "check" else ""
        sys.stderr.write(f"{path}: {error}\n{next_step}")
        return 1


def _fault(path: Path) -> str:
    """Return why a path cannot be a bank at all, "" when it may be one."""
    if not path.exists():
        return "does not exist"
    if path.is_dir():
        return "" if (path / HEAD).is_file() else f"holds no {HEAD}"
    with path.open("rb") as stream:
        return "" if _BUNDLE.match(stream.read(128)) else "is no bundle"


def _load(path: Path, args: argparse.Namespace) -> Bank:
    if path.is_dir():
        return load_whole(path)
    return load_bank(path, load_public(args.public_key) if args.public_key else None)


def _preview(path: Path, args: argparse.Namespace) -> int:
    return bank_preview.preview(_load(path, args), args)


def _stats(path: Path, args: argparse.Namespace) -> int:
    stats = bank_stats(_load(path, args))
    if args.json:
        print_json(stats)
        return 0
    print(f"{stats.id} {stats.version}, digest {stats.digest}")
    names = "areas competences topics skills items certification practical simulators parametrised courses tutorials"
    for name in names.split():
        print(f"  {name:14}{getattr(stats, name):5}")
    for code, part in stats.by_competence.items():
        if part.topics:
            print(f"  {code}: {part.topics} topics, {part.skills} skills, {part.items} items")
    for need, count in stats.needs.items():
        print(f"  need {need}: {count} items")
    slopes = "a " + _span(stats.parameters.a)
    levels = ", ".join(f"{level}: {_span(found)}" for level, found in stats.parameters.b_by_level.items())
    print(f"  parameters ({stats.parameters.mark}): {slopes}; b by level {levels}")
    return 0


def _span(found: tuple[int, int]) -> str:
    return f"{found[0] / 1000:g} to {found[1] / 1000:g}"
