"""`preau simulate`: lead invented candidates through a certification bank and say how precise, fair and safe it is."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
import numpy as np

from exam.certification.bound import bound
from exam.certification.cohort import Cohort
from exam.certification.parameter_table import TableError, read_parameters, write_parameters
from exam.certification.parameters import ParametersError
from exam.certification.reference_bank import reference_bank
from exam.certification.rules import GROUP_EDGES, LENGTH, PER_COMPETENCE, Mode
from exam.certification.simulation import GROUP_CROWD
from exam.certification.simulation import run as simulate
from exam.certification.tables import compile_tables
from exam.certification.tuning import ROUGH, ROUNDS, tune
from kiosk.bench.beside import available, beside
from kiosk.cli import CommandError, WrongUse

if TYPE_CHECKING:
    import argparse

    from exam.certification.parameters import Parameters

HELP = "lead invented candidates through a certification bank"
MAX_EXAMINEES = 1_000_000
MAX_BYTES = 32 << 20


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    bank = parser.add_mutually_exclusive_group(required=True)
    bank.add_argument(
        "--parameters",
        type=Path,
        metavar="FILE.csv",
        help="the items: columns item,a,b,competence,topic[,enemy][,skill][,access]; a topic lies inside its competence; "
        "enemy names other items (or a label shared by several lines)",
    )
    bank.add_argument("--reference-bank", action="store_true", help="800 invented items, the same everywhere")
    parser.add_argument(
        "--examinees", type=int, default=10_000, metavar="N", help="how many candidates (10000)"
    )
    parser.add_argument(
        "--mean", type=float, default=0.0, metavar="M", help="their mean ability, in logits (0)"
    )
    parser.add_argument("--sd", type=float, default=1.0, metavar="S", help="its standard deviation (1)")
    parser.add_argument("--seed", type=int, default=1, metavar="K", help="seed of everything drawn (1)")
    parser.add_argument(
        "--target-exposure",
        type=float,
        default=0.20,
        metavar="X",
        help="largest share of a group an item meets (0.20)",
    )
    parser.add_argument(
        "--open-use", action="store_true", help="draw a few early choices, so that every item is used"
    )
    parser.add_argument(
        "--rough",
        action="store_true",
        help="tune and measure with a tenth of the candidates: quick, less exact",
    )
    parser.add_argument(
        "--bound", action="store_true", help="also print the error that nothing can beat under the same rules"
    )
    parser.add_argument(
        "--beside",
        choices=("catsim",),
        help="lead the same candidates with another engine too (slow: some 20 ms a candidate)",
    )
    parser.add_argument("--write-bank", type=Path, metavar="FILE.csv", help="also write the items as a table")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Simulate; return 0, 1 when the bank cannot satisfy its rules, 2 on wrong use."""
    if wrong := _wrong(args):
        raise WrongUse(wrong)
    if args.beside:
        available()
    began = time.monotonic()
    items = reference_bank() if args.reference_bank else _read(args.parameters)
    if args.write_bank:
        args.write_bank.write_text(write_parameters(items), encoding="utf-8")
    try:
        tables = compile_tables(items)
        if len(tables.competences) * PER_COMPETENCE != LENGTH:
            raise CommandError(
                f"the bank has {len(tables.competences)} competences; a certification asks {PER_COMPETENCE} items "
                f"of each of {LENGTH // PER_COMPETENCE}. Add the missing ones to the table."
            )
        tuning, luck = (np.random.default_rng([args.seed, part]) for part in (1, 2))
        mode: Mode = "open" if args.open_use else "precise"
        eligibility = tune(tables, args.target_exposure, tuning, mode, ROUGH if args.rough else ROUNDS)
    except ParametersError as problem:
        raise CommandError(f"{problem.detail}. Mend the table and try again.") from problem
    crowd = GROUP_CROWD // 10 if args.rough else GROUP_CROWD
    figures = simulate(tables, eligibility, mode, args.examinees, args.mean, args.sd, luck, crowd)
    found = {
        **asdict(figures),
        "segment_edges": [edge / 1000 for edge in GROUP_EDGES],
        "mode": mode,
        "target_exposure": args.target_exposure,
        "tables": tables.digest,
        "eligibility": eligibility.digest,
        "seconds": round(time.monotonic() - began, 3),
        **_besides(args, Cohort(tables, eligibility, mode)),
    }
    _print(found, as_json=args.json)
    return 0 if figures.content_ok == 1 else 1


def _besides(args: argparse.Namespace, cohort: Cohort) -> dict[str, object]:
    """Return what was asked for besides the figures: the bound, another engine."""
    found: dict[str, object] = {}
    if args.bound:
        limit = bound(cohort.tables, args.target_exposure, args.mean, args.sd)
        found |= {"bound": limit.rmse, "bound_information": limit.information}
    if args.beside:
        abilities = np.random.default_rng([args.seed, 2]).normal(args.mean, args.sd, args.examinees)
        found["beside"] = beside(cohort, abilities, args.target_exposure, args.seed)
    return found


def _wrong(args: argparse.Namespace) -> str:
    """Return what is wrong with a number of the command line; an empty text when nothing is."""
    limits = (
        (1 <= args.examinees <= MAX_EXAMINEES, f"--examinees: give 1 to {MAX_EXAMINEES}"),
        (abs(args.mean) <= 6, "--mean: give -6 to 6"),
        (0 < args.sd <= 6, "--sd: give a value above 0 and at most 6"),
        (0 <= args.seed < 1 << 63, "--seed: give an integer from 0"),
        (0 < args.target_exposure <= 1, "--target-exposure: give a share above 0 and at most 1"),
    )
    return next((message for sound, message in limits if not sound), "")


def _read(path: Path) -> list[Parameters]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(f"{path} is larger than {MAX_BYTES >> 20} MB. Give a table of items only.")
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_parameters(lines)
    except OSError as error:
        raise CommandError(
            f"{path} cannot be read ({error.strerror}). Give the path of a CSV file."
        ) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text. Save the table as CSV in UTF-8.") from error
    except TableError as problem:
        raise CommandError(f"{path}: {problem.detail}") from problem


def _print(found: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    _print_rows(found)
    if found["content_ok"] != 1:
        sys.stderr.write(
            "Some tests could not meet every rule: give the competences more topics and items.\n"
        )


def _print_rows(found: dict[str, object], indent: str = "") -> None:
    for name, value in found.items():
        label = f"{indent}{name.replace('_', ' ')}"
        if isinstance(value, dict):
            print(label)
            _print_rows(value, indent + "  ")
            continue
        if isinstance(value, list):
            text = " ".join(f"{one:.3f}" for one in cast("list[float]", value))
        else:
            text = f"{value:.4f}" if isinstance(value, float) else str(value)
        print(f"{label:<28}{text}")
