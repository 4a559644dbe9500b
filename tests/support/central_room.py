"""A running central instance as tests use it: its client, its clock, a school, an officer."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient, TestServer
from central_kit import START, UAI, Pupils, a_bank

from exam.bundle import dump_bundle
from sync.central import codes
from sync.central.app import build_app
from sync.central.appkeys import INSTANCE
from sync.central.config import load_config, make_home
from sync.central.passwords import hash_password
from sync.central.store import banks, officers, schools

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import ClientResponse
    from aiohttp.web import Application, Request

    from sync.central.instance import Instance

PASSWORD = "un-long-mot-de-passe"
PHC = hash_password(PASSWORD)


@dataclass
class Clock:
    """A clock that moves when told."""

    now: int = START

    def __call__(self) -> int:
        """Return the time this clock was set to."""
        return self.now


@dataclass
class Central:
    """A running instance, and what a test does with it."""

    client: TestClient[Request, Application]
    app: Application
    clock: Clock
    form_token: str = ""
    pupils: Pupils = field(default_factory=Pupils)

    @property
    def instance(self) -> Instance:
        """The open parts of the instance."""
        return self.app[INSTANCE]

    async def code(self, uai: str = UAI, name: str = "Collège des Tilleuls") -> str:
        """Make a single-use code."""
        code, now = codes.make_code(), self.clock()
        hashed = codes.code_hash(code)
        times = (now, now + codes.VALID_MS)
        await self.instance.database.write(lambda conn: schools.add_code(conn, hashed, uai, name, times))
        return code

    async def enrol(self, pupils: Pupils | None = None) -> Pupils:
        """Take a school in."""
        pupils = pupils or self.pupils
        asked = pupils.enrolment(await self.code())
        reply = await self.client.post("/api/v1/enrolments", json=asked)
        assert reply.status == 200, await reply.text()
        return pupils

    async def send(self, *lines: bytes) -> dict[str, list[Any]]:
        """Hand records in and return the reply."""
        reply = await self.client.post("/api/v1/records", data=b"".join(lines))
        assert reply.status == 200, await reply.text()
        found: dict[str, list[Any]] = await reply.json()
        return found

    async def add_bank(self) -> None:
        """Make the toy bank known."""
        bank, now = a_bank(), self.clock()
        await self.instance.database.write(
            lambda conn: banks.add_bank(conn, bank.digest, bank.version, dump_bundle(bank), now)
        )

    async def post(self, path: str, **fields: str) -> ClientResponse:
        """Send a form as our own page would."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        data = {"token": self.form_token, **fields}
        return await self.client.post(path, data=data, headers=headers, allow_redirects=False)

    async def post_many(self, path: str, fields: list[tuple[str, str]]) -> ClientResponse:
        """Send a form with a field more than once."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        data = [("token", self.form_token), *fields]
        return await self.client.post(path, data=data, headers=headers, allow_redirects=False)

    async def sign_in(self, password: str = PASSWORD, username: str = "helene") -> ClientResponse:
        """Sign in, and keep the form token."""
        reply = await self.post("/login", username=username, password=password, next="/")
        if reply.status == 303:
            page = await self.page("/schools/new")
            self.form_token = page.partition('name="token" value="')[2].partition('"')[0]
        return reply

    async def page(self, path: str) -> str:
        """Return an officer's page."""
        reply = await self.client.get(path, allow_redirects=False)
        assert reply.status == 200, (path, reply.status)
        return await reply.text()


@asynccontextmanager
async def open_central(home: Path, database: str | None) -> AsyncIterator[Central]:
    """Return a running instance with an officer, on SQLite unless a database is given."""
    clock = Clock()
    make_home(home, "Académie d'essai")
    app = build_app(load_config(home, database), clock)
    async with AsyncExitStack() as stack:
        server = TestServer(app, skip_url_asserts=True)
        await server.start_server(auto_decompress=False)
        client = await stack.enter_async_context(TestClient(server))
        found = Central(client, app, clock)
        now = clock()
        await found.instance.database.write(lambda conn: officers.add_officer(conn, "helene", PHC, now))
        yield found
