"""Sessions nobody has to look at are published at once, from a page that lists them; whatever changed since is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from exam_site import ENROLLED, PLAN, exam_day
from finalisation_kit import answer_right, over
from jury_kit import add_sealed_bank, enrol, hand_in
from sealed_kit import CODE

from kiosk.actions import candidates, finalisation, opening, planning
from kiosk.finalisation_rules import Finalisation
from sync.central.errors import Refused
from sync.central.publication import Ordered, facts_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central_room import Central
    from exam_site import Day


async def led(day: Day, comment: str = "") -> str:
    """Lead the day's session to its finalisation with one candidate; return its id."""
    (ines,) = await day.begun("ines")
    await answer_right(ines)
    await over(day)
    await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, Finalisation(comment=comment))
    return day.session.id


async def another(day: Day) -> None:
    """Plan and open the next session of the same school."""
    kiosk = day.site.kiosk
    session = await planning.create(kiosk, day.chief, PLAN)
    rows = await candidates.enrol(kiosk, day.chief, session.id, list(ENROLLED.values()))
    day.ids = dict(zip(ENROLLED, (row.id for row in rows), strict=True))
    day.session = await opening.open_session(kiosk, day.principal, session.id, CODE)


@pytest.fixture
async def sessions(tmp_path: Path, central: Central) -> AsyncIterator[tuple[str, list[str], Day]]:
    """Give a school with two sessions that nobody has to look at, and one with a comment; the officer is signed in."""
    async with exam_day(tmp_path / "school") as day:
        found = [await led(day)]
        await another(day)
        found.append(await led(day))
        await another(day)
        found.append(await led(day, "Bruit dans le couloir"))
        site = await enrol(central, day)
        await add_sealed_bank(central)
        central.clock.now = day.site.clock.now_ms()
        await hand_in(central, day)
        await central.sign_in()
        yield site, found, day


def offered(page: str) -> list[str]:
    return re.findall(r'name="session" value="([^"]+)" checked', page)


async def published(central: Central, site: str, session: str) -> bool:
    async with central.instance.database.read() as conn:
        return (await facts_of(conn, site, session)).standing.published_at is not None


async def test_what_is_ready_is_listed_confirmed_and_published_at_once(
    central: Central, sessions: tuple[str, list[str], Day]
) -> None:
    site, (first, second, noisy), _ = sessions
    assert "/sessions/publish" in await central.page("/sessions")
    page = await central.page("/sessions/publish")
    chosen = offered(page)
    assert {one.split()[1] for one in chosen} == {first, second}
    assert "1 autre session" in page
    assert not await published(central, site, first)
    done = await central.post_many("/sessions/publish", [("session", one) for one in chosen])
    assert (done.status, (await done.text()).count("Publiée")) == (200, 2)
    assert [await published(central, site, one) for one in (first, second, noisy)] == [True, True, False]
    again = await (await central.post_many("/sessions/publish", [("session", chosen[0])])).text()
    assert "plus rien ne s’y décide" in again.replace("'", "’")
    assert offered(await central.page("/sessions/publish")) == []


async def test_what_needs_a_look_changed_or_is_none_is_left_and_the_others_go_on(
    central: Central, sessions: tuple[str, list[str], Day]
) -> None:
    site, (first, second, noisy), _ = sessions
    chosen = {one.split()[1]: one for one in offered(await central.page("/sessions/publish"))}
    stale = f"{site} {first} 1"
    looked_at = f"{site} {noisy} {chosen[first].split()[2]}"
    reply = await central.post_many(
        "/sessions/publish",
        [("session", one) for one in (stale, looked_at, f"{site} inconnue 1", chosen[second])],
    )
    text = await reply.text()
    assert "finalisée à nouveau" in text
    assert text.count("Publiée") == 1
    assert [await published(central, site, one) for one in (first, second, noisy)] == [False, True, False]
    async with central.instance.database.read() as conn:
        final = (await facts_of(conn, site, noisy)).final
    assert final is not None
    with pytest.raises(Refused, match=r"publication\.needs_look"):
        await central.instance.publication.do(
            Ordered(site, noisy, "publish", "helene", unread=final.seq), central.clock()
        )
    for wrong in ([], [("session", "n'importe quoi")], [("session", chosen[first])] * 301):
        assert (await central.post_many("/sessions/publish", wrong)).status in {413, 422}
    assert not await published(central, site, first)


async def test_strangers_publish_nothing(central: Central, sessions: tuple[str, list[str], Day]) -> None:
    site, (first, *_), _ = sessions
    chosen = offered(await central.page("/sessions/publish"))
    foreign = await central.client.post(
        "/sessions/publish", data=[("session", chosen[0])], headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status == 403
    await central.post("/logout")
    assert (await central.post_many("/sessions/publish", [("session", chosen[0])])).status == 401
    assert not await published(central, site, first)
