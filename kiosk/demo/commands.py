"""Running a command of `preau` and reading its JSON answer, without starting another interpreter."""

from __future__ import annotations

import io
import json
import sys
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

from kiosk import cli
from kiosk.cli import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def command(home: Path, *words: str, stdin: str = "") -> dict[str, Any]:
    """Run `preau --home HOME WORDS --json` here and return its object; raises CommandError when it fails.

    Not to be called while an event loop runs: commands start their own.
    """
    out = io.StringIO()
    with redirect_stdout(out), _typed(stdin):
        status = cli.main(["--home", str(home), *words, "--json"])
    if status != 0:
        raise CommandError(f"preau {' '.join(words[:2])} failed; what it said is above")
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@contextmanager
def _typed(text: str) -> Iterator[None]:
    """Let the command read `text` as if it were typed: how passwords are given, never as arguments."""
    before, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
