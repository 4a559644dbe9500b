"""The floor: the least a server can do to acknowledge a durable answer.

Bare aiohttp, one table, one insert, commits shared by whoever waits, `synchronous=FULL`. Run as
`python -m kiosk.bench.floor DATABASE PORT`; the bench drives it with the same client, the same request and reply sizes.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

from aiohttp.web import Application, Request, Response, run_app

REPLY = b'{"saved":' + b"1" * 1400 + b"}"


class Floor:
    """One connection, one thread, one commit for all that wait."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._busy = False
        self._connection: sqlite3.Connection | None = None

    def _commit(self, rows: list[bytes]) -> None:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, body BLOB) STRICT")
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(INSERT, [(row,) for row in rows])
        self._connection.execute("COMMIT")

    async def save(self, body: bytes) -> None:
        """Return once `body` is on disk."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((body, done))
        if not self._busy:
            self._busy = True
            try:
                while self._waiting:
                    batch, self._waiting = self._waiting, []
                    await loop.run_in_executor(self._thread, self._commit, [row for row, _ in batch])
                    for _, future in batch:
                        future.set_result(None)
            finally:
                self._busy = False
        await done


INSERT = "INSERT INTO answer (body) VALUES (?)"


def build(path: str) -> Application:
    """Return the application of the floor."""
    floor = Floor(path)

    async def answer(request: Request) -> Response:
        await floor.save(await request.read())
        return Response(body=REPLY, content_type="application/json")

    app = Application()
    app.router.add_post("/answers", answer)
    return app


if __name__ == "__main__":
    run_app(
        build(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), print=lambda *_: None, access_log=None
    )
