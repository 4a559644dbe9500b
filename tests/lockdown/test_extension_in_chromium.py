"""The extension in a real browser: it vouches for its machine, blocks the rest, and is missed when it goes."""

from __future__ import annotations

import json
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lockdown_kit import (
    RunningClock,
    base_of,
    browser_with,
    extension_folder,
    guard_of,
    locked_day,
    prepared,
)
from page_browser import ARGUMENTS, CHROMIUM
from playwright.async_api import Error, async_playwright

from kiosk.actions import lockdown, seb, supervision
from kiosk.lockdown.crx import extension_id, public_der
from kiosk.lockdown.seb_file import read_file
from kiosk.lockdown.seb_json import config_key, header_value
from kiosk.provision.package import load_or_make_key
from kiosk.provision.policies import chromium_extension, chromium_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from exam_site import Day
    from playwright.async_api import BrowserContext, Page

AXE = Path(__file__).parent.parent / "support" / "axe.min.js"
POLICIES = Path("/etc/chromium/policies/managed")
SWITCH = "([id, on]) => new Promise(done => chrome.management.setEnabled(id, on, done))"
SPOOF = """() => {
  window.postMessage({preau: "here", proven: true, version: "1.0.0"}, location.origin);
  addEventListener("message", ({data}) => {
    if (data.preau === "ping") window.postMessage({preau: "here", proven: true, version: "1.0.0"}, location.origin);
  });
}"""

INTERFACE = """window.SafeExamBrowser = {version: "appMac_3.4", security: {updateKeys(done) {
  window.hashOf(location.href).then(hash => { this.configKey = hash; done(); });
}}};"""

pytestmark = pytest.mark.journey


@asynccontextmanager
async def room(tmp_path: Path) -> AsyncIterator[tuple[Day, BrowserContext, Page]]:
    """Open a session that requires the extension, and the door in a browser that has it, on machine P07."""
    async with locked_day(tmp_path / "home", clock=RunningClock()) as day:
        folder = extension_folder(day, await prepared(day, "P07"), tmp_path / "extension")
        async with browser_with(folder, tmp_path / "profile") as context:
            page = await context.new_page()
            await page.goto(f"{base_of(day)}/exam")
            await page.wait_for_selector(".plate b:text('P07')")
            yield day, context, page


async def begin(day: Day, page: Page) -> None:
    """Come in as Inès, and begin once the extension vouches for the machine."""
    for name, value in day.candidate("ines").identity().items():
        await page.fill(f"[name={name}]", value)
    await page.click("main form button.do")
    await page.wait_for_selector("[data-lockdown=there]:visible")
    await page.fill("[name=code]", day.session.code)
    await page.click("main form button.do")
    await page.wait_for_selector("text=Cette page avance toute seule")
    await day.admit("ines")
    await page.wait_for_selector("body:not(.waiting) #item input")


async def refused(day: Day) -> list[str]:
    return [one.code for one in await lockdown.refusals(day.site.kiosk, day.session.id)]


async def goes_to(context: BrowserContext, url: str) -> str:
    """Return what a browser says of an address that it may not open, empty when it opens it."""
    page = await context.new_page()
    try:
        await page.goto(url)
    except Error as problem:
        return problem.message.split(" at ")[0].split("net::")[-1]
    finally:
        await page.close()
    return ""


async def test_a_test_is_vouched_for_confined_and_stopped_when_its_extension_goes(tmp_path: Path) -> None:
    async with room(tmp_path) as (day, context, page):
        await begin(day, page)
        assert await refused(day) == []
        for elsewhere in (
            "http://127.0.0.1:9/",
            base_of(day).replace("127.0.0.1", "localhost") + "/exam",
            "https://chatgpt.com/",
        ):
            assert await goes_to(context, elsewhere) == "ERR_BLOCKED_BY_CLIENT"
        assert await goes_to(context, f"{base_of(day)}/help") == ""

        own = extension_id(public_der(load_or_make_key(day.site.home).public_key()))
        switch = await context.new_page()
        await switch.goto("chrome://extensions")
        await switch.evaluate(SWITCH, [own, False])
        await page.wait_for_selector("#held-title:visible")
        assert (await day.row("ines")).state == "extension_missing"
        await switch.evaluate(SWITCH, [own, True])
        await page.reload()
        await page.wait_for_selector("#held-title:visible")
        assert (await day.row("ines")).state == "extension_missing", (
            "back, and still for the supervisor to clear"
        )
        await supervision.clear_lockdown(day.site.kiosk, day.supervisor(), day.session.id, None, "réactivée")
        await page.wait_for_selector("#item input:visible")
        await page.fill("#item input", "une réponse")
        await page.click("#validate")
        await page.wait_for_selector("text=Question 2 sur 32")


async def test_windows_copies_and_pastes_are_told(tmp_path: Path) -> None:
    async with room(tmp_path) as (day, context, page):
        await begin(day, page)
        await page.fill("#item input", "copié")
        await page.press("#item input", "Control+A")
        await page.press("#item input", "Control+C")
        await page.press("#item input", "Control+V")
        await context.new_page()
        found = None
        while found is None or not {"copies=1", "pastes=1", "tabs=3"} <= set(found.code.split()):
            await page.wait_for_timeout(200)
            found = await lockdown.evidence_of(day.site.kiosk, day.ids["ines"], "extension")


