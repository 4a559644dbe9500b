"""A network switch between browsers and a server: real sockets, cut or stalled when a test says so, and back on the same port.

`down` resets every connection and refuses new ones, as a cable pulled near the server; `stall` keeps them and lets no byte
through until it is `up` again, as a switch without power between two machines that both stay on.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHUNK = 65_536


class Switch:
    """Passes bytes both ways while it is up."""

    def __init__(self, far_port: int) -> None:
        self._far = far_port
        self._near = 0
        self._server: asyncio.Server | None = None
        self._passing = asyncio.Event()
        self._lines: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where browsers find the server."""
        return f"http://127.0.0.1:{self._near}"

    async def up(self) -> None:
        """Let everything through, on the same port as before."""
        self._passing.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._near)
            self._near = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Cut every socket and refuse new ones."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for line in list(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)
        if server is not None:
            await server.wait_closed()

    def stall(self) -> None:
        """Keep every socket, and let nothing through."""
        self._passing.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.create_task(self._join(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
            ends.append(far_writer)
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._pump(reader, far_writer))
                ways.create_task(self._pump(far_reader, writer))
        except* OSError:
            pass  # one end went away: the other is told below
        finally:
            for end in ends:
                end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(CHUNK):
            await self._passing.wait()
            sink.write(data)
            await sink.drain()
        raise ConnectionResetError  # ends the other way too


@asynccontextmanager
async def switch(far_port: int) -> AsyncIterator[Switch]:
    """Return a switch that is up, in front of a port of this machine."""
    made = Switch(far_port)
    await made.up()
    try:
        yield made
    finally:
        await made.down()
