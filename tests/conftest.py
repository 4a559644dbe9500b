"""Options every test may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make faults` ask for the long campaigns."""
    parser.addoption("--faults", action="store_true", help="run the full campaigns of injected faults")
