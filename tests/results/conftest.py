"""One school for the tests of results pages in a browser: what a test changes, it makes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_browser import ARGUMENTS, CHROMIUM
from playwright.sync_api import Browser, sync_playwright
from staff_room import Room, staff_room

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with staff_room(tmp_path_factory.mktemp("school")) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
