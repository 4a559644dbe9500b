"""One real server and one real browser for all page tests."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from page_bank import write_page_bank
from page_browser import ARGUMENTS, CHROMIUM, NewPupil, signed_in
from page_site import Site, running_site
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from simulator_bank import write_simulator_bank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.people import Person

_numbers = itertools.count(1)


@pytest.fixture(scope="module")  # the browser's loop runs in this thread: no later than this module's tests
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("pages")
    with running_site(folder / "home", write_page_bank(folder / "bank")) as started:
        yield started


@pytest.fixture(scope="session")
def teacher(site: Site) -> Person:
    return site.person("lemaire", "teacher", "Anne", "Lemaire")


@pytest.fixture
def new_pupil(site: Site, browser: Browser) -> Iterator[NewPupil]:
    """Make a pupil and give a browser where they are signed in."""
    opened: list[BrowserContext] = []

    def make() -> BrowserContext:
        username = f"eleve{next(_numbers)}"
        site.person(username, "pupil", "Inès", "Benali")
        opened.append(signed_in(site, browser, username))
        return opened[-1]

    yield make
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def tools_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start a server whose bank has one question a simulator."""
    folder = tmp_path_factory.mktemp("tools")
    with running_site(folder / "home", write_simulator_bank(folder / "bank")) as started:
        yield started


@pytest.fixture(scope="module")
def tools_owner(tools_site: Site) -> Person:
    return tools_site.person("lemaire", "teacher", "Anne", "Lemaire")


@pytest.fixture
def tools_pupil(tools_site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """Sign a new pupil in where the tools are."""
    username = f"outils{next(_numbers)}"
    tools_site.person(username, "pupil", "Inès", "Benali")
    context = signed_in(tools_site, browser, username)
    yield context
    context.close()
