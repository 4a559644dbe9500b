"""What a school's server signs about itself, without anything to share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from kiosk_site import FrozenClock, Site, open_site

from kiosk.health import report

if TYPE_CHECKING:
    from pathlib import Path


async def kinds(site: Site) -> list[str]:
    rows = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT type FROM log_records ORDER BY seq").fetchall()
    )
    return [row[0] for row in rows]


async def test_the_first_start_signs_that_the_school_opened_and_how_it_is(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        assert await kinds(site) == ["site.opened", "health.report"]


async def test_many_restarts_do_not_make_many_reports(tmp_path: Path) -> None:
    clock = FrozenClock()
    for _ in range(3):
        async with open_site(tmp_path, clock=clock) as site:
            assert await kinds(site) == ["site.opened", "health.report"]
    clock.pass_s(700)
    async with open_site(tmp_path, clock=clock) as site:
        assert await kinds(site) == ["site.opened", "health.report", "health.report"]


async def test_a_report_holds_figures_and_no_name(site: Site) -> None:
    await site.joined()
    site.clock.pass_s(700)
    assert await report(site.kiosk)
    data = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT bytes FROM log_records ORDER BY seq DESC LIMIT 1").fetchone()[0]
    )
    body = msgspec.json.decode(data)["body"]
    assert (body["pupils"], body["participations"], body["shared"]) == (2, 1, 0)
    assert all(isinstance(value, int) or name == "version" for name, value in body.items())
