"""`preau bank`: check a bank as an author would, build it into one signed bundle, and count what it holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from exam.bank import parse_bank
from exam.bank_check import check_bank
from exam.bank_stats import bank_stats
from exam.bundle import BankError, dump_bundle, load_bundle
from kiosk.bank_files import load_bank, read_bank_folder, starter_bank
from sync.frames import BUNDLE, frame
from sync.keys import KeyFileError, load_or_make, load_public, replace_file

if TYPE_CHECKING:
    import argparse

    from exam.bank import Bank
    from exam.content import Problem

HELP = "check, build and describe a bank of questions"


def register(parser: argparse.ArgumentParser) -> None:
    """Add `check`, `build` and `stats`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="say everything that is wrong with a bank")
    build = acts.add_parser("build", help="make one bundle of a bank that has no problem")
    stats = acts.add_parser("stats", help="count what a bank holds")
    for act in (check, build, stats):
        act.add_argument(
            "path", nargs="?", type=Path, help="a bank's folder or bundle (default: the bank shipped with us)"
        )
        act.add_argument(
            "--public-key", type=Path, metavar="FILE", help="the public key of who signed the bundle"
        )
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")
    build.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write the bundle")
    build.add_argument(
        "--key", type=Path, metavar="KEYFILE", help="sign with this private key, made if absent"
    )


def run(args: argparse.Namespace) -> int:
    """Do it; return 0, or 1 when the bank has a problem or cannot be read, 2 when the path is no bank."""
    path: Path = args.path or starter_bank()
    if not path.exists():
        sys.stderr.write(f"{path} does not exist. Give the folder that holds bank.toml, or a bundle.\n")
        return 2
    act = {"check": _check, "build": _build, "stats": _stats}[args.act]
    try:
        return act(path, args)
    except (BankError, KeyFileError, OSError) as error:
        sys.stderr.write(f"{path}: {error}\nNext: preau bank check {path}\n")
        return 1


def _load(path: Path, args: argparse.Namespace) -> Bank:
    return load_bank(path, load_public(args.public_key) if args.public_key else None)


def _read(path: Path, args: argparse.Namespace) -> tuple[Bank | None, list[Problem]]:
    """Return the bank and everything wrong with it, in shape and in content."""
    if path.is_dir():
        bank, problems = parse_bank(read_bank_folder(path))
    else:
        bank, problems = _load(path, args), []
    return bank, problems if bank is None else check_bank(bank)


def _check(path: Path, args: argparse.Namespace) -> int:
    bank, problems = _read(path, args)
    if args.json:
        _print_json({"digest": bank.digest if bank else None, "ok": not problems, "problems": problems})
    else:
        _print_problems(problems)
        if bank is not None and not problems:
            counts = f"{len(bank.topics)} topics, {len(bank.skills)} skills, {len(bank.items)} items"
            print(f"{bank.id} {bank.version}: {counts}, no problem. Digest {bank.digest[:16]}…")
    return 1 if problems else 0


def _print_problems(problems: list[Problem]) -> None:
    for problem in problems:
        where = f"{problem.path}: {problem.field}" if problem.field else problem.path
        print(f"{where}: {problem.message} [{problem.code}]")
    if problems:
        print(f"{len(problems)} problems.")


def _build(path: Path, args: argparse.Namespace) -> int:
    bank, problems = _read(path, args)
    if bank is None or problems:
        _print_problems(problems)
        sys.stderr.write("Nothing was built: correct these problems first.\n")
        return 1
    data = dump_bundle(bank)
    if load_bundle(data).digest != bank.digest:
        raise BankError("bank.unstable", "the bundle does not read back as the same bank")
    if args.key:
        data = frame(load_or_make(args.key), BUNDLE, data)
    replace_file(args.out, data, 0o644)
    if args.json:
        _print_json(
            {"file": str(args.out), "digest": bank.digest, "bytes": len(data), "signed": bool(args.key)}
        )
    else:
        print(f"{args.out}: {len(data)} bytes, digest {bank.digest}")
    return 0


def _stats(path: Path, args: argparse.Namespace) -> int:
    stats = bank_stats(_load(path, args))
    if args.json:
        _print_json(stats)
        return 0
    print(f"{stats.id} {stats.version}, digest {stats.digest}")
    for name in (
        "areas",
        "competences",
        "topics",
        "skills",
        "items",
        "practical",
        "parametrised",
        "courses",
        "tutorials",
    ):
        print(f"  {name:14}{getattr(stats, name):5}")
    for code, part in stats.by_competence.items():
        if part.topics:
            print(f"  {code}: {part.topics} topics, {part.skills} skills, {part.items} items")
    return 0


def _print_json(value: object) -> None:
    print(msgspec.json.encode(value).decode())
