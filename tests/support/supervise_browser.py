"""Phones of supervisors and the principal's screen in a real browser; localhost is a secure context, so keys are real."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from page_browser import ARGUMENTS, CHROMIUM, LARGE, SMALL
from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from exam_site import Day
    from kiosk_site import Client
    from playwright.async_api import Browser, BrowserContext, Page

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PLAIN = "school.test"
"""A name that is no secure context: over plain HTTP a browser has no keys there."""
NAMES = [f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1"]
AXE = Path(__file__).parent / "axe.min.js"
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).join(", "))"""


@dataclass
class Hall:
    """The browsers around a session; every request must stay on the server, and no script may fail."""

    day: Day
    browser: Browser
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    elsewheres: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Where the server is."""
        return str(self.day.site.server.make_url("")).rstrip("/")

    @property
    def plain(self) -> str:
        """The same server under a name whose pages have no cryptography."""
        return self.base.replace("127.0.0.1", PLAIN)

    async def phone(self, *, script: bool = True) -> Page:
        """Return a page on a phone of its own."""
        context = await self.browser.new_context(
            locale="fr-FR", viewport=SMALL, has_touch=True, java_script_enabled=script
        )
        return await self._watched(context)

    async def staff(self, client: Client) -> Page:
        """Return a page where this member of the staff is signed in."""
        context = await self.browser.new_context(locale="fr-FR", viewport=LARGE)
        cookies = [
            {"name": one.key, "value": one.value, "url": self.base} for one in client.session.cookie_jar
        ]
        await context.add_cookies(cookies)  # type: ignore[arg-type] # the three fields it needs
        return await self._watched(context)

    async def elsewhere(self, base: str) -> Page:
        """Return a page of somebody's own on another server of the test's."""
        self.elsewheres.append(base)
        return await self._watched(await self.browser.new_context(locale="fr-FR", viewport=LARGE))

    async def _watched(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.on(
            "request",
            lambda one: (
                None
                if one.url.startswith((self.base, self.plain, "blob:", *self.elsewheres))
                else self.strangers.append(one.url)
            ),
        )
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    async def aimed(self, principal: Page) -> str:
        """Have the principal's page show a square, and return the address a phone reads in it."""
        async with principal.expect_response("**/tickets") as reply:
            await principal.click("#square-form button")
        said = await (await reply.value).json()
        return str(said["address"])

    async def let_in(self, principal: Page, name: str) -> Page:
        """Return a phone that aimed at the square, whose number was compared, in its room."""
        await principal.goto(f"{self.base}/staff/sessions/{self.day.session.id}/phones")
        phone = await self.phone()
        await phone.goto(await self.aimed(principal))
        await phone.wait_for_selector("#asking:not([hidden])")
        await phone.fill("#name", name)
        await phone.click("#name-form button")
        await principal.wait_for_selector(f"text={name}")
        assert await principal.inner_text(".number") == await phone.inner_text("#number")
        await principal.click("text=Même numéro")
        await phone.wait_for_url(f"**/supervise/{self.day.session.id}")
        return phone


@asynccontextmanager
async def hall(day: Day) -> AsyncIterator[Hall]:
    """Open a browser beside the server."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, *CAMERA, *NAMES]
        )
        opened = Hall(day, browser)
        yield opened
        assert (opened.strangers, opened.errors) == ([], [])
        await browser.close()


async def axe(page: Page) -> list[str]:
    """Return what axe finds on the page as it is now."""
    await page.evaluate(AXE.read_text("utf-8"))
    await page.evaluate("() => document.getAnimations().forEach(one => one.finish())")
    found: list[str] = await page.evaluate(RUN)
    if await page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found
