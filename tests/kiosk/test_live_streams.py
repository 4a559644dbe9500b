"""Live pages: a snapshot, then what changes; a pupil's old page learns at once that it is fenced."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any, Self

import pytest
from kiosk_site import Pupil, Site, open_site
from team_room import send

from kiosk.errors import Full
from kiosk.live import A_PERSON, QUEUE, Hub
from sync.connections import connect_writer
from sync.migrate import migrate
from sync.outbox import OUTBOX_MIGRATIONS

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Client


class Stream:
    """An open stream of events."""

    def __init__(self, client: Client, path: str) -> None:
        self._asked = client.session.get(client.base + path)

    async def __aenter__(self) -> Self:
        """Open it."""
        self.response = await self._asked.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave it."""
        self.response.close()

    async def event(self) -> tuple[str, Any]:
        """Return the next event that is not a comment."""
        while True:
            block = (await asyncio.wait_for(self.response.content.readuntil(b"\n\n"), 30)).decode()
            lines = dict(
                line.split(": ", 1) for line in block.strip().split("\n") if not line.startswith(":")
            )
            if "event" in lines:
                return lines["event"], json.loads(lines["data"])


async def test_a_teacher_sees_each_pupil_move(site: Site) -> None:
    campaign = await site.campaign()
    async with Stream(site.roy, f"/live/campaigns/{campaign['id']}") as stream:
        name, first = await stream.event()
        assert (name, first["participants"]) == ("snapshot", [])
        joined = await site.lea.post("/api/v1/participations", {"code": campaign["code"]})
        name, row = await stream.event()
        assert (name, row["first_name"], row["answered"]) == ("participation", "Léa", 0)
        pupil = await Pupil(site.lea, joined.body["participation"]["id"]).take()
        await pupil.answer("yes")
        assert (await stream.event())[1]["answered"] == 1


async def test_a_stream_ends_with_the_login_that_opened_it(site: Site) -> None:
    campaign = await site.campaign()
    async with Stream(site.roy, f"/live/campaigns/{campaign['id']}") as stream:
        await stream.event()
        await site.roy.post("/api/v1/logout")
        await site.lea.post("/api/v1/participations", {"code": campaign["code"]})
        assert await asyncio.wait_for(stream.response.content.read(), 30) == b""


async def test_a_stream_ends_for_a_teacher_taken_out_of_the_team(site: Site) -> None:
    campaign = await site.campaign()
    async with Stream(site.roy, f"/live/campaigns/{campaign['id']}") as stream:
        await stream.event()
        assert (await send(site.diaz, "/staff/team/members/id-roy/remove")).status == 303
        await site.lea.post("/api/v1/participations", {"code": campaign["code"]})
        assert await asyncio.wait_for(stream.response.content.readany(), 30) == b""


async def test_an_old_page_learns_at_once_that_it_is_fenced(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    async with Stream(site.lea, f"/live/participations/{pupil.id}") as stream:
        await Pupil(site.lea, pupil.id).take()
        assert await stream.event() == ("fenced", {"epoch": 2})


async def test_the_pupil_learns_that_the_central_instance_has_the_results(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    await pupil.finish()
    await site.lea.post(f"{pupil.at}/share", {"consent": True})
    with contextlib.closing(connect_writer(site.home / "sync.db")) as conn:
        migrate(conn, [OUTBOX_MIGRATIONS])
        number = site.kiosk.log.records
        conn.execute("INSERT INTO receipts VALUES ('h', ?, 'stored', 1, x'00')", (number,))
    async with Stream(site.lea, f"/live/participations/{pupil.id}") as stream:
        assert await stream.event() == ("uploaded", {"state": "stored"})


async def test_streams_are_for_those_who_may_read_them(site: Site) -> None:
    campaign = await site.campaign()
    pid = await site.joined()
    assert (await site.lea.get(f"/live/campaigns/{campaign['id']}")).status == 403
    assert (await site.stranger.get(f"/live/campaigns/{campaign['id']}")).status == 401
    assert (await site.roy.get("/live/campaigns/nope")).status == 404
    assert (await site.tom.get(f"/live/participations/{pid}")).status == 404
    assert (await site.roy.get(f"/live/participations/{pid}")).status == 404
    assert (await site.other_principal.get(f"/live/campaigns/{campaign['id']}")).status == 404


async def test_too_many_streams_are_refused(tmp_path: Path) -> None:
    async with open_site(tmp_path, listeners=1) as site:
        campaign = await site.campaign()
        path = f"/live/campaigns/{campaign['id']}"
        async with Stream(site.roy, path) as stream:
            await stream.event()
            assert (await site.ines.get(path)).code == "live.full"


async def test_a_slow_listener_is_dropped_and_news_of_one_pupil_replace_each_other() -> None:
    hub = Hub(2)
    with hub.listen("t", "roy") as listener:
        for n in range(5):
            hub.publish("t", "lea", b"%d" % n)
        assert await listener.take(1) == [b"4"]
        for n in range(QUEUE + 1):
            hub.publish("t", str(n), b"x")
        assert listener.dropped
    assert not hub.wanted("t")


def test_the_hub_counts_its_listeners() -> None:
    hub = Hub(1)
    with hub.listen("a", "roy"), pytest.raises(Full):
        hub.listen("b", "ines")
    assert hub.listeners == 0


def test_one_person_cannot_take_every_stream() -> None:
    hub = Hub(A_PERSON + 5)
    with contextlib.ExitStack() as open_streams:
        for _ in range(A_PERSON):
            open_streams.enter_context(hub.listen("a", "roy"))
        with pytest.raises(Full):
            hub.listen("a", "roy")
        open_streams.enter_context(hub.listen("a", "ines"))
