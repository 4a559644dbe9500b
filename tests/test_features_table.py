"""The table of features tells the truth: every line names where the feature is and tests that exist, or a reason."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "features.md"
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINES = 126
"""How many lines the guides' checklist has."""


def rows() -> list[list[str]]:
    """Return the cells of the table's lines, headings left out."""
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[0].isdigit():
            found.append(cells)
    return found


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests of a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def test_every_line_of_the_checklist_is_there_once() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, LINES + 1))


def test_every_line_names_a_test_or_gives_a_reason() -> None:
    bare = [row[0] for row in rows() if not _TEST.search(row[3]) and not row[3].startswith("Reason:")]
    assert bare == []


def test_every_test_named_by_the_table_exists() -> None:
    missing = [
        f"{path}::{name}"
        for row in rows()
        for path, name in _TEST.findall(row[3])
        if not (ROOT / path).is_file() or name not in names_in(path)
    ]
    assert missing == []
