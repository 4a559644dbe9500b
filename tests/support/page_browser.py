"""What page tests do in a browser: sign in, open a question, run axe, note every request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from page_site import PASSWORD

if TYPE_CHECKING:
    from page_site import Site
    from playwright.sync_api import Browser, BrowserContext, Frame, Page, ViewportSize

NewPupil = Callable[[], "BrowserContext"]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LARGE: ViewportSize = {"width": 1366, "height": 768}
SMALL: ViewportSize = {"width": 390, "height": 844}
LOOKS = [("light", LARGE), ("dark", SMALL), ("contrast", LARGE), ("light", SMALL)]
"""Theme and size of screen, each theme and each size at least once."""

_AXE = Path(__file__).parent / "axe.min.js"
_RUN_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).join(", "))"""
_READY = "body:not(.waiting)"


def signed_in(site: Site, browser: Browser, username: str) -> BrowserContext:
    """Return a browser where this person is signed in; it asks pages in French."""
    context = browser.new_context(locale="fr-FR", viewport=LARGE)
    reply = context.request.post(
        f"{site.url}/api/v1/login", data={"username": username, "password": PASSWORD}
    )
    assert reply.ok, reply.text()
    return context


def open_course(site: Site, page: Page, code: str) -> None:
    """Join the campaign of a code through its pages, up to the first question."""
    page.goto(f"{site.url}/code/{code}")
    page.locator("main form button.do").click()
    page.wait_for_selector(_READY)


def axe_violations(page: Page | Frame) -> list[str]:
    """Return what axe finds on the page as it is now; scripts of tests are not held by the page's policy."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(_RUN_AXE)
    return found


def in_every_look(page: Page) -> list[str]:
    """Return what axe finds in every theme and size, with sideways scrolling counted as a fault."""
    faults: list[str] = []
    for theme, size in LOOKS:
        page.set_viewport_size(size)
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        page.wait_for_timeout(0)
        page.evaluate("() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => null)))")
        faults += [f"{theme} {size['width']}: {fault}" for fault in axe_violations(page)]
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{theme} {size['width']}: scrolls sideways")
    page.set_viewport_size(LARGE)
    return faults
