"""One machine sends all it can, of everything a browser may send: disk and logs hold, and its neighbour notices nothing."""

from __future__ import annotations

import asyncio
import io
import logging
import random
import secrets
import time
from typing import TYPE_CHECKING

import pytest
import structlog
from aiohttp import ClientError
from aiohttp.http_exceptions import BadStatusLine
from exam_site import exam_day
from filed_bundle import filed
from session_room import HEADERS, Candidate, Person, Room, passages_of, planned_room

from kiosk.actions import candidate_files
from kiosk.log_quota import LINES, MINUTE_S, OfLibraries, OfOurs, Quota

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEBI = 1024 * 1024
A_MINUTE = 10 * MEBI
LARGE = "x" * 60_000
GROWTH = 4 * MEBI
"""What the home may grow by: two passages, and the machines and tries that are counted."""
LOG_GROWTH = 64 * 1024
MALFORMED = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a header without its colon" * 150 + b"\r\n\r\n"


def size_of(folder: Path) -> int:
    """Return the bytes of everything in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Flood:
    """A machine in the room that sends requests of every kind, and counts bytes and replies."""

    def __init__(self, room: Room, one: Candidate) -> None:
        self.room, self.one = room, one
        self.sent = 0
        self.statuses: dict[int, int] = {}

    async def go_on(self, target: int) -> None:
        """Send until so many bytes are sent."""
        lanes = [self._lane(random.Random(place), target) for place in range(4)]
        await asyncio.gather(*lanes, self._not_http(target))

    async def _lane(self, chance: random.Random, target: int) -> None:
        while self.sent < target:
            method, path, body = chance.choice(self._requests())
            self.sent += len(body) + 300
            await self._send(method, path, body)

    def _requests(self) -> list[tuple[str, str, bytes]]:
        key, api, large = secrets.token_hex(8), self.one.api, LARGE.encode()
        about = f'{{"number":1,"epoch":{self.one.epoch},"wanted":true,"cut_ms":9000000,"key":"{key}"'
        return [
            ("POST", f"{api}/answers", f'{about},"answer":"{LARGE}"}}'.encode()),
            ("POST", f"{api}/answers", large),
            ("POST", f"{api}/answers", large * 2),
            ("POST", f"{api}/beat", f'{about},"more":"{LARGE}"}}'.encode()),
            ("POST", f"{api}/window", f'{about},"more":"{LARGE}"}}'.encode()),
            ("POST", f"{api}/call", f'{about},"more":"{LARGE}"}}'.encode()),
            ("POST", f"{api}/hold", b"{}"),
            ("POST", f"{api}/leftovers", f'{about},"answer":"{LARGE[:3900]}"}}'.encode()),
            ("POST", f"{api}/questions/1/hand-back?name=a.txt", large * 4),
            ("POST", "/api/v1/login", f'{{"username":"{key}","password":"{LARGE[:200]}"}}'.encode()),
            ("GET", f"/{key}?{LARGE[:4000]}", b""),
            ("GET", f"/exam?{LARGE[:4000]}", b""),
            ("PUT", f"/exam/{key}", large),
        ]

    async def _send(self, method: str, path: str, body: bytes) -> None:
        headers = {**HEADERS, "Content-Type": "application/json"}
        try:
            async with self.one.http.request(
                method, self.room.url + path, data=io.BytesIO(body), headers=headers, allow_redirects=False
            ) as reply:
                self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
        except ClientError:
            self.statuses[0] = self.statuses.get(0, 0) + 1

    async def _not_http(self, target: int) -> None:
        host, _, port = self.room.url.removeprefix("http://").partition(":")
        while self.sent < target:
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(MALFORMED)
            self.sent += len(MALFORMED)
            await reader.read()
            writer.close()


async def lead(room: Room, minutes: int) -> tuple[Flood, Candidate]:
    """Let one candidate answer everything while the other floods."""
    flooder, victim = (Candidate(room, one["last_name"], one["id"]) for one in room.listed())
    chief = Person(room)
    try:
        await chief.log_in()
        await asyncio.gather(flooder.arrive(), victim.arrive())
        await chief.act("admit", [flooder.id, victim.id])
        await flooder.begin()
        flood = Flood(room, flooder)
        pace = (0.1 * minutes, 0.2 * minutes)
        await asyncio.gather(flood.go_on(minutes * A_MINUTE), victim.sit(random.Random(1), pace))
        return flood, victim
    finally:
        for one in (flooder, victim, chief):
            await one.http.close()
        room.server.stop()


@pytest.mark.journey
async def test_ten_megabytes_a_minute_from_one_machine_fill_neither_disk_nor_log(
    tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    minutes = 10 if request.config.getoption("--faults") else 1
    room = await asyncio.to_thread(planned_room, tmp_path, 2)
    room.server.start()
    home, log = size_of(room.home), room.server.log.stat().st_size
    began = time.monotonic()
    flood, victim = await lead(room, minutes)
    took = time.monotonic() - began
    grown, written = size_of(room.home) - home, room.server.log.stat().st_size - log
    assert grown < GROWTH * minutes
    assert written < LOG_GROWTH * minutes
    assert victim.refused == 0
    kept = await passages_of(room, [victim.id])
    assert kept[victim.id].found.identical
    assert kept[victim.id].answers == [(number, key) for _, number, key in room.acknowledged]
    assert len(room.acknowledged) == 32
    record_property(
        "figure",
        f"{flood.sent // MEBI} MiB sent by one machine in {took:.0f} s ({sum(flood.statuses.values())} requests): the home grew by "
        f"{grown // 1024} KiB, the log by {written // 1024} KiB; its neighbour answered 32 of 32, refused 0 times",
    )


async def test_files_handed_back_beyond_the_quota_leave_nothing_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidate_files, "BYTES_A_SITTING", 200_000)
    async with exam_day(tmp_path, made=filed()) as day:
        ines, tom = await day.begun("ines", "tom")
        replies = [
            await ines.client.ask(
                "POST", f"{ines.api}/questions/1/hand-back?name=a.txt", data=b"%d" % place + b" " * 60_000
            )
            for place in range(12)
        ]
        assert [reply.status for reply in replies] == [200] * 3 + [503] * 9
        assert {reply.code for reply in replies[3:]} == {"upload.too_many"}
        assert size_of(tmp_path / "uploads") < 200_000
        again = f"{ines.api}/questions/1/hand-back?name=a.txt"
        assert (await ines.client.ask("POST", again, data=b"0" + b" " * 60_000)).status == 200, "kept already"
        other = f"{tom.api}/questions/1/hand-back?name=a.txt"
        assert (await tom.client.ask("POST", other, data=b"preau")).status == 200


def test_a_line_that_is_said_again_and_again_is_written_sixty_times_a_minute_then_counted() -> None:
    now = [0.0]
    quota = Quota(lambda: now[0])
    ours, libraries = OfOurs(quota), OfLibraries(quota)
    written = 0
    for _ in range(500):
        try:
            ours(None, "error", {"event": "not saved"})
            written += 1
        except structlog.DropEvent:
            pass
    assert written == LINES
    assert ours(None, "info", {"event": "something else"}) == {"event": "something else"}
    now[0] = MINUTE_S
    assert ours(None, "error", {"event": "not saved"}) == {"event": "not saved", "left_out": 500 - LINES}

    def record() -> logging.LogRecord:
        problem = BadStatusLine("x")
        trace = (BadStatusLine, problem, None)
        return logging.LogRecord("aiohttp.server", logging.ERROR, "", 0, "Error handling request", (), trace)

    kept = [one for one in (record() for _ in range(500)) if libraries.filter(one)]
    assert len(kept) == LINES
    assert all(one.exc_info is None for one in kept), "what a stranger sent needs no trace"
