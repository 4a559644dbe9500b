"""A class of a school year: its SIECLE file, its slips, thirty pupils of whom ten sit at real browsers, on a clock that can move.

`Pupil.browser` is None for a pupil over plain HTTP; every pupil speaks to the server with cookies of their own.
"""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import aiohttp
import msgspec
import room_pupil
from browser_pupil import answer_question

from kiosk.bench.pupil_files import Invented, siecle_xml, zipped
from kiosk.bench.pupils import answer_to
from kiosk.bench.room import Seat
from kiosk.clock import SystemClock
from kiosk.logins import LOOPBACK_COOKIE
from kiosk.usernames import username_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from playwright.sync_api import Browser, BrowserContext, Page

    from kiosk.bench.pupils import Answer, Question

    Answers = Callable[[Question, random.Random], Answer]

T = TypeVar("T")
DAY_MS = 24 * 3_600_000
UAI = "0330001X"
CHOSEN = "Lune-velours-9"
PARTICIPATIONS = "/api/v1/participations"
HERE = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}


class MovableClock(SystemClock):
    """The machine's clocks, put forward by as many days as a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead_ms = 0

    def now_ms(self) -> int:
        """Return the wall clock, put forward."""
        return super().now_ms() + self.ahead_ms

    def monotonic_ms(self) -> int:
        """Return the monotonic clock, put forward as much."""
        return super().monotonic_ms() + self.ahead_ms

    def pass_days(self, days: int) -> None:
        """Let days pass."""
        self.ahead_ms += days * DAY_MS


@dataclass(frozen=True)
class Classmate(Invented):
    """An invented pupil of one class: 5e B the first year, 4e B the next."""

    @property
    def division(self) -> str:
        """Their class of this year."""
        return f"{5 - self.year}B"

    @property
    def username(self) -> str:
        """The username of the rule, nobody in the class having the same name."""
        day, month, year = self.born.split("/")
        return username_of(self.first, self.last, f"{year}-{month}-{day}")


def siecle_zip(numbers: Iterable[int], year: int = 0) -> bytes:
    """Return the zip that a school takes out of SIECLE, with the pupils of these numbers."""
    return zipped(b"".join(siecle_xml([Classmate(number, year) for number in numbers], UAI)))


@dataclass
class Pupil:
    """A pupil with a username, signed in or not; `home` is the address of the server."""

    home: str
    username: str
    password: str
    browser: BrowserContext | None = None
    cookie: str = ""

    def page(self) -> Page:
        """Return the one page of this pupil's browser."""
        assert self.browser is not None
        return self.browser.pages[0] if self.browser.pages else self.browser.new_page()

    def sign_in_by_page(self) -> None:
        """Sign in as on the slip; a one-time password is changed at once, as the page asks."""
        self.page().goto(f"{self.home}/sign-in")
        self._sign_in()

    def come_by_link(self, code: str) -> None:
        """Open what the square of a campaign holds, sign in on the way, and start."""
        page = self.page()
        page.goto(f"{self.home}/code/{code}")
        self._sign_in()
        page.wait_for_url("**/code/*")
        page.locator("main form button.do").click()
        page.wait_for_url("**/participations/**")

    def _sign_in(self) -> None:
        page = self.page()
        page.fill("input[name=username]", self.username)
        page.fill("input[name=password]", self.password)
        page.click("main form button.do")
        page.wait_for_load_state()
        if "/password" in page.url:
            page.fill("input[name=current]", self.password)
            page.fill("input[name=new]", CHOSEN)
            page.fill("input[name=again]", CHOSEN)
            page.click("main form button.do")
            page.wait_for_load_state()
            self.password = CHOSEN
        self._keep_cookie()

    def join_by_page(self, code: str) -> str:
        """Enter a code, start, and return the participation the page is on."""
        page = self.page()
        page.goto(f"{self.home}/code")
        page.fill("input[name=code]", code.lower())
        page.click("main form button.do")
        page.wait_for_url("**/code/*")
        page.locator("main form button.do").click()
        page.wait_for_url("**/participations/**")
        return page.url.split("/participations/")[1].split("/")[0]

    def answer_by_page(self, count: int) -> None:
        """Answer so many questions with the hand, or fewer when the course ends before."""
        page = self.page()
        for _ in range(count):
            if "/question" not in page.url:
                return
            answer_question(page)
            page.wait_for_load_state()

    def _keep_cookie(self) -> None:
        assert self.browser is not None
        found = [one for one in self.browser.cookies() if one.get("name") == LOOPBACK_COOKIE]
        self.cookie = f"{LOOPBACK_COOKIE}={found[0].get('value')}"


