"""Journeys take long: `--faults` runs their full campaigns, the normal suite a short version of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page_browser import ARGUMENTS, CHROMIUM
from playwright.sync_api import Browser, sync_playwright
from town import Town, build_town

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_S = 2400


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give full campaigns the time they take."""
    for item in items:
        if config.getoption("--faults") and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(LONGEST_S), append=False)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Install a school and a central instance; whatever a journey starts is stopped."""
    made = build_town(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
