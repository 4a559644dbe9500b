"""`preau bank check`: everything that is wrong with a bank, what its authors should look at again, and its certification."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from exam.bank import parse_bank
from exam.bank_check import SEEDS, THOROUGH, check_bank, check_warnings
from exam.certification_pool import certification_items, pool_parameters
from exam.feasibility import Feasibility, feasibility
from kiosk.bank_files import load_bank, read_bank_folder
from kiosk.commands.bank_words import counted, print_json, print_problems
from sync.keys import load_public

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from exam.bank import Bank
    from exam.content import Problem

ENOUGH = 10
"""Items of a competence below which no exposure of 0.20 can be kept: two of each ten are asked."""


class CertificationCheck(msgspec.Struct, frozen=True):
    """Whether a certification can be put together, from which items, and where they are few."""

    pool: str
    proof: Feasibility
    few: dict[str, int]
    """Competences with fewer items than `ENOUGH`."""
    topics_without_item: list[str]


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    parser.add_argument(
        "--thorough", action="store_true", help=f"try drawn items on {THOROUGH} seeds instead of {SEEDS}"
    )
    parser.add_argument(
        "--certification", action="store_true", help="prove that a certification can be put together"
    )
    parser.add_argument("--strict", action="store_true", help="fail on warnings and on a certification too")


def read(path: Path, args: argparse.Namespace, seeds: int = SEEDS) -> tuple[Bank | None, list[Problem]]:
    """Return the bank and everything wrong with it, in shape and in content."""
    if path.is_dir():
        bank, problems = parse_bank(read_bank_folder(path))
    else:
        bank, problems = load_bank(path, load_public(args.public_key) if args.public_key else None), []
    return bank, problems if bank is None else check_bank(bank, seeds)


def check(path: Path, args: argparse.Namespace) -> int:
    """Say what is wrong; return 0 when nothing is, or with `--strict` when nothing is even doubtful."""
    seeds = THOROUGH if args.thorough else SEEDS
    if args.thorough and sys.stderr.isatty():
        sys.stderr.write(f"Trying each drawn item on {THOROUGH} seeds: about a minute.\n")
    bank, problems = read(path, args, seeds)
    warnings = check_warnings(bank, seeds) if bank else []
    proof = certification_check(bank) if bank else None
    failed = bool(problems) or (args.strict and bool(warnings or (proof and not proof.proof.feasible)))
    if args.json:
        print_json(
            {
                "digest": bank.digest if bank else None,
                "ok": not failed,
                "problems": problems,
                "warnings": warnings,
                "certification": proof,
            }
        )
    else:
        print_problems(problems)
        print_problems(warnings, "warnings")
        if args.certification and proof:
            _say_certification(proof)
        if bank is not None and not problems:
            counts = (
                counted(len(bank.topics), "topics"),
                counted(len(bank.skills), "skills"),
                counted(len(bank.items), "items"),
            )
            print(f"{bank.id} {bank.version}: {', '.join(counts)}, no problem. Digest {bank.digest[:16]}…")
    return 1 if failed else 0


def certification_check(bank: Bank) -> CertificationCheck:
    """Return the proof on the bank's certification items; on its open ones when it has none yet."""
    items = certification_items(bank)
    pool = pool_parameters(bank, items or certification_items(bank, rehearsal=True))
    proof = feasibility(pool)
    counts = Counter(item.competence for item in pool)
    used = {item.topic for item in pool}
    return CertificationCheck(
        "certification" if items else "open",
        proof,
        {code: counts[code] for code in proof.competences if counts[code] < ENOUGH},
        sorted(bank.topics.keys() - used),
    )


def _say_certification(found: CertificationCheck) -> None:
    proof = found.proof
    named = "certification items" if found.pool == "certification" else "open items (it has none of its own)"
    print(f"Certification from {proof.items} {named}:")
    for code, why in proof.failing.items():
        print(f"  {code} cannot give its two questions: {why}")
    for code, names in proof.test.items():
        print(f"  {code}: {', '.join(names)}")
    for code, count in found.few.items():
        print(
            f"  warning: {code} has {count} items; {ENOUGH} are needed to keep each below one candidate in five"
        )
    for topic in found.topics_without_item:
        print(f"  warning: the topic {topic} has no item for a certification")
    if proof.feasible:
        print("  feasible: the test above meets every rule.")
