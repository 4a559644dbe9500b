"""How `preau bank` speaks: JSON for scripts, one line a problem for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.content import Problem


def print_json(value: object) -> None:
    """Print one JSON object."""
    print(msgspec.json.encode(value).decode())


def print_problems(problems: Iterable[Problem], name: str = "problems") -> None:
    """Print one line a problem, then how many there are."""
    count = 0
    for count, problem in enumerate(problems, 1):  # noqa: B007 - the last number is the count
        where = f"{problem.path}: {problem.field}" if problem.field else problem.path
        print(f"{where}: {problem.message} [{problem.code}]")
    if count:
        print(f"{counted(count, name)}.")


def counted(count: int, name: str) -> str:
    """Return a count with its name, whose first word is a plural: `1 item left out`, `2 items left out`."""
    first, space, rest = name.partition(" ")
    return f"{count} {first.removesuffix('s') if count == 1 else first}{space}{rest}"
