"""`preau bank import` and `preau bank export`: questions from and to the formats of others."""

from __future__ import annotations

import sys
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from exam.bundle import BankError
from exam.exchange.archive import MAX_PACKAGE
from exam.exchange.exporting import export_items
from exam.exchange.importing import import_file
from exam.exchange.qti_spelling import SPELLINGS
from exam.exchange.topic_folder import Place
from kiosk.bank_files import load_bank, starter_bank
from kiosk.commands.bank_words import print_json, print_problems
from sync.bundle_file import BundleFileError
from sync.frames import FrameError

if TYPE_CHECKING:
    import argparse

    from exam.bank import Bank
    from exam.exchange.importing import Imported

_HEAD = 'id = "imported"\nversion = "1"\ntitle = {fr = "Questions reprises", en = "Imported questions"}\nlanguages = ["fr", "en"]\n'


def register_import(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `import`."""
    parser.add_argument(
        "path", type=Path, metavar="FILE", help="a QTI 2.2 or 3.0 item or package, a Moodle XML or GIFT file"
    )
    parser.add_argument("--topic", required=True, metavar="ID", help="the topic that takes the items")
    parser.add_argument("--competence", required=True, metavar="X.Y", help="the competence of a new topic")
    parser.add_argument(
        "--level", required=True, type=int, metavar="N", help="the level of the skill, 1 to 8"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FOLDER", help="a bank's folder; made when there is none"
    )
    parser.add_argument("--lang", default="", choices=["fr", "en"], help="the language of the file's texts")


def register_export(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `export`."""
    parser.add_argument("--bank", dest="path", type=Path, help="a bank's folder or bundle (default: ours)")
    parser.add_argument("--format", required=True, choices=sorted(SPELLINGS), help="the version of QTI")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the package to write")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--items", nargs="+", metavar="ID", help="these items (default: all)")
    which.add_argument("--topic", metavar="ID", help="the items of one topic")
    parser.add_argument("--lang", default="fr", choices=["fr", "en"], help="the language written")
    parser.add_argument("--seed", type=int, default=0, help="which values drawn items have")


def import_items(path: Path, args: argparse.Namespace) -> int:
    """Write a file's questions in a bank's folder; return 0, 1 when some were refused, 2 when nothing can be tried."""
    place = Place(args.topic, args.competence, args.level)
    out: Path = args.out
    fault = place.fault() or ("" if path.is_file() else f"{path} is no file")
    if not fault and out.exists() and not out.is_dir():
        fault = f"{out} is not a folder"
    if fault:
        sys.stderr.write(f"{fault}.\n")
        return 2
    with path.open("rb") as stream:
        data = stream.read(MAX_PACKAGE + 1)
    taken = {file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()}
    found = import_file(data, path.name, place, lang=args.lang, taken=taken)
    _write(out, found, taken)
    _say_import(found, args)
    return 1 if found.problems else 0


def _write(out: Path, found: Imported, taken: set[str]) -> None:
    files = dict(found.files)
    if files and "bank.toml" not in taken:
        files["bank.toml"] = _HEAD.encode()
    for name, data in files.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:  # never over a file that is there
            stream.write(data)


def _say_import(found: Imported, args: argparse.Namespace) -> None:
    if args.json:
        print_json(
            {
                "ok": not found.problems,
                "format": found.format,
                "items": found.items,
                "files": sorted(found.files),
                "problems": found.problems,
                "warnings": found.warnings,
            }
        )
        return
    print_problems(found.problems, "questions refused")
    print_problems(found.warnings, "warnings")
    print(f"{found.format}: {len(found.items)} items written under {args.out}")
    if found.items:
        print(f"Next: mend what is marked, then preau bank check {args.out}")


def export_package(path: Path, args: argparse.Namespace) -> int:
    """Write a package; return 0, 1 when some items were left out, 2 when one is unknown."""
    if not args.out.absolute().parent.is_dir():
        sys.stderr.write(f"{args.out.parent} is not a folder: make it first.\n")
        return 2
    bank = load_bank(path)
    items, fault = _chosen(bank, args)
    if fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    seed = blake2b(f"export {args.seed}".encode(), digest_size=32).digest()
    done = export_items(bank, items, args.format, args.lang, seed)
    if done.items:
        args.out.write_bytes(done.package)
    if args.json:
        print_json(
            {"ok": not done.problems, "items": done.items, "problems": done.problems, "notes": done.notes}
        )
    else:
        print_problems(done.problems, "items left out")
        print_problems(done.notes, "notes")
        print(f"{len(done.items)} items written to {args.out}" if done.items else "Nothing was written.")
    return 1 if done.problems else 0


def _chosen(bank: Bank, args: argparse.Namespace) -> tuple[list[str], str]:
    if args.lang not in bank.languages:
        return [], f"The bank has no texts in {args.lang!r}."
    if args.topic is not None:
        if args.topic not in bank.topics:
            return [], f"The bank has no topic {args.topic!r}."
        skills = bank.topics[args.topic].skills
        return sorted(item.id for item in bank.items.values() if item.skill in skills), ""
    unknown = [name for name in args.items or () if name not in bank.items]
    if unknown:
        return [], f"The bank has no item {unknown[0]!r}."
    return sorted(set(args.items)) if args.items else sorted(bank.items), ""


def run(args: argparse.Namespace) -> int:
    """Do either; return what it returns, 2 when a file or a bank cannot be read or written."""
    try:
        if args.act == "import":
            return import_items(args.path, args)
        return export_package(args.path or starter_bank(), args)
    except (BankError, BundleFileError, FrameError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
