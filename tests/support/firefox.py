"""Firefox ESR as a room machine runs it: our policy beside its binary, driven by its own remote protocol (Marionette).

Policies stand in `distribution/policies.json` of a folder that holds a copy of the small binary and links to the rest, so that a
test needs no right on the machine and no other Firefox hears of it (where /etc/firefox holds policies, those come first). The
profile holds only what keeps a first start quiet.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING, Any

from processes import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

INSTALLED = Path("/usr/lib/firefox-esr")
BINARY = "firefox-esr"
PATIENCE_S = 60
LOOK_S = 0.1
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_SHOWN = "return Boolean([...document.querySelectorAll(arguments[0])].find(one => one.checkVisibility()))"
_FILL = """const field = document.querySelector(arguments[0]);
field.value = arguments[1];
field.dispatchEvent(new Event("input", { bubbles: true }));"""


def room_copy(folder: Path, policies: dict[str, Any]) -> Path:
    """Return the binary of a Firefox whose policies are these, made in a new folder: else the installed one."""
    folder.mkdir()
    for found in INSTALLED.iterdir():
        if found.name not in {BINARY, "distribution"}:
            (folder / found.name).symlink_to(found)
    shutil.copy2(INSTALLED / BINARY, folder / BINARY)
    (folder / "distribution").mkdir()
    (folder / "distribution" / "policies.json").write_text(json.dumps(policies), "utf-8")
    return folder / BINARY


def new_profile(folder: Path, port: int) -> Path:
    """Return a profile for tests: quiet, in French, and with no network of the browser's own."""
    prefs: dict[str, object] = {
        "marionette.port": port,
        "intl.accept_languages": "fr-FR, fr",
        "app.update.auto": False,
        "app.normandy.enabled": False,
        "browser.aboutwelcome.enabled": False,
        "browser.safebrowsing.downloads.enabled": False,
        "browser.safebrowsing.malware.enabled": False,
        "browser.safebrowsing.phishing.enabled": False,
        "browser.search.update": False,
        "browser.shell.checkDefaultBrowser": False,
        "browser.topsites.contile.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "extensions.getAddons.cache.enabled": False,
        "extensions.systemAddon.update.enabled": False,
        "media.gmp-manager.updateEnabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "services.settings.server": "http://127.0.0.1:9/",
    }
    folder.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items()]
    (folder / "user.js").write_text("".join(lines), "utf-8")
    return folder


class RemoteError(Exception):
    """The browser refused a command; `str` is its name for why, then its message."""


class Firefox:
    """One Firefox, asked in turn: each command waits for its answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer, self._count = reader, writer, 0

    async def _read(self) -> Any:  # noqa: ANN401 - what JSON holds
        length = await self._reader.readuntil(b":")
        return json.loads(await self._reader.readexactly(int(length[:-1])))

    async def greeted(self) -> None:
        """Take what Firefox says first to whoever connects."""
        await self._read()

    async def command(self, name: str, **given: object) -> Any:  # noqa: ANN401 - what JSON holds
        """Return the answer to a command; raises RemoteError when the browser refuses it."""
        self._count += 1
        data = json.dumps([0, self._count, name, given]).encode()
        self._writer.write(b"%d:%s" % (len(data), data))
        await self._writer.drain()
        _, _, problem, result = await asyncio.wait_for(self._read(), PATIENCE_S)
        if problem:
            raise RemoteError(f"{problem['error']}: {problem['message']}")
        return result

    async def goto(self, url: str) -> None:
        """Open an address and wait until it is loaded; raises RemoteError when the browser does not."""
        await self.command("WebDriver:Navigate", url=url)

    async def run(self, script: str, *given: object) -> Any:  # noqa: ANN401 - what JSON holds
        """Return what a script returns in the page; `arguments` are what is given."""
        answer = await self.command("WebDriver:ExecuteScript", script=script, args=list(given))
        return answer["value"]

    async def fill(self, selector: str, text: str) -> None:
        """Write into a field of the page, as typing would."""
        await self.run(_FILL, selector, text)

    async def click(self, selector: str) -> None:
        """Press what a selector finds first, as a hand would."""
        found = await self.command("WebDriver:FindElement", using="css selector", value=selector)
        await self.command("WebDriver:ElementClick", id=found["value"][_ELEMENT])

    async def sees(self, selector: str, text: str = "") -> None:
        """Wait until something that a selector finds is visible, with this text in the page."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self._shows(selector, text):  # noqa: ASYNC110 - a page in a browser sets no event here
                await asyncio.sleep(LOOK_S)

    async def _shows(self, selector: str, text: str) -> bool:
        try:
            return bool(await self.run(_SHOWN, selector)) and text in await self.text()
        except RemoteError:  # the page was giving way to the next
            return False

    async def text(self) -> str:
        """Return the words of the page."""
        return str(await self.run("return document.body.innerText"))

    async def tab(self) -> str:
        """Return the tab that is spoken to."""
        answer = await self.command("WebDriver:GetWindowHandle")
        return str(answer["value"])

    async def new_tab(self) -> str:
        """Return a new tab, and speak to it."""
        answer = await self.command("WebDriver:NewWindow", type="tab")
        await self.turn_to(answer["handle"])
        return str(answer["handle"])

    async def turn_to(self, tab: str) -> None:
        """Show a tab, and speak to it."""
        await self.command("WebDriver:SwitchToWindow", handle=tab)

    async def close(self) -> None:
        """Leave the browser alone."""
        self._writer.close()
        await self._writer.wait_closed()


async def _connected(port: int, child: asyncio.subprocess.Process) -> Firefox:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            assert child.returncode is None, "Firefox ended before it listened"
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                await asyncio.sleep(LOOK_S)  # a poll of the condition, not a guess of a duration
        firefox = Firefox(reader, writer)
        await firefox.greeted()
        await firefox.command("WebDriver:NewSession", capabilities={})
    return firefox


@asynccontextmanager
async def firefox_with(policies: dict[str, Any], folder: Path) -> AsyncIterator[Firefox]:
    """Open Firefox under these policies, with a profile of its own; killed in the end with all it started."""
    port = free_port()
    binary, profile = room_copy(folder / "firefox", policies), new_profile(folder / "firefox-profile", port)
    with (folder / "firefox.log").open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            binary,
            *("--headless", "--marionette", "--no-remote", "--profile", profile),
            stdout=log,
            stderr=log,
            env={**os.environ, "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
            start_new_session=True,
        )
        try:
            firefox = await _connected(port, child)
            try:
                yield firefox
            finally:
                await firefox.close()
        finally:
            if child.returncode is None:
                os.killpg(child.pid, SIGKILL)
            await child.wait()
