"""When the machine fails: nothing is acknowledged that is not on disk, and nothing acknowledged is lost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog
from kiosk_site import Client, Pupil, Site, open_site
from toy_bank import toy_bank

from exam.replay import replay
from kiosk.sittings import read_events

if TYPE_CHECKING:
    from pathlib import Path


async def limit_disk(site: Site, pages: int) -> None:
    """Let the database grow by that many pages and no more, as a disk that fills up does."""
    size = await site.kiosk.db.write(lambda tx: tx.execute("PRAGMA page_count").fetchone()[0])
    await site.kiosk.db.write(lambda tx: tx.execute(f"PRAGMA max_page_count = {size + pages}").fetchone())


async def test_a_full_disk_is_told_and_loses_nothing(site: Site) -> None:
    campaign = await site.campaign()
    pages = [
        await Pupil(client, await joined(client, campaign["code"])).take() for client in (site.lea, site.tom)
    ]
    await limit_disk(site, 0)
    refused = None
    with structlog.testing.capture_logs() as logs:
        for pupil in pages * 40:
            if pupil.state["state"] == "question" and (reply := await pupil.answer("yes")).status != 200:
                refused = (pupil, reply)
                break
    assert refused is not None
    stuck, reply = refused
    assert (reply.status, reply.code) == (503, "server.not_saved")
    assert logs[0]["event"] == "not saved"
    assert "Moreau" not in str(logs)
    assert await health(site) == (503, "degraded")
    assert await health(site) == (503, "degraded"), "asking writes nothing, so it proves nothing"
    await limit_disk(site, 10_000)
    for pupil in pages:
        await pupil.refresh()
        await pupil.finish()
        lines = await site.kiosk.db.read(partial(site.kiosk.log.events, sitting=pupil.id))
        assert replay(site.kiosk.banks.current, read_events(lines)).identical
    assert stuck.state["state"] == "finished"
    assert await health(site) == (200, "ok")


async def health(site: Site) -> tuple[int, str]:
    reply = await site.stranger.get("/health")
    return reply.status, str(reply.body["status"])


async def joined(client: Client, code: str) -> str:
    reply = await client.post("/api/v1/participations", {"code": code})
    return str(reply.body["participation"]["id"])


async def test_a_record_taken_from_the_end_of_the_log_is_told_at_the_next_start(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        last = site.kiosk.log.records
        await site.kiosk.db.write(lambda tx: tx.execute("DELETE FROM log_records WHERE seq = ?", (last,)))
    with structlog.testing.capture_logs() as logs:
        async with open_site(tmp_path):
            pass
    assert [(said["code"], said["record"]) for said in logs if "code" in said] == [("missing", last)]


async def test_what_nobody_foresaw_is_a_500_that_says_nothing_of_the_inside(tmp_path: Path) -> None:
    broken = toy_bank("mail 2.1: 1 2 3")
    async with open_site(tmp_path, bank=broken) as site:
        pupil = await Pupil(site.lea, await site.joined()).take()
        broken.items.clear()  # as a bug would: an item that is not there
        reply = await site.lea.get(f"{pupil.at}/next?epoch={pupil.epoch}")
        assert (reply.status, reply.code) == (500, "server.failed")
        assert "KeyError" not in str(reply.body)
