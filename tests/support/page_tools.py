"""Hands on the tools of a question page: opening one, pressing, choosing, writing, and what its use gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from page_browser import LOOKS, axe_violations, open_course
from playwright.sync_api import FrameLocator

if TYPE_CHECKING:
    from page_site import Site
    from playwright.sync_api import BrowserContext, Page

    from kiosk.people import Person

Act = Callable[[FrameLocator], None]
Ways = Mapping[str, tuple[Act, Act]]
"""What to do rightly, then wrongly, in the example of each tool."""


def opened(site: Site, owner: Person, pupil: BrowserContext, name: str) -> tuple[Page, FrameLocator]:
    page = pupil.new_page()
    page.set_default_timeout(10_000)
    open_course(site, page, site.campaign(owner, name))
    tool = page.frame_locator("iframe.simulator")
    tool.locator("#tool *").first.wait_for()
    return page, tool


def press(tool: FrameLocator, name: str) -> None:
    tool.get_by_role("button", name=name).first.click()


def choose(tool: FrameLocator, label: str, option: str) -> None:
    tool.get_by_label(label, exact=True).first.select_option(label=option)


def write(tool: FrameLocator, label: str, text: str) -> None:
    tool.get_by_label(label, exact=True).first.fill(text)


def result(page: Page) -> str:
    page.wait_for_selector("#validate[aria-disabled=false]")
    page.click("#validate")
    page.wait_for_url("**/end")
    return page.inner_text(".figure")


def faults_in_every_look(page: Page) -> list[str]:
    """Return what axe finds inside the frame in each theme and size, with sideways scrolling counted as a fault."""
    frame = page.frames[1]
    faults = axe_violations(page)
    for theme, size in LOOKS:
        page.set_viewport_size(size)
        frame.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        frame.evaluate("() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => null)))")
        faults += [f"{theme} {size['width']}: {fault}" for fault in axe_violations(frame)]
        if frame.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{theme} {size['width']}: scrolls sideways")
    return faults


def used_wrongly(page: Page, ways: Ways) -> set[str]:
    """Use each tool of a course wrongly up to the end page; return those met."""
    met = set()
    while not page.url.endswith("/end"):
        name = _shown(page, ways)
        met.add(name)
        ways[name][1](page.frame_locator("iframe.simulator"))
        page.wait_for_selector("#validate[aria-disabled=false]")
        before = page.inner_text("#instruction")
        page.click("#validate")
        page.wait_for_function(
            "before => !document.querySelector('#instruction') || document.querySelector('#instruction').innerText !== before",
            arg=before,
        )
        if page.url.endswith("/checkpoint"):
            page.locator("main a.btn.do, main button.do").first.click()
            page.wait_for_selector("body:not(.waiting)")
    return met


def _shown(page: Page, ways: Ways) -> str:
    """Return which example the page shows, once its tool is drawn."""
    page.frame_locator("iframe.simulator").locator("#tool *").first.wait_for()
    asked = page.inner_text("#instruction")
    return next((name for name in ways if asked.startswith(f"Que faire, {name}")), "whole")
