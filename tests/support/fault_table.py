"""Reads the table of faults of `docs/operate/faults.md`: the one place that says which test shows which fault."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "operate" / "faults.md"
_TEST = re.compile(r"`(tests/[\w/]+\.py::\w+)`")


class Fault(NamedTuple):
    """One line: its number, what goes wrong, what is done and holds, the figure, the tests as pytest names them."""

    number: int
    name: str
    done: str
    figure: str
    tests: tuple[str, ...]


def faults() -> list[Fault]:
    """Return the lines of the table."""
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 5 and cells[0].isdigit():
            number, name, done, figure, tests = cells
            found.append(Fault(int(number), name, done, figure, tuple(_TEST.findall(tests))))
    return found


def elsewhere() -> list[str]:
    """Return the table's tests that are in no folder `make faults` runs whole."""
    whole = ("tests/faults/", "tests/journeys/")
    return sorted({test for fault in faults() for test in fault.tests if not test.startswith(whole)})


def results(passed: list[str], broken: list[str], told: list[tuple[str, str]]) -> list[str]:
    """Return what to print of a run: each fault it met with its verdict, what was done, and the figures its tests told."""
    held, fell = {_bare(one) for one in passed}, {_bare(one) for one in broken}
    lines = []
    for fault in faults():
        mine = set(fault.tests)
        if not mine & (held | fell):
            continue
        verdict = "FAILED" if mine & fell else "held" if mine <= held else "not run whole"
        lines.append(f"fault {fault.number}, {fault.name}: {verdict}. {fault.done}.")
        lines += [f"    {figure}" for test, figure in told if _bare(test) in mine]
    known = {test for fault in faults() for test in fault.tests}
    return lines + [figure for test, figure in told if _bare(test) not in known]


def _bare(test: str) -> str:
    return test.partition("[")[0]


if __name__ == "__main__":
    print("\n".join(elsewhere()))  # noqa: T201 - read by the Makefile
