"""Places: one learner is one place while one of their campaigns is open; nothing is refused, staff are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kiosk_site import OTHER, START_MS
from team_room import page, send

from kiosk.places import Places
from kiosk.store import places as store
from kiosk.store.places import Lot

if TYPE_CHECKING:
    from kiosk_site import Site

PAGE = "/staff/places"
JOIN = "/api/v1/participations"
DAY_MS = 86_400_000


async def counted(site: Site, organisation: str = "school", at_ms: int = START_MS) -> tuple[int | None, int]:
    found = await site.kiosk.db.read(lambda conn: store.counted(conn, organisation, at_ms))
    return found.total, found.occupied


async def give(site: Site, count: int, from_ms: int = 0, until_ms: int | None = None) -> None:
    lot = Lot(0, "school", count, from_ms, until_ms, "Lot")
    await site.kiosk.db.write(lambda tx: store.add(tx, lot))
    site.kiosk.places.forget("school")


def day(after: int) -> str:
    return (datetime.fromtimestamp(START_MS / 1000, UTC) + timedelta(days=after)).date().isoformat()


@given(st.integers(0, 500), st.integers(0, 500))
def test_what_is_available_is_never_below_nothing(total: int, occupied: int) -> None:
    places = Places(total, occupied)
    assert places.available == max(0, total - occupied)
    assert (places.state == "exceeded") == (occupied > total)


@pytest.mark.parametrize(
    ("total", "occupied", "state"),
    [
        (None, 900, "unlimited"),
        (100, 90, "fine"),
        (100, 91, "low"),
        (100, 100, "low"),
        (100, 101, "exceeded"),
        (0, 0, "fine"),
        (0, 1, "exceeded"),
    ],
)
def test_staff_are_warned_under_a_tenth_and_beyond_the_last(
    total: int | None, occupied: int, state: str
) -> None:
    assert Places(total, occupied).state == state


async def test_a_learner_takes_one_place_however_many_campaigns(site: Site) -> None:
    for _ in range(2):
        campaign = await site.campaign()
        await site.lea.post(JOIN, {"code": campaign["code"]})
    assert await counted(site) == (None, 1)


async def test_an_archived_campaign_frees_the_places_it_alone_took(site: Site) -> None:
    campaign = await site.campaign()
    for pupil in (site.lea, site.tom):
        await pupil.post(JOIN, {"code": campaign["code"]})
    other = await site.campaign()
    await site.tom.post(JOIN, {"code": other["code"]})
    await site.roy.post(f"/api/v1/campaigns/{campaign['id']}/archive")
    assert await counted(site) == (None, 1)


async def test_a_trial_by_the_staff_takes_no_place(site: Site) -> None:
    campaign = await site.campaign()
    await site.ines.post(JOIN, {"code": campaign["code"]})
    assert await counted(site) == (None, 0)


async def test_only_the_lots_of_today_add_up(site: Site) -> None:
    await give(site, 100, START_MS - DAY_MS, START_MS + DAY_MS)
    await give(site, 50, START_MS, None)
    await give(site, 7, START_MS - 2 * DAY_MS, START_MS)
    await give(site, 3, START_MS + 1)
    assert (await counted(site))[0] == 150


async def test_an_organisation_counts_its_own(site: Site) -> None:
    await give(site, 10)
    await site.joined()
    assert await counted(site, OTHER) == (None, 0)


async def test_no_counter_is_shown_when_no_place_was_ever_counted_out(site: Site) -> None:
    assert "prises sur" not in await page(site.roy, "/staff")


async def test_every_staff_page_counts_the_places_and_warns_when_they_are_exceeded(site: Site) -> None:
    await give(site, 1)
    await site.joined()
    assert "1 place prise sur 1" in await page(site.roy, "/staff")
    await site.joined(site.tom)
    site.kiosk.places.forget("school")
    html = await page(site.roy, "/staff/team")
    assert "2 places prises sur 1" in html
    assert "Les places sont dépassées" in html
    assert "dépassées" not in await page(site.other_principal, "/staff")


async def test_an_administrator_adds_a_lot_and_takes_it_back(site: Site) -> None:
    form = {"count": "30", "from": day(0), "until": day(10), "label": "Académie"}
    assert (await send(site.diaz, PAGE, **form)).status == 303
    html = await page(site.roy, PAGE)
    assert "Académie" in html
    (lot,) = await site.kiosk.db.read(lambda conn: store.of_organisation(conn, "school"))
    assert lot.until_ms is not None
    assert lot.until_ms - lot.from_ms == 11 * DAY_MS  # the last day counts
    assert (await send(site.diaz, f"{PAGE}/{lot.id}/remove")).status == 303
    assert await counted(site) == (None, 0)


@pytest.mark.parametrize(
    "changed",
    [{"count": "0"}, {"count": "dix"}, {"from": "hier"}, {"until": day(-3)}, {"label": "x" * 101}],
)
async def test_a_wrong_lot_is_refused(site: Site, changed: dict[str, str]) -> None:
    form = {"count": "30", "from": day(0), "until": "", "label": "", **changed}
    assert (await send(site.diaz, PAGE, **form)).status == 422
    assert (await counted(site))[0] is None


@pytest.mark.parametrize("who", ["lea", "tom", "roy", "ines", "stranger"])
async def test_nobody_else_gives_or_takes_places(site: Site, who: str) -> None:
    await give(site, 5)
    (lot,) = await site.kiosk.db.read(lambda conn: store.of_organisation(conn, "school"))
    client = getattr(site, who)
    assert (await send(client, PAGE, count="9", **{"from": day(0)})).status in {401, 403}
    assert (await send(client, f"{PAGE}/{lot.id}/remove")).status in {401, 403}
    assert (await counted(site))[0] == 5


async def test_another_organisations_lots_do_not_exist(site: Site) -> None:
    await give(site, 5)
    (lot,) = await site.kiosk.db.read(lambda conn: store.of_organisation(conn, "school"))
    assert (await send(site.other_principal, f"{PAGE}/{lot.id}/remove")).status == 404
    assert (await counted(site))[0] == 5
