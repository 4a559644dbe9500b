"""The table of faults tells the truth: every fault of the certification day is there, shown by tests that exist."""

from __future__ import annotations

import ast

from fault_table import ROOT, faults

ASKED = frozenset({1, 3, 5, 6, 8, 9, 10, 12, 14, 15, 20, 24, 25, 26, 27, 28, 29, 33})
"""The numbers that must be shown."""


def test_every_fault_that_must_be_shown_is_in_the_table_once_and_in_order() -> None:
    assert [fault.number for fault in faults()] == sorted(ASKED)


def test_every_fault_says_what_is_done_what_was_measured_and_which_test_shows_it() -> None:
    bare = [fault.number for fault in faults() if not (fault.done and fault.figure and fault.tests)]
    assert bare == []


def test_every_test_of_the_table_exists() -> None:
    missing = [test for fault in faults() for test in fault.tests if not exists(test)]
    assert missing == []


def exists(test: str) -> bool:
    """Say whether a file holds a test of this name."""
    path, _, name = test.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    tree = ast.parse(file.read_text("utf-8"))
    return name in {getattr(node, "name", "") for node in ast.walk(tree)}
