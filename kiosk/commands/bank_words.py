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
        print(f"{count} {name}.")
