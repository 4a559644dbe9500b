"""A small real central instance over HTTP: stores once, signs receipts, and can be made to misbehave."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from aiohttp.test_utils import TestServer
from aiohttp.web import Application, Request, Response, StreamResponse, post

from sync import frames
from sync.canonical import canonical
from sync.receipts import Receipt
from sync.records import Record
from sync.transport import RECEIPTS_TYPE
from sync.zstd import decompress

if TYPE_CHECKING:
    import ssl

    from sync.keys import Signer

_MAGIC = b"\x28\xb5\x2f\xfd"
Handler = Callable[[Request], Awaitable[StreamResponse]]


@dataclass
class Central:
    """What it stored, and how it behaves: set `misbehave` to a handler to answer something else."""

    signer: Signer
    stored: dict[str, bytes] = field(default_factory=dict)
    receipts: dict[str, bytes] = field(default_factory=dict)
    uploads: int = 0
    misbehave: Handler | None = None
    url: str = ""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def holds(self, count: int) -> None:
        """Wait until `count` records are stored."""
        async with asyncio.timeout(20):
            while len(self.stored) < count:
                self.arrived.clear()
                await self.arrived.wait()

    async def records(self, request: Request) -> StreamResponse:
        """Take an upload."""
        self.uploads += 1
        body = await request.read()
        if self.misbehave is not None:
            return await self.misbehave(request)
        return self.answer(body)

    def answer(self, body: bytes) -> Response:
        """Store what is new and return a receipt a record."""
        plain = decompress(body) if body.startswith(_MAGIC) else body
        lines = [self.receipt(line) for line in frames.split_lines(plain)]
        return Response(body=b"".join(lines), content_type=RECEIPTS_TYPE)

    def receipt(self, line: bytes) -> bytes:
        """Return the receipt of one record, the same for the same bytes."""
        data = frames.parse(line).body
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self.receipts:
            record = msgspec.json.decode(data, type=Record)
            receipt = Receipt(
                len(self.stored), digest, self.signer.key_id, record.seq, record.site, "stored", "receipt"
            )
            self.stored[digest] = line
            self.arrived.set()
            self.receipts[digest] = frames.frame(self.signer, frames.RECEIPT, canonical(receipt))
        return self.receipts[digest]


@asynccontextmanager
async def serve(
    signer: Signer, extra: dict[str, Handler] | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Central]:
    """Serve a central instance on a free port of this machine, over HTTPS when `tls` is given."""
    central = Central(signer)
    app = Application(client_max_size=16 * 2**20)
    app.add_routes([post("/api/v1/records", central.records)])
    app.add_routes([post(path, handler) for path, handler in (extra or {}).items()])
    server = TestServer(app, scheme="https" if tls else "http")
    await server.start_server(ssl=tls)
    central.url = str(server.make_url("")).rstrip("/")
    try:
        yield central
    finally:
        await server.close()


class CutProxy:
    """Passes bytes between the daemon and a server, and cuts both ways after a number of them."""

    def __init__(self, port: int, cut_after: int) -> None:
        self._port = port
        self._left = cut_after
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> str:
        """Listen, and return the address to use."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        ways = [
            asyncio.create_task(self._pump(reader, far_writer)),
            asyncio.create_task(self._pump(far_reader, writer)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (writer, far_writer):
            end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while self._left > 0 and (data := await source.read(min(self._left, 4096))):
            self._left -= len(data)
            sink.write(data)
            await sink.drain()
