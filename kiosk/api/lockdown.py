"""The line of a machine's extension, and what exam pages ask about lock-down.

The extension speaks to this server itself, never through a page: a page holds no key, so whatever it says proves nothing and is
only a reason to look. The line carries no cookie that matters; the machine's key does.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING, Annotated

import msgspec
from aiohttp import WSMsgType
from aiohttp.web import WebSocketResponse

from kiosk.actions import lockdown, room_machines, seb
from kiosk.api.reply import body_of, reply
from kiosk.errors import Conflict, Full, NotFound
from kiosk.exam_access import machine_of, pass_of, secret_of, set_cookie
from kiosk.guarding import GUARD
from kiosk.keys import KIOSK
from kiosk.lockdown.statement import Line, Unbelieved, code_of
from kiosk.store.sessions import Lockdown

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.actions.lockdown import Believed
    from kiosk.guarding import Guard
    from kiosk.keys import Kiosk

ASK_S = 4.0
MISSED_MAX = 3
REFUSED_MAX = 5
MESSAGES_MAX = 100
"""Statements of one line between two of our questions."""
LONGEST = 4096


class Ticket(msgspec.Struct, frozen=True):
    """A ticket the extension was given for its page."""

    ticket: Annotated[str, msgspec.Meta(min_length=32, max_length=32)]


class LabelReply(msgspec.Struct, frozen=True):
    """The label of this machine."""

    label: str


class Heard(msgspec.Struct, frozen=True):
    """Whether the page heard something that says it is a proven extension."""

    heard: bool


class VouchedReply(msgspec.Struct, frozen=True):
    """What the session asks, and whether it is there now."""

    mode: Lockdown
    vouched: bool
    waived: bool


class CheckReply(msgspec.Struct, frozen=True):
    """This machine as the server knows it: `proven` while its extension answers."""

    label: str
    prepared: bool
    proven: bool
    versions: dict[str, str]


class PathReply(msgspec.Struct, frozen=True):
    """A path to ask for, once: the browser shows its hash for the whole address."""

    path: str


class Talk:
    """One line: what it vouches for now, and how often it was not believed."""

    def __init__(self, request: Request, stream: WebSocketResponse, own: str) -> None:
        self.kiosk: Kiosk = request.app[KIOSK]
        self.guard: Guard = request.app[GUARD]
        self.stream, self.own = stream, own
        self.line, self.number = Line(), self.guard.number()
        self.machine = self.passage = self.told = ""
        self.refused = self.messages = 0

    async def ask(self) -> None:
        """Ask again and again, until nobody answers."""
        while self.line.missed < MISSED_MAX:
            nonce = secrets.token_hex(16)
            self.line.ask(nonce)
            self.messages = 0
            await self.tell("ask", nonce=nonce)
            await asyncio.sleep(ASK_S)
        await self.stream.close()

    async def tell(self, kind: str, **more: str) -> None:
        """Say something to the extension; one that has left hears nothing."""
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self.stream.send_str(msgspec.json.encode({"type": kind, **more}).decode())

    async def take(self, text: str) -> None:
        """Take one statement: vouch for its passage, or count that it was not believed."""
        self.messages += 1
        if self.messages > MESSAGES_MAX:
            await self.stream.close()
            return
        try:
            believed = await lockdown.believe(self.kiosk, self.line, text)
        except Unbelieved as problem:
            await self._leave()
            if self.guard.may_count(self.kiosk.clock.now_ms()):
                await lockdown.not_believed(self.kiosk, problem, self.own)
            self.refused += 1
            await self.tell("refused", code=problem.code)
            if self.refused >= REFUSED_MAX:
                await self.stream.close()
            return
        await self._vouch(believed)

    async def _vouch(self, believed: Believed) -> None:
        said, room = believed
        news = not self.machine or not said.passage or self.told != said.passage
        self.told = said.passage
        if self.passage and self.passage != said.passage:
            await self._leave()
        if room is not None:
            facts = (said.machine, said.version, code_of(said))
            self.guard.watch.answered(said.passage, self.number, room.clock.now(), facts)
            self.passage = said.passage
        if not self.machine:
            self.machine = said.machine
            self.guard.machines[said.machine] += 1
            await room_machines.keep_versions(self.kiosk, said)
        if not news:
            await self.tell("ok")  # once told, a page need not hear it every four seconds
            return
        # Away from a test, a page of this machine may have lost the cookie that says which machine it is.
        now = self.kiosk.clock.now_ms()
        ticket = "" if said.passage else self.guard.ticket_for(said.machine, now)
        await self.tell("proven", ticket=ticket)

    async def _leave(self) -> None:
        passage, self.passage = self.passage, ""
        if passage:
            await lockdown.lost(self.kiosk, self.guard.watch, passage, self.number)

    async def end(self) -> None:
        """Vouch for nothing any more."""
        if self.machine:
            self.guard.machines[self.machine] -= 1
        await self._leave()


async def listen(request: Request) -> StreamResponse:
    """Hear what the extension of a machine says, and ask it every few seconds to prove itself again."""
    kiosk, guard = request.app[KIOSK], request.app[GUARD]
    if guard.lines >= kiosk.config.listeners:
        raise Full("live.full", retry_after=10)
    stream = WebSocketResponse(max_msg_size=LONGEST, timeout=2.0)
    await stream.prepare(request)
    talk = Talk(request, stream, await _own_passage(request))
    guard.lines += 1
    asking = asyncio.create_task(talk.ask(), name="ask-extension")
    try:
        async for message in stream:
            if message.type is not WSMsgType.TEXT:
                break
            await talk.take(message.data)
    finally:
        guard.lines -= 1
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        await talk.end()
    return stream


async def _own_passage(request: Request) -> str:
    """Return the passage of the browser that opened the line, empty when it has none or did not say."""
    secret = secret_of(request, "candidate")
    found = None
    if secret is not None:
        found = await request.app[KIOSK].passes.find(secret, request.app[KIOSK].clock.now_ms())
    return found.candidate if found is not None else ""


_ticket = msgspec.json.Decoder(Ticket)
_heard = msgspec.json.Decoder(Heard)


async def claim(request: Request) -> StreamResponse:
    """Become the machine whose extension obtained this ticket."""
    kiosk, body = request.app[KIOSK], await body_of(request, _ticket)
    machine = request.app[GUARD].machine_by(body.ticket, kiosk.clock.now_ms())
    if machine is None:
        raise Conflict("lockdown.old_ticket")
    found, secret = await room_machines.become(kiosk, machine, await machine_of(request))
    if found is None:
        raise Conflict("lockdown.old_ticket")
    response = reply(LabelReply(found.label))
    set_cookie(request, response, "machine", secret)
    return response


async def check(request: Request) -> StreamResponse:
    """Say what this server knows of this machine."""
    found = await machine_of(request)
    if found is None:
        return reply(CheckReply("", prepared=False, proven=False, versions={}))
    versions = msgspec.json.decode(found.versions, type=dict[str, str])
    proven = request.app[GUARD].machines[found.id] > 0
    return reply(CheckReply(found.label, found.public_key is not None, proven, versions))


async def vouched(request: Request) -> StreamResponse:
    """Say whether a passage is vouched for; what the page heard and nobody proved is counted."""
    kiosk, guard = request.app[KIOSK], request.app[GUARD]
    found = await pass_of(request, request.match_info["id"])
    body = await body_of(request, _heard)
    room = await lockdown.room_of(kiosk, found.candidate)
    if room is None:
        raise Conflict("session.not_open")
    mode, now = room.session.lockdown, room.clock.now()
    held = found.candidate in guard.seb if mode == "seb" else guard.watch.holds(found.candidate, now)
    wrong = body.heard and not guard.watch.holds(found.candidate, now)
    if wrong and guard.may_count(kiosk.clock.now_ms()):
        await lockdown.refuse(kiosk, found.candidate, found.machine, "unproven")
    return reply(VouchedReply(mode, held, await lockdown.is_waived(kiosk, found.candidate)))


async def nonce(request: Request) -> StreamResponse:
    """Return an address to show Safe Exam Browser's hash for."""
    kiosk, found = request.app[KIOSK], await pass_of(request, request.match_info["id"])
    room = await lockdown.room_of(kiosk, found.candidate)
    if room is None or room.session.lockdown != "seb":
        raise NotFound("page.unknown")
    return reply(PathReply(await seb.new_nonce(kiosk, found.candidate)))


async def let_in(request: Request, candidate: str) -> None:
    """Raise Refused unless what the session asks of the machine is there; called before the code and the start."""
    guard = request.app[GUARD]
    await lockdown.let_in(request.app[KIOSK], guard.watch, guard.seb, candidate)
