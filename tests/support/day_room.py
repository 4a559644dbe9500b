"""The room of a whole certification day: a town planned by commands, its processes, and browsers around them.

Nothing here decides: it comes in, presses and waits for what pages show. Every saved answer is noted as the server said it.
Machines of the room reach the server by a switch that can be pulled; phones and the principal do not.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from day_people import BORN, Chief, Seated, Session, right_answer
from day_sizes import WITH_EXTRA
from exam_site import authority, bundle
from page_browser import ARGUMENTS, CHROMIUM, LARGE, SMALL
from playwright.async_api import TimeoutError, async_playwright  # noqa: A004 - Playwright's own
from processes import preau, preau_json
from sealed_kit import CODE
from switch import Switch
from town import PASSWORD

from kiosk.provision.package import load_or_make_key, unpacked
from sync.keys import save_public

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from day_sizes import Size
    from playwright.async_api import Browser, BrowserContext, Page, Playwright, Response
    from town import Town

LOTS = 3
"""How many browsers start at a time; each machine of the room is a browser of its own, as it has its own key."""


@dataclass
class Day:
    """The town, its session, its people, and every browser's page."""

    town: Town
    size: Size
    session: Session
    ids: dict[str, str]
    chief: Chief
    seated: dict[str, Seated]
    playwright: Playwright
    browser: Browser
    desks: Browser
    switch: Switch
    folder: Path
    stack: AsyncExitStack
    strangers: list[str] = field(default_factory=list)
    lots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOTS))

    @property
    def url(self) -> str:
        """Where the school is."""
        return self.town.school_url

    async def page(self, context: BrowserContext) -> Page:
        """Open a page whose every request must stay here, and whose saved answers are noted."""
        page = await context.new_page()
        page.on("request", lambda one: self._watch(one.url))
        page.on("response", self._note)
        return page

    def _watch(self, url: str) -> None:
        if not url.startswith((self.url, self.town.central_url, "blob:", "chrome")):
            self.strangers.append(url)

    def _note(self, response: Response) -> None:
        if response.url.endswith("/answers") and response.status == 200:
            said = json.loads(response.request.post_data or "{}")
            candidate = response.url.split("/")[-2]
            self.session.acknowledged.append((candidate, said["number"], said["key"]))

    async def here(self, *, phone: bool = False) -> Page:
        """Return a page of somebody in charge, with cookies of its own."""
        context = await self.browser.new_context(
            locale="fr-FR", viewport=SMALL if phone else LARGE, has_touch=phone, is_mobile=phone
        )
        return await self.page(context)

    async def desk(self) -> Page:
        """Return a page at a machine of the room that nobody prepared."""
        return await self.page(await self.desks.new_context(locale="fr-FR", viewport=LARGE))

    async def machine(self, label: str) -> Page:
        """Open the browser of a prepared machine, and wait until its extension has named it."""
        extension = self.folder / f"extension-{label}"
        loaded = (f"--disable-extensions-except={extension}", f"--load-extension={extension}")
        async with self.lots:
            context = await self.playwright.chromium.launch_persistent_context(
                self.folder / f"profile-{label}",
                executable_path=CHROMIUM,
                headless=True,
                locale="fr-FR",
                viewport=LARGE,
                args=[*ARGUMENTS, by_the_switch(self.url, self.switch), *loaded],
            )
            self.stack.push_async_callback(context.close)
            page = await self.page(context)
            await page.goto(f"{self.url}/exam")
            await page.wait_for_selector(f".plate b:text('{label}')")
        return page

    def keep_in_touch(self, one: Seated) -> None:
        """Let a simulated candidate answer the server's ticks until the day is over."""
        thread = asyncio.create_task(one.keep_in_touch())
        self.stack.push_async_callback(ended, thread)


async def ended(thread: asyncio.Task[None]) -> None:
    """Cancel a task that has no end, and wait until it is gone."""
    thread.cancel()
    with suppress(asyncio.CancelledError):
        await thread


