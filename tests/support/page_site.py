"""A real kiosk for page tests: real HTTP, database, log and bank, in a thread of its own, stopped and started at will."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from aiohttp.web import AppRunner, TCPSite

from kiosk.actions.accounts import NewPerson, add_account
from kiosk.actions.campaigns import NewCampaign, create
from kiosk.app import build_app, open_kiosk
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.homes import make_home
from sync.identity import init_home

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from pathlib import Path

    from kiosk.clock import Clock
    from kiosk.keys import Kiosk
    from kiosk.people import Person, Role

T = TypeVar("T")
PASSWORD = "Trois tuiles rouges 7"


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """One school's server, with what tests need to act on it."""

    home: Path
    bank: Path | None = None
    port: int = field(default_factory=free_port)
    clock: Clock = field(default_factory=SystemClock)
    kiosk: Kiosk | None = None
    loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and return once it answers."""
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(30), "the server did not start"

    def stop(self) -> None:
        """Stop the server; its home stays."""
        assert self.loop is not None
        assert self._stop is not None
        assert self._thread is not None
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        self.kiosk = None

    async def _serve(self, ready: threading.Event) -> None:
        self.loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        config = load_config(self.home, port=self.port, host="127.0.0.1")
        if self.bank is not None:
            object.__setattr__(config, "bank", str(self.bank))
        async with open_kiosk(config, self.clock, secure=False) as kiosk:
            runner = AppRunner(build_app(kiosk), access_log=None, shutdown_timeout=1)
            await runner.setup()
            try:
                await TCPSite(runner, "127.0.0.1", self.port).start()
                self.kiosk = kiosk
                ready.set()
                await self._stop.wait()
            finally:
                await runner.cleanup()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run one of the kiosk's own coroutines in its loop and return what it gives."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def person(
        self, username: str, role: Role, first: str, last: str, password: str | None = PASSWORD
    ) -> Person:
        """Add an account and return it."""
        assert self.kiosk is not None
        made, _ = self.run(
            add_account(self.kiosk, NewPerson(username, first, last, role, "5B", terms=True), password)
        )
        return made

    def campaign(self, owner: Person, course: str, title: str = "", text: str = "") -> str:
        """Make a campaign and return its code."""
        assert self.kiosk is not None
        new = NewCampaign("Campagne d'essai", course, title, text)
        return self.run(create(self.kiosk, owner, new)).code


@contextmanager
def running_site(home: Path, bank: Path | None = None, clock: Clock | None = None) -> Iterator[Site]:
    """Give a started server in a fresh home, stopped at the end."""
    init_home(home, "0330001X", "Collège des Tilleuls")
    make_home(home)
    site = Site(home, bank, clock=clock or SystemClock())
    site.start()
    try:
        yield site
    finally:
        site.stop()