@dataclass
class Crowd:
    """Pupils acting at once over HTTP: each method does the same for all, and returns what each got."""

    home: str
    pupils: list[Pupil]

    def sign_in(self, but: list[Pupil]) -> None:
        """Sign everybody in but some, who do it by page; one-time passwords are changed."""
        self._each([one for one in self.pupils if one not in but], self._sign_in)

    def join(self, code: str) -> dict[str, str]:
        """Return the participation of each username in the campaign of this code."""
        return dict(self._each(self.pupils, lambda http, pupil: self._join(http, pupil, code)))

    def finish(self, taken: dict[str, str], answers: Answers = answer_to) -> None:
        """Answer whatever is left of these participations: at random and well-formed, unless told otherwise."""
        self._each(
            self._of(taken), lambda http, pupil: self._finish(http, pupil, taken[pupil.username], answers)
        )

    def ask(self, taken: dict[str, str], act: str) -> dict[str, str]:
        """Do one act on each participation; return the participation each reply is about."""
        found = self._each(
            self._of(taken), lambda http, pupil: self._act(http, pupil, taken[pupil.username], act)
        )
        return dict(found)

    def refused(self, taken: dict[str, str], act: str) -> set[str]:
        """Return the codes of the refusals these pupils get, each of one act on their participation."""
        at = {name: f"{PARTICIPATIONS}/{pid}/{act}" for name, pid in taken.items()}
        return set(
            self._each(
                self._of(taken), lambda http, pupil: self._refusal(http, pupil, at[pupil.username], {})
            )
        )

    def kept_out(self, code: str) -> set[str]:
        """Return the codes of the refusals everybody gets who tries to join a campaign."""
        return set(
            self._each(
                self.pupils, lambda http, pupil: self._refusal(http, pupil, PARTICIPATIONS, {"code": code})
            )
        )

    def _of(self, taken: dict[str, str]) -> list[Pupil]:
        return [one for one in self.pupils if one.username in taken]

    def _each(
        self, pupils: list[Pupil], work: Callable[[aiohttp.ClientSession, Pupil], Coroutine[None, None, T]]
    ) -> list[T]:
        async def everybody() -> list[T]:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
                return await asyncio.gather(*(work(http, pupil) for pupil in pupils))

        # The browser's own loop runs in this thread, so the crowd has another.
        with ThreadPoolExecutor(1) as beside:
            return beside.submit(asyncio.run, everybody()).result()

    async def _sign_in(self, http: aiohttp.ClientSession, pupil: Pupil) -> None:
        body = {"username": pupil.username, "password": pupil.password}
        async with http.post(f"{self.home}/api/v1/login", json=body, headers=HERE) as reply:
            assert reply.status == 200, await reply.text()
            pupil.cookie = f"{LOOPBACK_COOKIE}={reply.cookies[LOOPBACK_COOKIE].value}"
            must_change = (await reply.json())["person"]["must_change"]
        if must_change:
            body = {"current": pupil.password, "new": CHOSEN}
            headers = {**HERE, "Cookie": pupil.cookie}
            async with http.post(f"{self.home}/api/v1/me/password", json=body, headers=headers) as reply:
                assert reply.status == 200, await reply.text()
            pupil.password = CHOSEN

    async def _join(self, http: aiohttp.ClientSession, pupil: Pupil, code: str) -> tuple[str, str]:
        body = await self._post(http, pupil, PARTICIPATIONS, {"code": code})
        return pupil.username, body.participation.id

    async def _act(
        self, http: aiohttp.ClientSession, pupil: Pupil, participation: str, act: str
    ) -> tuple[str, str]:
        body = {"consent": True} if act in {"share", "profile"} else {}
        reply = await self._post(http, pupil, f"{PARTICIPATIONS}/{participation}/{act}", body)
        return pupil.username, reply.participation.id

    async def _finish(
        self, http: aiohttp.ClientSession, pupil: Pupil, participation: str, answers: Answers
    ) -> None:
        held = await self._post(http, pupil, f"{PARTICIPATIONS}/{participation}/hold", {})
        seat = Seat(pupil.cookie, participation, held.epoch)
        seed = int(re.sub(r"\D", "", pupil.username))
        await room_pupil.Pupil(self.home, [seat], seed, answers=answers).sit(http, asyncio.Event())

    async def _refusal(
        self, http: aiohttp.ClientSession, pupil: Pupil, path: str, body: dict[str, object]
    ) -> str:
        headers = {**HERE, "Cookie": pupil.cookie}
        async with http.post(self.home + path, json=body, headers=headers) as reply:
            assert reply.status >= 400, (pupil.username, path)
            return str((await reply.json())["error"]["code"])

    async def _post(
        self, http: aiohttp.ClientSession, pupil: Pupil, path: str, body: Mapping[str, object]
    ) -> _Reply:
        headers = {**HERE, "Cookie": pupil.cookie}
        async with http.post(self.home + path, json=body, headers=headers) as reply:
            data = await reply.read()
            assert reply.status == 200, (pupil.username, path, data)
            return msgspec.json.decode(data, type=_Reply)


class _Participation(msgspec.Struct, frozen=True):
    id: str = ""


class _Reply(msgspec.Struct):
    epoch: int = 0
    participation: _Participation = _Participation()


def at_browsers(pupils: list[Pupil], browser: Browser) -> None:
    """Seat these pupils at browsers of their own."""
    for pupil in pupils:
        pupil.browser = browser.new_context(locale="fr-FR", viewport={"width": 1366, "height": 768})
