"""A mail server for tests: real SMTP over a real socket, on a thread of its own, which keeps what it is given.

`with mail_server() as post` gives `post.port`, `post.letters` (who and what), `post.await_letter()`; `post.verdict` set
to another answer than `250 kept` refuses what comes; `AUTH PLAIN` and `AUTH LOGIN` accept one account.
"""

from __future__ import annotations

import asyncio
import base64
import email
import queue
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.policy import default
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from email.message import EmailMessage

ACCOUNT, SECRET = "preau", "Tampon-encreur-4"


@dataclass
class Letter:
    """One mail as it arrived."""

    sender: str
    to: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.message.get_content())


@dataclass
class Post:
    """The running server."""

    port: int = 0
    verdict: str = "250 kept"
    account: bool = False
    letters: list[Letter] = field(default_factory=list)
    arrived: queue.Queue[Letter] = field(default_factory=queue.Queue)
    tries: int = 0

    def await_letter(self) -> Letter:
        """Return the next letter, waiting for it."""
        return self.arrived.get(timeout=30)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak SMTP with one client."""
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to: list[str] = []
        sender, known = "", not self.account
        _say(writer, "220 post of the tests")
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    _say(writer, "250-hello", "250-AUTH PLAIN", "250 SIZE 1000000")
                case "AUTH":
                    wanted = base64.b64encode(f"\0{ACCOUNT}\0{SECRET}".encode()).decode()
                    known = rest == f"PLAIN {wanted}"
                    _say(writer, "235 welcome" if known else "535 who are you")
                case "MAIL" if not known:
                    _say(writer, "530 sign in first")
                case "MAIL":
                    sender, to, self.tries = rest[6:-1].split(">")[0], [], self.tries + 1
                    _say(writer, "250 go on")
                case "RCPT" if self.verdict.startswith("250"):
                    to.append(rest[4:-1])
                    _say(writer, "250 go on")
                case "RCPT":
                    _say(writer, self.verdict)
                case "DATA":
                    _say(writer, "354 write")
                    self._keep(sender, to, await reader.readuntil(b"\r\n.\r\n"))
                    _say(writer, self.verdict)
                case "QUIT":
                    _say(writer, "221 bye")
                    return
                case _:
                    _say(writer, "250 as you like")

    def _keep(self, sender: str, to: list[str], data: bytes) -> None:
        body = data[:-3].replace(b"\r\n..", b"\r\n.")
        letter = Letter(sender, to, email.message_from_bytes(body, policy=default))
        self.letters.append(letter)
        self.arrived.put(letter)


def _say(writer: asyncio.StreamWriter, *lines: str) -> None:
    writer.write("".join(line + "\r\n" for line in lines).encode())


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, *, account: bool = False) -> Iterator[Post]:
    """Give a running mail server, stopped at the end; with `tls`, private from the first byte."""
    post, ready, stop = Post(account=account), threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        server = await asyncio.start_server(post.serve, "127.0.0.1", 0, ssl=tls)
        post.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(30)
    try:
        yield post
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join(30)
