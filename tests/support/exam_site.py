"""A school on certification day: a running server, a session with candidates, and their pages played by hand.

`async with exam_day(folder) as day` gives an open session with Inès, Tom and Zoé on its list (no account needed, profiles not
asked); `day.candidate("ines")` is her browser at a machine of its own.
"""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from kiosk_site import Client, FrozenClock, Reply, Site, open_site
from sealed_kit import CHEAP, CODE, certification_bank

from exam.certification.scale import SCALE
from exam.open_part import open_part
from exam.session.replay import PassageReplay, replay
from kiosk.actions import candidates, opening, planning, supervision
from kiosk.actions.candidates import Enrolment
from kiosk.actions.planning import Plan
from kiosk.actors import Actor, principal
from kiosk.bank_building import Built, Order, build
from kiosk.passages import StoredEvent
from kiosk.store import candidates as candidate_store
from sync.keys import Signer
from sync.log_audit import check_log

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk.people import Person
    from kiosk.store.candidates import Candidate
    from kiosk.store.sessions import Session

ENROLLED = {
    "ines": Enrolment("Inès", "Benali", "2012-03-14", extra_percent=33),
    "tom": Enrolment("Tom", "Nguyen", "2012-05-02"),
    "zoe": Enrolment("Zoé", "D’Hérouville", "2011-12-31"),
}
PLAN = Plan("Collège des Tilleuls", "204", "2026-11-26", "09:00", "A. Roy", gate=False)


@cache
def authority() -> Signer:
    """Who signs banks in the tests."""
    return Signer(Ed25519PrivateKey.generate())


@cache
def bundle() -> Built:
    """Return a small certification bank, sealed under CODE."""
    return build(certification_bank(), authority(), Order(CODE, (), rough=True, costs=CHEAP))


@dataclass
class Day:
    """The session, its people, and the server."""

    site: Site
    session: Session
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def principal(self) -> Actor:
        """Whoever planned it."""
        return principal(self.chief)

    @property
    def chief(self) -> Person:
        """The principal's account."""
        assert self.site.diaz.person is not None
        return self.site.diaz.person

    def supervisor(self, session: str | None = None) -> Actor:
        """Return a supervisor let into this session, or another."""
        return Actor("k-roy", "supervisor", self.session.organisation, session or self.session.id)

    def candidate(self, name: str) -> CandidatePage:
        """Return a browser of this candidate."""
        return CandidatePage(self, name, self.site.client(None))

    async def row(self, name: str) -> Candidate:
        """Return what lists say of a candidate."""
        found = await self.site.kiosk.db.read(lambda conn: candidate_store.by_id(conn, self.ids[name]))
        assert found is not None
        return found

    async def admit(self, *names: str) -> None:
        """Let candidates begin."""
        done = await supervision.admit(
            self.site.kiosk, self.supervisor(), self.session.id, [self.ids[name] for name in names]
        )
        assert [one.code for one in done] == [""] * len(names), done

    async def begun(self, *names: str) -> list[CandidatePage]:
        """Return candidates who have taken their first question."""
        pages = [self.candidate(name) for name in names]
        for page in pages:
            await page.wait_at_door()
        await self.admit(*names)
        for page in pages:
            await page.begin()
        return pages


