"""A small keep-alive HTTP client over asyncio's protocols, so that the load costs less than the server it measures.

One connection carries one request at a time, as a browser's candidate does. It understands exactly what our servers
reply: a status line, a Content-Length, a body.
"""

from __future__ import annotations

import asyncio

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


class WireError(Exception):
    """The connection closed before the reply was whole."""


class Wire(asyncio.Protocol):
    """One connection: `await request(bytes)` gives (status, body)."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._buffer = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that no reply will come."""
        self._transport = None
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(WireError(str(exc or "closed")))

    def data_received(self, data: bytes) -> None:
        """Resolve the waiting request once head and body are whole."""
        self._buffer = self._buffer + data if self._buffer else data
        head_end = self._buffer.find(END_OF_HEAD)
        if head_end < 0:
            return
        head = self._buffer[:head_end].lower()
        start = head.find(LENGTH)
        length = int(head[start + len(LENGTH) :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        whole = head_end + len(END_OF_HEAD) + length
        if len(self._buffer) < whole:
            return
        body = self._buffer[head_end + len(END_OF_HEAD) : whole]
        self._buffer = self._buffer[whole:]
        if self._waiting and not self._waiting.done():
            self._waiting.set_result((int(head[9:12]), body))

    def request(self, message: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """Send one whole request; the future gives (status, body) or raises WireError."""
        self._waiting = self._loop.create_future()
        if self._transport is None:
            self._waiting.set_exception(WireError("not connected"))
        else:
            self._transport.write(message)
        return self._waiting

    def close(self) -> None:
        """Close the connection."""
        if self._transport:
            self._transport.close()


async def connect(host: str, port: int) -> Wire:
    """Return an open connection."""
    _, wire = await asyncio.get_running_loop().create_connection(Wire, host, port)
    return wire


def message(method: str, path: str, body: bytes = b"", cookie: str = "") -> bytes:
    """Return the bytes of a request as a browser on the same origin would send it."""
    cookie_line = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie_line}Sec-Fetch-Site: same-origin\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
