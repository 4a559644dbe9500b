"""`preau calibrate`: item parameters from answers, with their standard errors, by marginal maximum likelihood."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from exam.certification.calibration import SHARD, calibrate
from exam.certification.parameter_table import TableError
from exam.certification.responses import read_responses
from kiosk.cli import CommandError, WrongUse

if TYPE_CHECKING:
    import argparse

    from exam.certification.calibration import Calibration
    from exam.certification.responses import Responses

HELP = "find item parameters from answers (2PL)"
MAX_BYTES = 4 << 30


class Row(msgspec.Struct, frozen=True):
    """One item of the result; a standard error is null where the answers do not determine it."""

    item: str
    a: float
    b: float
    se_a: float | None
    se_b: float | None


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "responses",
        type=Path,
        metavar="RESPONSES.csv",
        help="long: columns person,item,score; or wide: a line a person, a column an item, 0, 1 or nothing",
    )
    parser.add_argument(
        "--shard",
        type=int,
        default=SHARD,
        metavar="N",
        help=f"people read together ({SHARD}); changes no result",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Calibrate; return 0, 1 when the search did not settle, 2 on wrong use."""
    if not 1 <= args.shard <= 1 << 20:
        raise WrongUse("--shard: give 1 to 1048576 people")
    began = time.monotonic()
    responses = _read(args.responses)
    found = calibrate(responses, shard=args.shard)
    result = {
        "log_likelihood": found.log_likelihood,
        "people": responses.people,
        "answers": len(responses.item),
        "iterations": found.iterations,
        "converged": found.converged,
        "items": _rows(found),
        "seconds": round(time.monotonic() - began, 3),
    }
    if args.json:
        print(msgspec.json.encode(result).decode())
    else:
        _print(result, _rows(found))
    return 0 if found.converged else 1


def _read(path: Path) -> Responses:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(
                f"{path} is larger than {MAX_BYTES >> 30} GB. Calibrate on a part of the answers."
            )
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_responses(lines)
    except OSError as error:
        raise CommandError(
            f"{path} cannot be read ({error.strerror}). Give the path of a CSV file."
        ) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text. Save the table as CSV in UTF-8.") from error
    except TableError as problem:
        raise CommandError(f"{path}: {problem.detail}") from problem


def _rows(found: Calibration) -> list[Row]:
    columns = (found.a, found.b, found.se_a, found.se_b)
    return [
        Row(item, a, b, _known(se_a), _known(se_b))
        for item, a, b, se_a, se_b in zip(found.items, *(column.tolist() for column in columns), strict=True)
    ]


def _known(value: float) -> float | None:
    return value if value == value else None  # noqa: PLR0124 - only a NaN differs from itself


def _print(result: dict[str, object], rows: list[Row]) -> None:
    print(f"{'item':<24}{'a':>10}{'b':>10}{'se a':>10}{'se b':>10}")
    for row in rows:
        errors = "".join("         -" if one is None else f"{one:10.4f}" for one in (row.se_a, row.se_b))
        print(f"{row.item:<24}{row.a:10.4f}{row.b:10.4f}{errors}")
    print(
        f"log-likelihood {result['log_likelihood']:.6f}, {result['answers']} answers of {result['people']} people"
    )
    print(f"{result['iterations']} readings, {'settled' if result['converged'] else 'NOT settled'}")
