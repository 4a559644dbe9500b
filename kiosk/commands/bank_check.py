"""`preau bank check`: everything that is wrong with a bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.bank import parse_bank
from exam.bank_check import check_bank
from kiosk.bank_files import load_bank, read_bank_folder
from kiosk.commands.bank_words import print_json, print_problems
from sync.keys import load_public

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from exam.bank import Bank
    from exam.content import Problem


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    del parser


def read(path: Path, args: argparse.Namespace) -> tuple[Bank | None, list[Problem]]:
    """Return the bank and everything wrong with it, in shape and in content."""
    if path.is_dir():
        bank, problems = parse_bank(read_bank_folder(path))
    else:
        bank, problems = load_bank(path, load_public(args.public_key) if args.public_key else None), []
    return bank, problems if bank is None else check_bank(bank)


def check(path: Path, args: argparse.Namespace) -> int:
    """Say what is wrong; return 0 when nothing is."""
    bank, problems = read(path, args)
    if args.json:
        print_json({"digest": bank.digest if bank else None, "ok": not problems, "problems": problems})
    else:
        print_problems(problems)
        if bank is not None and not problems:
            counts = f"{len(bank.topics)} topics, {len(bank.skills)} skills, {len(bank.items)} items"
            print(f"{bank.id} {bank.version}: {counts}, no problem. Digest {bank.digest[:16]}…")
    return 1 if problems else 0
