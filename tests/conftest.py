"""Options every test may read, and how examples are drawn: the same in every run, with no clock in the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fault_table import results
from hypothesis import settings

if TYPE_CHECKING:
    import pytest

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make faults` ask for the long campaigns."""
    parser.addoption("--faults", action="store_true", help="run the full campaigns of injected faults")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded, whichever worker ran them; with `--faults`, under the fault each one shows."""
    passed = terminalreporter.getreports("passed")
    told = [
        (report.nodeid, str(figure))
        for report in passed
        for name, figure in report.user_properties
        if name == "figure"
    ]
    if terminalreporter.config.getoption("--faults"):
        broken = [
            report.nodeid for kind in ("failed", "error") for report in terminalreporter.getreports(kind)
        ]
        lines = results([report.nodeid for report in passed], broken, told)
    else:
        lines = [figure for _, figure in told]
    for line in lines:
        terminalreporter.write_line(line)
