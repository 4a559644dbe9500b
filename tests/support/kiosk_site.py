"""A whole kiosk in one line: a home in a temporary folder, a real server, and a cast already signed in.

`async with open_site(folder) as site` gives `site.lea` (a pupil), `site.tom` (another), `site.roy` (a teacher),
`site.ines` (another teacher), `site.diaz` (the principal), `site.other_principal` (of a second organisation of the
server) and `site.stranger`. The clock only moves when a test says so.
Closing the site and opening another on the same folder is a restart of the server.
"""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from toy_bank import COURSE, toy_bank

from kiosk.actions.accounts import NewPerson, keep_account
from kiosk.app import build_app, open_kiosk
from kiosk.config import Config
from kiosk.homes import make_home
from kiosk.logins import LOOPBACK_COOKIE, Login, digest_of
from kiosk.organisations import SCHOOL, Organisation, Settings
from kiosk.passwords import hash_password
from kiosk.people import Display, Person, Role
from kiosk.store import organisations
from kiosk.store import people as store
from sync.identity import init_home

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import ClientResponse

    from exam.bank import Bank
    from kiosk.keys import Kiosk

UAI = "0750001U"
START_MS = 1_790_000_000_000
PASSWORD = "Cactus-piano-lune-7"
CAST: dict[str, tuple[Role, str, str, str | None]] = {
    "lea": ("pupil", "Léa", "Moreau", "5B"),
    "tom": ("pupil", "Tom", "Nguyen", "5B"),
    "roy": ("teacher", "Alice", "Roy", None),
    "ines": ("teacher", "Inès", "Faure", None),
    "diaz": ("principal", "Paul", "Diaz", None),
    "garnier": ("principal", "Hélène", "Garnier", None),
}
OTHER = "lycee"
"""The second organisation of the server; its principal is Hélène Garnier."""


class FrozenClock:
    """Both clocks, moved together by `pass_s`; `reboot` starts the monotonic one again."""

    def __init__(self) -> None:
        self.wall = START_MS
        self.mono = 5_000_000
        self.boot = "boot-1"

    def now_ms(self) -> int:
        """Return the frozen wall clock."""
        return self.wall

    def monotonic_ms(self) -> int:
        """Return the frozen monotonic clock."""
        return self.mono

    def boot_id(self) -> str:
        """Return which run of the machine this is."""
        return self.boot

    def pass_s(self, seconds: int) -> None:
        """Let time pass on both clocks."""
        self.wall += seconds * 1000
        self.mono += seconds * 1000

    def reboot(self) -> None:
        """Restart the machine."""
        self.boot, self.mono = "boot-2", 1000


@dataclass
class Reply:
    """One answer of the server."""

    status: int
    body: Any
    headers: dict[str, str]
    data: bytes

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.body["error"]["code"])


@dataclass
class Client:
    """One browser: its own cookies, asking one server."""

    session: ClientSession
    base: str
    person: Person | None

    async def ask(self, method: str, path: str, **options: Any) -> Reply:  # noqa: ANN401 - what aiohttp takes, whatever it is
        """Ask the server and return its answer, redirections not followed."""
        async with self.session.request(
            method, self.base + path, allow_redirects=False, **options
        ) as response:
            return await _read(response)

    async def get(self, path: str, **options: Any) -> Reply:  # noqa: ANN401 - what aiohttp takes, whatever it is
        """Ask with GET."""
        return await self.ask("GET", path, **options)

    async def post(self, path: str, body: object = None, **options: Any) -> Reply:  # noqa: ANN401 - what aiohttp takes, whatever it is
        """Ask with POST and a JSON body."""
        return await self.ask("POST", path, json=body if body is not None else {}, **options)


async def _read(response: ClientResponse) -> Reply:
    data = await response.read()
    body = await response.json() if response.content_type == "application/json" else None
    return Reply(response.status, body, dict(response.headers), data)