class CandidatePage:
    """One candidate's browser: its cookies, the epoch it holds, what it shows."""

    def __init__(self, day: Day, name: str, client: Client) -> None:
        self.day, self.name, self.client = day, name, client
        self.epoch = 0
        self.state: dict[str, Any] = {}

    @property
    def id(self) -> str:
        """The candidate's id."""
        return self.day.ids[self.name]

    @property
    def api(self) -> str:
        """Where this passage's calls go."""
        return f"/api/v1/passages/{self.id}"

    def identity(self, **changed: str) -> dict[str, str]:
        """Return the door's form."""
        one = ENROLLED[self.name]
        year, month, day = one.birth_date.split("-")
        return {
            "number": str(self.day.session.number),
            "last_name": one.last_name,
            "first_name": one.first_name,
            "day": day,
            "month": month,
            "year": year,
            **changed,
        }

    async def form(self, path: str, fields: dict[str, str]) -> Reply:
        """Send a form as a browser does."""
        return await self.client.ask("POST", path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    async def arrive(self, **changed: str) -> Reply:
        """Say who is there."""
        return await self.form("/exam", self.identity(**changed))

    async def wait_at_door(self) -> None:
        """Check in and type the access code."""
        came = await self.arrive()
        assert came.headers.get("Location") == f"/exam/{self.id}", came.data
        coded = await self.form(f"/exam/{self.id}/code", {"code": self.day.session.code})
        assert coded.status == 303, coded.data

    async def begin(self) -> None:
        """Begin and take the passage."""
        assert (await self.client.post(f"{self.api}/start")).status == 200
        await self.take()

    async def take(self) -> dict[str, Any]:
        """Take the passage, as a page does when it opens."""
        held = await self.client.post(f"{self.api}/hold")
        assert held.status == 200, held.body
        self.epoch = held.body["epoch"]
        return await self.refresh()

    async def refresh(self) -> dict[str, Any]:
        """Ask where the passage stands."""
        found = await self.client.get(f"{self.api}/next?epoch={self.epoch}")
        assert found.status == 200, found.body
        self.state = found.body
        return self.state

    async def answer(self, answer: object = "rien", **changed: object) -> Reply:
        """Answer the waiting question; `changed` replaces fields of the request."""
        body = {
            "number": self.state["number"],
            "key": secrets.token_hex(8),
            "epoch": self.epoch,
            "serial": self.state["serial"],
            "answer": answer,
        }
        reply = await self.client.post(f"{self.api}/answers", {**body, **changed})
        if reply.status == 200:
            self.state = reply.body["state"]
        return reply

    async def beat(self, cut_s: int = 0) -> Reply:
        """Say that the page is there."""
        return await self.client.post(f"{self.api}/beat", {"epoch": self.epoch, "cut_ms": cut_s * 1000})

    async def report(self) -> Reply:
        """Report the waiting question."""
        return await self.client.post(
            f"{self.api}/report", {"number": self.state["number"], "epoch": self.epoch}
        )

    async def take_back(self) -> Reply:
        """Take one's own report back."""
        return await self.client.post(
            f"{self.api}/report/withdraw", {"number": self.state["number"], "epoch": self.epoch}
        )

    @property
    def left(self) -> int:
        """Seconds left, as the page was told last."""
        return int(self.state["clock"]["left"])


def page_again(day: Day, old: CandidatePage) -> CandidatePage:
    """Return the same browser, with its cookies, before a server that was started again."""
    page = CandidatePage(day, old.name, day.site.client(None))
    for cookie in old.client.session.cookie_jar:
        page.client.session.cookie_jar.update_cookies({cookie.key: cookie.value})
    page.epoch, page.state = old.epoch, old.state
    return page


async def led_again(day: Day, name: str) -> PassageReplay:
    """Return a candidate's chain led again by the rules, once the whole log was found sound."""
    kiosk, identity = day.site.kiosk, day.site.kiosk.identity
    verdict = await kiosk.db.read(lambda conn: check_log(conn, identity.signer.public, identity.site))
    assert verdict.verdict == "verified", verdict
    lines = await kiosk.db.read(lambda conn: kiosk.log.events(conn, day.ids[name]))
    room = kiosk.rooms.get(day.session.id)
    events = [msgspec.json.decode(line, type=StoredEvent).body for line in lines]
    return replay(room.engine, SCALE, room.paper, events)


@asynccontextmanager
async def exam_day(
    home: Path,
    *,
    clock: FrozenClock | None = None,
    plan: Plan = PLAN,
    opened: bool = True,
    made: Built | None = None,
    **settings: Any,  # noqa: ANN401 - settings of several types
) -> AsyncIterator[Day]:
    """Open a server and, the first time on this folder, plan and open a session."""
    async with open_site(home, bank=open_part(certification_bank()), clock=clock, **settings) as site:
        kiosk = site.kiosk
        day = await _known(site)
        if day is None:
            kiosk.rooms.shelf.add((made or bundle()).data, authority().public)
            chief = site.diaz.person
            assert chief is not None
            session = await planning.create(kiosk, chief, plan)
            day = Day(site, session)
            rows = await candidates.enrol(kiosk, chief, session.id, list(ENROLLED.values()))
            day.ids = dict(zip(ENROLLED, (row.id for row in rows), strict=True))
            if opened:
                day.session = await opening.open_session(kiosk, day.principal, session.id, CODE)
        yield day


async def _known(site: Site) -> Day | None:
    """Return the day this folder already holds: the server was started again."""
    chief = site.diaz.person
    assert chief is not None
    found = await planning.listed(site.kiosk, chief)
    if not found:
        return None
    day = Day(site, found[0])
    rows = await site.kiosk.db.read(lambda conn: candidate_store.of_session(conn, found[0].id))
    by_name = {row.last_name: row.id for row in rows}
    day.ids = {name: by_name[one.last_name] for name, one in ENROLLED.items()}
    return day