def by_the_switch(url: str, switch: Switch) -> str:
    """Return the argument that has a browser go through the switch, while its address says the server's own."""
    return f"--host-resolver-rules=MAP {urlsplit(url).netloc} {urlsplit(switch.url).netloc}"


def labels(size: Size) -> list[str]:
    """Return the labels of the machines to prepare: one for each candidate who has the extension, then the spare's."""
    return [f"P{7 + place:02}" for place in range(size.extensions + size.spare_extended)]


def plan(town: Town, folder: Path, size: Size) -> dict[str, Any]:
    """Install the bank at both ends, plan the session, enrol the candidates, open: all by commands, before the day."""
    town.add("p.diaz", "principal", "Paul", "Diaz")
    (folder / "day.bundle").write_bytes(bundle().data)
    save_public(folder / "authority.pub", authority().public)
    bank = (str(folder / "day.bundle"), "--public-key", str(folder / "authority.pub"))
    preau(town.central_home, "central", "bank", "add", *bank, "--day-code-stdin", stdin=CODE + "\n")
    town.enrol(starter=False)
    home = town.school_home
    with (home / "config.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\npublic_address = "{town.school_url}"\n')
    preau(home, "session", "bank", *bank)
    where = ("--site", "Collège des Tilleuls", "--room", "204", "--examiners", "A. Roy")
    when = ("--date", "2026-11-26", "--time", "09:00")
    made = preau_json(home, "session", "create", *where, *when, "--no-gate", "--lockdown", "extension")
    day, month, year = BORN
    rows = [f"{name};Camille;{year}-{month}-{day};{33 if name == WITH_EXTRA else 0}" for name in size.names]
    listed = folder / "list.csv"
    listed.write_text("\n".join(("last_name;first_name;birth_date;extra_percent", *rows, "")), "utf-8")
    number = str(made["number"])
    preau(home, "session", "enrol", number, str(listed))
    preau(home, "session", "open", number, "--day-code-stdin", stdin=CODE + "\n")
    shown: dict[str, Any] = preau_json(home, "session", "show", number)
    return shown


def provisioned(town: Town, folder: Path, size: Size) -> None:
    """Prepare machines by the command, and load what the policy of each gives into the extension that it packages."""
    named = labels(size)
    words = [word for label in named for word in ("--machine", label)]
    made = preau_json(town.school_home, "provision", *words, "--out", str(folder))
    assert made["server"] == town.school_url
    key = load_or_make_key(town.school_home)
    for label in named:
        policy = json.loads(
            next((folder / f"preau-{label}" / "files").rglob("preau-machine.json")).read_text("utf-8")
        )
        (given,) = policy["3rdparty"]["extensions"].values()
        assert given["label"] == label
        target = folder / f"extension-{label}"
        target.mkdir()
        for name, data in unpacked(town.school_url, key, given).items():
            (target / name).write_bytes(data)


@asynccontextmanager
async def morning(town: Town, folder: Path, size: Size) -> AsyncIterator[Day]:
    """Start the school and its daemon, with nobody at the other end, and everyone's browser."""
    shown = await asyncio.to_thread(plan, town, folder, size)
    await asyncio.to_thread(provisioned, town, folder, size)
    await asyncio.to_thread(town.school.start)
    town.daemon.start()
    port = urlsplit(town.school_url).port
    assert port is not None
    async with AsyncExitStack() as stack:
        switch = Switch(port)
        await switch.up()
        stack.push_async_callback(switch.down)
        session = Session(town.school_url, switch.url, shown["id"], shown["number"], shown["code"])
        ids = {one["last_name"]: one["id"] for one in shown["candidates"]}
        chief = Chief(session, session.url)
        seated = {name: Seated(session, name, ids[name], size.wrong.get(name, 0)) for name in size.simulated}
        for person in (chief, *seated.values()):
            stack.push_async_callback(person.http.close)
        await chief.sign_in("p.diaz", PASSWORD)
        playwright = await stack.enter_async_context(async_playwright())
        browser, desks = [
            await playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
            for more in ((), (by_the_switch(town.school_url, switch),))
        ]
        stack.push_async_callback(browser.close)
        stack.push_async_callback(desks.close)
        yield Day(town, size, session, ids, chief, seated, playwright, browser, desks, switch, folder, stack)


async def come_in(day: Day, page: Page, last_name: str) -> None:
    """Fill the door."""
    await page.goto(f"{day.url}/exam")
    birth = zip(("day", "month", "year"), BORN, strict=True)
    typed = {
        "number": str(day.session.number),
        "last_name": last_name,
        "first_name": "Camille",
        **dict(birth),
    }
    for name, value in typed.items():
        await page.fill(f"[name={name}]", value)
    await page.click("main form button.do")
    await page.wait_for_selector("[name=code]")


async def give_code(day: Day, page: Page) -> None:
    """Type the access code and wait."""
    await page.fill("[name=code]", day.session.code.lower())
    await page.click("main form button.do")
    await page.wait_for_selector("text=Cette page avance toute seule")


async def question_on(page: Page) -> str:
    """Wait until a question can be answered, and return its words."""
    try:
        await page.wait_for_selector("body:not(.waiting) #form:not([hidden]) #item input")
    except TimeoutError as late:
        msg = f"no question on {page.url}: {await page.inner_text('body')}"
        raise AssertionError(msg) from late
    return await page.inner_text("#instruction")


async def answer(page: Page, count: int, patience_s: int = 30) -> None:
    """Answer so many questions right, or as many as there are; each must be kept within the patience."""
    for _ in range(count):
        shown, place, address = await question_on(page), await page.inner_text("#place"), page.url
        await page.fill("#item input", right_answer(shown))
        await page.click("#validate")
        await page.wait_for_function(
            """([place, url]) => location.href !== url || document.getElementById("place")?.textContent !== place""",
            arg=[place, address],
            timeout=patience_s * 1000,
        )
        if page.url.endswith("/end"):
            return


async def sign_in(page: Page, url: str, username: str, password: str) -> None:
    """Sign in at the school or at the central instance."""
    await page.goto(url)
    await page.fill("input[name=username]", username)
    await page.fill("input[name=password]", password)
    await page.click("main button.do")
    await page.wait_for_load_state()


async def phone_in(day: Day, principal: Page, name: str) -> Page:
    """Bring a phone in: it aims at the square, and the principal compares the number."""
    await principal.goto(f"{day.url}/staff/sessions/{day.session.id}/phones")
    async with principal.expect_response("**/tickets") as reply:
        await principal.click("#square-form button")
    ticket = await (await reply.value).json()
    phone = await day.here(phone=True)
    await phone.goto(ticket["address"])
    await phone.wait_for_selector("#asking:not([hidden])")
    await phone.fill("#name", name)
    await phone.click("#name-form button")
    asking = principal.locator(f"#phones-live section.needs li:has-text('{name}')")
    await asking.wait_for()
    assert await asking.locator(".number").inner_text() == await phone.inner_text("#number")
    await asking.locator("text=Même numéro").click()
    await phone.wait_for_url(f"**/supervise/{day.session.id}")
    return phone


async def act(day: Day, phone: Page, candidate: str, name: str, said: str = "", **fields: str) -> None:
    """Do an act from a candidate's page on a phone, whose key signs it; `said` is a selector of the form among several."""
    await phone.goto(f"{day.url}/supervise/{day.session.id}/candidates/{candidate}")
    form = phone.locator(f"form[data-act={name}]{said}")
    await form.wait_for(state="attached")
    folded = phone.locator(f"details:has(form[data-act={name}]):not([open]) > summary")
    if await folded.count():
        await folded.click()
    for field_name, value in fields.items():
        box = form.locator(f"[name={field_name}]:not([type=hidden])")
        if await box.first.get_attribute("type") == "radio":
            await form.locator(f"[name={field_name}][value={value}]").check()
        elif await box.evaluate("one => one.tagName") == "SELECT":
            await box.select_option(value)
        else:
            await box.fill(value)
    async with phone.expect_navigation(url=lambda one: "done=" in one or "refused=" in one):
        await form.locator("button:not([type=button])").last.click()
    assert f"done={name}" in phone.url, phone.url