@dataclass
class Site:
    """One running kiosk."""

    kiosk: Kiosk
    server: TestServer
    clock: FrozenClock
    home: Path
    sessions: list[ClientSession] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Give the stranger a browser."""
        self.stranger = self.client(None)

    def client(self, person: Person | None, secret: str | None = None) -> Client:
        """Return a browser, signed in when a login's secret is given."""
        cookies = {LOOPBACK_COOKIE: secret} if secret else None
        session = ClientSession(cookie_jar=CookieJar(unsafe=True), cookies=cookies)
        self.sessions.append(session)
        return Client(session, str(self.server.make_url("")).rstrip("/"), person)

    async def sign_in(self, username: str) -> Client:
        """Return a browser of this person, signed in without the cost of a password."""
        found = await self.kiosk.db.read(lambda conn: store.person_by_username(conn, username))
        assert found is not None
        secret = secrets.token_urlsafe(32)
        now = self.clock.now_ms()
        login = Login(secrets.token_hex(4), digest_of(secret), found[0], now + 12 * 3_600_000)
        await self.kiosk.db.write(lambda tx: store.add_login(tx, login, now))
        return self.client(found[0], secret)

    async def gather_cast(self) -> None:
        """Sign the cast in."""
        self.lea = await self.sign_in("lea")
        self.tom = await self.sign_in("tom")
        self.roy = await self.sign_in("roy")
        self.ines = await self.sign_in("ines")
        self.diaz = await self.sign_in("diaz")
        self.other_principal = await self.sign_in("garnier")

    async def campaign(self, **fields: str) -> dict[str, Any]:
        """Return a campaign made by Alice Roy."""
        course = next(iter(self.kiosk.banks.current.courses))
        made = await self.roy.post("/api/v1/campaigns", {"name": "Rentrée", "course": course, **fields})
        assert made.status == 200, made.body
        return dict(made.body["campaign"])

    async def joined(self, client: Client | None = None, **fields: str) -> str:
        """Return the id of a participation just opened, by Léa unless told otherwise."""
        campaign = await self.campaign(**fields)
        joined = await (client or self.lea).post("/api/v1/participations", {"code": campaign["code"]})
        assert joined.status == 200, joined.body
        return str(joined.body["participation"]["id"])


class Pupil:
    """A question page: holds a participation and answers its questions one after the other."""

    def __init__(self, client: Client, participation: str) -> None:
        self.client = client
        self.at = f"/api/v1/participations/{participation}"
        self.id = participation
        self.epoch = 0
        self.state: dict[str, Any] = {}

    async def take(self) -> Pupil:
        """Take the sitting, as a page does when it opens."""
        held = await self.client.post(f"{self.at}/hold")
        assert held.status == 200, held.body
        self.epoch = held.body["epoch"]
        await self.refresh()
        return self

    async def refresh(self) -> dict[str, Any]:
        """Ask for the waiting question, as a page does when it is reloaded."""
        found = await self.client.get(f"{self.at}/next?epoch={self.epoch}&after_checkpoint=1")
        assert found.status == 200, found.body
        self.state = found.body
        return self.state

    async def answer(self, answer: object, **changed: object) -> Reply:
        """Answer the waiting question; `changed` replaces fields of the request."""
        body = {"number": self.state["number"], "key": secrets.token_hex(8), "epoch": self.epoch}
        reply = await self.client.post(f"{self.at}/answers", {**body, "answer": answer, **changed})
        if reply.status == 200:
            self.state = reply.body["state"]
        return reply

    async def finish(self, answer: object = "yes") -> int:
        """Answer everything alike, and return how many questions there were."""
        count = 0
        while self.state["state"] == "question":
            reply = await self.answer(answer)
            assert reply.status == 200, reply.body
            count += 1
        return count


@cache
def _phc() -> str:
    return hash_password(PASSWORD)


@cache
def the_toy_bank() -> Bank:
    return toy_bank()


@asynccontextmanager
async def open_site(
    home: Path,
    *,
    bank: Bank | None = None,
    clock: FrozenClock | None = None,
    **settings: Any,  # noqa: ANN401 - settings of several types
) -> AsyncIterator[Site]:
    """Open a kiosk on this folder, made when empty, with its cast signed in."""
    init_home(home, UAI, "Collège des Tilleuls")
    make_home(home)
    clock = clock or FrozenClock()
    async with open_kiosk(
        Config(home=home, **settings), clock, secure=False, bank=bank or the_toy_bank()
    ) as kiosk:
        await _add_cast(kiosk)
        server = TestServer(build_app(kiosk))
        await server.start_server()
        site = Site(kiosk, server, clock, home)
        try:
            await site.gather_cast()
            yield site
        finally:
            for session in site.sessions:
                await session.close()
            await server.close()


async def _add_cast(kiosk: Kiosk) -> None:
    lycee = Organisation(OTHER, "school", "0750002V", "Lycée des Marronniers", "siecle", Settings(), START_MS)
    await kiosk.db.write(lambda tx: organisations.add(tx, lycee))
    for username, (role, first, last, division) in CAST.items():
        organisation = OTHER if username == "garnier" else SCHOOL
        new = NewPerson(username, first, last, role, division, organisation=organisation, terms=True)
        person = Person(
            id=f"id-{username}",
            username=username,
            email=None,
            first_name=first,
            last_name=last,
            role=role,
            organisation=None if role == "pupil" else organisation,
            lang="fr",
            display=Display(),
            must_change=False,
            disabled=False,
        )
        await kiosk.db.write(
            lambda tx, person=person, new=new: keep_account(tx, person, new, _phc(), START_MS)  # type: ignore[misc] # mypy cannot infer a lambda with defaults
        )


__all__ = ["CAST", "COURSE", "PASSWORD", "Client", "FrozenClock", "Pupil", "Reply", "Site", "open_site"]
