"""Certification questions that carry a file, and those where a file comes back: read by this server, for its candidate alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from exam_site import exam_day
from filed_bundle import filed

from exam.certification.scale import SCALE
from exam.session.replay import replay
from kiosk.passages import StoredEvent

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_file_is_given_worked_on_handed_back_and_graded_from_what_this_server_found(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path, made=filed()) as day:
        ines, tom = await day.begun("ines", "tom")
        (document,) = ines.state["question"]["documents"]
        path = f"{ines.api}/questions/1/documents/{document['name']}"
        given = await ines.client.get(path)
        assert (given.status, "sans le mot" in given.data.decode()) == (200, True)
        assert (await tom.client.get(path)).status == 404
        assert (await ines.client.get(path.replace("/1/", "/2/"))).status == 404
        back = f"{ines.api}/questions/1/hand-back?name=notice.txt"
        received = await ines.client.ask("POST", back, data="Sous le préau.".encode())
        assert received.status == 200
        assert (await tom.client.ask("POST", back, data=b"x")).status == 404
        invented = await ines.answer({"upload": "0" * 64})
        assert invented.status == 409
        assert (await ines.answer(received.body)).status == 200
        kiosk = day.site.kiosk
        lines = await kiosk.db.read(lambda conn: kiosk.log.events(conn, ines.id))
        events = [msgspec.json.decode(line, type=StoredEvent).body for line in lines]
        room = kiosk.rooms.get(day.session.id)
        assert replay(room.engine, SCALE, room.paper, events).identical
        assert re.search(r'"outcome":"ok"', b"".join(lines).decode())


async def test_a_frozen_question_gives_no_file(tmp_path: Path) -> None:
    async with exam_day(tmp_path, made=filed()) as day:
        (ines,) = await day.begun("ines")
        name = ines.state["question"]["documents"][0]["name"]
        await ines.report()
        assert (await ines.client.get(f"{ines.api}/questions/1/documents/{name}")).status == 404
