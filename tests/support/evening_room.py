"""A school whose day is over beside the central instance it is enrolled with, both on real ports of this machine."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp.test_utils import TestClient, TestServer
from central_room import PHC, Central, Clock
from jury_kit import add_sealed_bank, enrol

from kiosk.actions import statements
from sync.central.app import build_app
from sync.central.config import load_config, make_home
from sync.central.publication import Ordered
from sync.central.store import officers
from sync.central.store import statements as said_store
from sync.daemon import run_once
from sync.enrolment import EnrolmentFile, save_enrolment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from exam_site import Day


class Both:
    """The school, the central instance at `address`, and the id the school has there."""

    def __init__(self, day: Day, central: Central, site: str, address: str) -> None:
        self.day, self.central, self.site, self.address = day, central, site, address

    async def act(self, act: str, who: str = "", text: str = "") -> None:
        """Let an officer do one act."""
        order = Ordered(
            self.site, self.day.session.id, act, "helene", self.day.ids[who] if who else "", "", text
        )
        await self.central.instance.publication.do(order, self.central.clock())

    async def sync(self) -> None:
        """Let the daemon carry once, then the kiosk take in what came."""
        report = await run_once(self.day.site.home, self.day.site.clock.now_ms)
        assert report.state == "ok", report
        await statements.take_in(self.day.site.kiosk)

    async def later(self, seconds: int = 120) -> None:
        """Let time pass at both ends, then carry again."""
        self.day.site.clock.pass_s(seconds)
        self.central.clock.now = self.day.site.clock.now_ms()
        await self.sync()

    async def as_file(self) -> bytes:
        """Return what was said to the school, as the file on a USB key."""
        async with self.central.instance.database.read() as conn:
            rows = await said_store.after(conn, self.site, 0, 100)
        return b"".join(row.line for row in rows)


@asynccontextmanager
async def a_central(home: Path) -> AsyncIterator[tuple[Central, str]]:
    """Run a central instance with one officer; give it and its address."""
    make_home(home, "Académie d'essai")
    clock = Clock()
    app = build_app(load_config(home), clock)
    server = TestServer(app, skip_url_asserts=True)
    await server.start_server(auto_decompress=False)
    async with TestClient(server) as client:
        central, now = Central(client, app, clock), clock()
        await central.instance.database.write(lambda conn: officers.add_officer(conn, "helene", PHC, now))
        yield central, str(server.make_url("")).rstrip("/")


@asynccontextmanager
async def beside(day: Day, home: Path) -> AsyncIterator[Both]:
    """Run a central instance where the school of this day is enrolled and its bank is known."""
    async with a_central(home) as (central, address):
        site = await enrol(central, day)
        central.clock.now = day.site.clock.now_ms()
        await add_sealed_bank(central)
        save_enrolment(day.site.home, EnrolmentFile(address, site, ""), central.instance.signer.public)
        yield Both(day, central, site, address)
