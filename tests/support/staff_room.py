"""A school as its staff see it: a principal, two teachers, pupils at every stage of a campaign, on a real server."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import ClientSession, CookieJar
from page_site import PASSWORD, Site, running_site

from exam.grading import solve
from kiosk.actions import campaigns, participations, sittings
from kiosk.actions.accounts import sign_in
from kiosk.actions.campaigns import NewCampaign
from kiosk.logins import LOOPBACK_COOKIE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.campaigns import Campaign

COURSE = "rentree-5e"
LONGEST = 200


def username_of(person: Person) -> str:
    """Return the username of somebody who has one."""
    assert person.username is not None
    return person.username


@dataclass
class Room:
    """The server and its cast; `campaign` is the teacher's."""

    site: Site
    principal: Person
    teacher: Person
    colleague: Person
    ines: Person
    noe: Person
    rose: Person
    campaign: Campaign
    _secrets: dict[str, str] = field(default_factory=dict)

    @property
    def kiosk(self) -> Kiosk:
        """The running kiosk."""
        assert self.site.kiosk is not None
        return self.site.kiosk

    def secret(self, person: Person) -> str:
        """Return the secret of a login of this person, as the cookie carries it."""
        if person.id not in self._secrets:
            _, secret = self.site.run(sign_in(self.kiosk, username_of(person), PASSWORD, "127.0.0.1"))
            self._secrets[person.id] = secret
        return self._secrets[person.id]

    def client(self, person: Person | None) -> ClientSession:
        """Return an HTTP client signed in as this person, or as nobody; the caller closes it."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        if person is not None:
            headers["Cookie"] = f"{LOOPBACK_COOKIE}={self.secret(person)}"
        return ClientSession(self.site.url, headers=headers, cookie_jar=CookieJar(unsafe=True))

    def new_campaign(self, owner: Person, name: str) -> Campaign:
        """Make another campaign."""
        return self.site.run(campaigns.create(self.kiosk, owner, NewCampaign(name, COURSE)))

    def take(
        self, pupil: Person, most: int = LONGEST, *, right: bool = True, campaign: Campaign | None = None
    ) -> str:
        """Join and answer up to `most` questions, rightly or by passing; return the participation."""
        code = (campaign or self.campaign).code
        return self.site.run(_take(self.kiosk, pupil, code, most, right=right))

    def share(self, pupil: Person, participation: str) -> None:
        """Send the results."""
        self.site.run(participations.share(self.kiosk, pupil, participation))


async def _take(kiosk: Kiosk, pupil: Person, code: str, most: int, *, right: bool) -> str:
    pid = (await participations.join(kiosk, pupil, code)).participation.id
    epoch = await sittings.hold(kiosk, pupil, pid, "login")
    for _ in range(most):
        where = await sittings.next_question(kiosk, pupil, pid, epoch, after_checkpoint=True)
        if where.asked is None:
            break
        asked = where.asked
        returned = where.bank.items[asked.item].kind == "hand_back"
        answer = solve(where.bank, asked.item, where.seed, asked.lang) if right and not returned else None
        given = sittings.Given(asked.number, f"key-{asked.number}", epoch, answer)
        await sittings.record_answer(kiosk, pupil, pid, given)
    return pid


@contextmanager
def staff_room(home: Path) -> Iterator[Room]:
    """Give a running school: Inès has shared, Noé has finished, Rose has answered three questions."""
    with running_site(home) as site:
        teacher = site.person("claire.lemaire", "teacher", "Claire", "Lemaire")
        assert site.kiosk is not None
        new = NewCampaign("5e B rentrée", COURSE, "", "**Bonjour** à tous.")
        room = Room(
            site=site,
            principal=site.person("marc.delaunay", "principal", "Marc", "Delaunay"),
            teacher=teacher,
            colleague=site.person("karim.saidi", "teacher", "Karim", "Saïdi"),
            ines=site.person("ines.benali", "pupil", "Inès", "Benali"),
            noe=site.person("noe.bakary", "pupil", "Noé", "Bakary"),
            rose=site.person("rose.clement", "pupil", "Rose", "Clément"),
            campaign=site.run(campaigns.create(site.kiosk, teacher, new)),
        )
        room.share(room.ines, room.take(room.ines))
        room.take(room.noe, right=False)
        room.take(room.rose, 3)
        yield room