async def test_a_page_script_that_answers_in_its_place_is_refused_and_recorded(tmp_path: Path) -> None:
    async with locked_day(tmp_path, clock=RunningClock()) as day, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(locale="fr-FR")
        await page.goto(f"{base_of(day)}/exam")
        for name, value in day.candidate("ines").identity().items():
            await page.fill(f"[name={name}]", value)
        await page.click("main form button.do")
        await page.wait_for_selector("[data-lockdown=missing]:visible")
        async with (
            page.expect_navigation()
        ):  # the page looks again where it stands once something about it is written
            await page.evaluate(SPOOF)
        assert await refused(day) == ["unproven"]
        await page.wait_for_selector("[data-lockdown=missing]:visible")
        await page.fill("[name=code]", day.session.code)
        await page.click("main form button.do")
        assert "ne répond pas" in await page.inner_text("main .say.alert")
        assert (await day.row("ines")).state == "checked_in"
        await browser.close()


async def test_a_machine_without_its_extension_is_told_what_to_do(tmp_path: Path) -> None:
    async with locked_day(tmp_path) as day, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(locale="fr-FR")
        await page.goto(f"{base_of(day)}/exam/check")
        assert await page.is_visible("text=preau provision")
        assert await page.is_visible("text=Pas d’extension prouvée ici")
        for theme in ("light", "dark", "contrast"):
            await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            await page.evaluate(AXE.read_text("utf-8"))
            assert (
                await page.evaluate("async () => (await axe.run(document)).violations.map(one => one.id)")
                == []
            )
        await browser.close()


async def test_a_browser_that_is_not_the_one_asked_for_says_so_to_its_person_and_to_the_server(
    tmp_path: Path,
) -> None:
    async with locked_day(tmp_path, "seb", clock=RunningClock()) as day, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(locale="fr-FR")
        await page.goto(f"{base_of(day)}/exam")
        for name, value in day.candidate("ines").identity().items():
            await page.fill(f"[name={name}]", value)
        await page.click("main form button.do")
        await page.click("#seb-prove")
        await page.wait_for_selector("text=Ce navigateur n’est pas Safe Exam Browser")
        assert await refused(day) == ["seb_missing"]
        await browser.close()


async def test_a_script_interface_is_read_for_the_address_of_the_page(tmp_path: Path) -> None:
    """The browser's own interface, filled here as Safe Exam Browser fills it: with hashes of the address it shows."""
    async with locked_day(tmp_path, "seb", clock=RunningClock()) as day, async_playwright() as playwright:
        object.__setattr__(day.site.kiosk.config, "public_address", base_of(day))
        number, file = await seb.file_of(day.site.kiosk, day.principal, day.session.id, plain=True)
        assert number == day.session.number
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(locale="fr-FR")
        await page.expose_function("hashOf", lambda url: header_value(url, config_key(read_file(file))))
        await page.add_init_script(INTERFACE)
        await page.goto(f"{base_of(day)}/exam")
        for name, value in day.candidate("ines").identity().items():
            await page.fill(f"[name={name}]", value)
        await page.click("main form button.do")
        await page.click("#seb-prove")
        await page.wait_for_selector("[data-lockdown=there]:visible")
        await page.fill("[name=code]", day.session.code)
        await page.click("main form button.do")
        await page.wait_for_selector("text=Cette page avance toute seule")
        await browser.close()


async def test_the_packaged_extension_installs_from_this_server_and_takes_its_key_from_policy(
    tmp_path: Path,
) -> None:
    """Where the machine lets us write a policy, the whole way: forced install of our own .crx, key by managed storage.

    Elsewhere, the same files are only checked to be what would be written.
    """
    async with locked_day(tmp_path / "home", clock=RunningClock()) as day:
        machine = await prepared(day, "P07")
        object.__setattr__(day.site.kiosk.config, "public_address", base_of(day))
        own = extension_id(public_der(load_or_make_key(day.site.home).public_key()))
        install = chromium_extension(base_of(day), own)
        settings = chromium_settings(base_of(day), own, machine)
        assert install["ExtensionInstallForcelist"] == [f"{own};{base_of(day)}/extension/updates.xml"]
        assert settings["3rdparty"]["extensions"][own]["key"] == machine.key
        if not os.access(POLICIES, os.W_OK):
            return
        # The list of installs belongs to the profile of this test alone: other browsers of this machine start without extensions.
        file = POLICIES / f"preau-test-{machine.id}.json"
        file.write_text(policy_text(install, settings), "utf-8")
        try:
            async with async_playwright() as playwright:
                context = await playwright.chromium.launch_persistent_context(
                    tmp_path / "profile",
                    executable_path=CHROMIUM,
                    locale="fr-FR",
                    args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
                    ignore_default_args=["--disable-extensions", "--disable-background-networking"],
                )
                page = await context.new_page()
                await page.goto(f"{base_of(day)}/exam/check")
                # It is installed some seconds after the start: pages opened before that know nothing of it.
                while not guard_of(day).machines[machine.id]:
                    await page.wait_for_timeout(6000)
                    if not guard_of(day).machines[machine.id]:
                        await page.reload()
                await page.wait_for_selector("text=L’extension prouve qu’elle est là")
                await page.wait_for_selector(".plate b:text('P07')")
                await context.close()
        finally:
            file.unlink()


def policy_text(*parts: dict[str, object]) -> str:
    """Return policies as one file."""
    return json.dumps({name: value for part in parts for name, value in part.items()})
