"""The central instance as it is run: a process, a browser without script, the keyboard alone, signals."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pytest
from central_kit import UAI, Pupils, a_bank, trail_of
from page_browser import ARGUMENTS, CHROMIUM, in_every_look
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from processes import Server, free_port, preau, preau_json

from exam.bundle import dump_bundle
from exam.events import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.journey

PASSWORD = "un-long-mot-de-passe"
NAME = "Collège des Tilleuls"


@dataclass
class Running:
    """A served instance with one school, one copy that holds and one that does not."""

    url: str
    server: Server
    site: str

    def sign_in(self, page: Page) -> None:
        """Sign in with the keyboard alone."""
        page.goto(f"{self.url}/")
        page.focus("#username")
        page.keyboard.type("helene")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{self.url}/")


def post(url: str, body: bytes) -> dict[str, object]:
    with urllib.request.urlopen(urllib.request.Request(url, data=body, method="POST"), timeout=20) as reply:  # noqa: S310 - our own loopback address
        said: dict[str, object] = msgspec.json.decode(reply.read())
    return said


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("central")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    preau(home, "central", "init", "--officer", "helene", "--password-stdin", stdin=PASSWORD + "\n")
    code = str(preau_json(home, "central", "school", "add", "--uai", UAI, "--name", NAME)["code"])
    (home / "bank.preau").write_bytes(dump_bundle(a_bank()))
    preau(home, "central", "bank", "add", str(home / "bank.preau"))
    words = ["--home", str(home), "central", "serve", "--port", str(port)]
    server = Server(words, home / "log", f"{url}/health")
    server.start()
    school = Pupils()
    post(f"{url}/api/v1/enrolments", msgspec.json.encode(school.enrolment(code)))
    told = list(trail_of("p-2"))
    last = told[-1]
    assert isinstance(last, Shared)
    told[-1] = msgspec.structs.replace(last, validated=last.validated + 1)
    post(f"{url}/api/v1/records", school.participation("p-1") + school.participation("p-2", told))
    yield Running(url, server, school.site)
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="fr-FR", java_script_enabled=request.param)
    yield opened
    opened.close()


def test_an_officer_finds_the_failure_by_keyboard_alone(running: Running, context: BrowserContext) -> None:
    page = context.new_page()
    running.sign_in(page)
    page.locator("a", has_text="p-2").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/participations/p-2")
    assert "Le résultat envoyé n’est pas celui que donnent les réponses." in page.locator("main").inner_text()


def test_an_officer_makes_a_code_by_keyboard_alone(running: Running, context: BrowserContext) -> None:
    page = context.new_page()
    running.sign_in(page)
    page.goto(f"{running.url}/schools/new")
    page.focus("#uai")
    page.keyboard.type(UAI)
    page.keyboard.press("Tab")
    page.keyboard.type("Lycée du Vieux-Port")
    page.keyboard.press("Enter")
    page.wait_for_selector(".plate b")
    assert len(page.locator(".plate b").inner_text()) == 19


def test_no_page_has_a_fault_that_axe_finds_and_none_asks_anything_elsewhere(
    running: Running, browser: Browser
) -> None:
    opened = browser.new_context(locale="fr-FR")
    page = opened.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{running.url}/login")
    faults = in_every_look(page)
    running.sign_in(page)
    school = f"/schools/{running.site}"
    copies = (f"{school}/participations/p-1", f"{school}/participations/p-2", f"{school}/participations/none")
    for path in ("/", "/failures", "/waiting", "/schools/new", "/display", "/help/verdict", school, *copies):
        page.goto(running.url + path)
        faults += [f"{path} {fault}" for fault in in_every_look(page)]
    opened.close()
    assert faults == []
    assert {url.partition("/static")[0][: len(running.url)] for url in asked} == {running.url}


def test_a_killed_instance_comes_back_with_everything_it_acknowledged(running: Running) -> None:
    running.server.kill()
    running.server.start()
    home = running.server.log.parent
    listed = preau_json(home, "central", "school", "list")["schools"]
    assert [(one["verified"], one["failed"]) for one in listed] == [(1, 1)]


def test_it_stops_cleanly_when_told(running: Running) -> None:
    assert running.server.stop() == 0
    running.server.start()
