"""Supervisors' browsers: asking to come in, proving, and who is let in or put out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from kiosk.actions import supervisor_entry, supervisor_tickets, supervisors
from kiosk.api.accounts import Empty
from kiosk.api.reply import body_of, reply
from kiosk.errors import NotSignedIn, Refused
from kiosk.exam_access import machine_of
from kiosk.keys import KIOSK
from kiosk.lan.qr import qr_path
from kiosk.screens.actors import actor_of
from kiosk.screens.staff_common import base_address
from kiosk.store.supervisors import Status, Way
from kiosk.supervisor_access import set_cookie, supervisor_of
from sync.room_proofs import Algorithm

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.store.supervisors import Supervisor

Hex = Annotated[str, msgspec.Meta(max_length=200)]


class AskBody(msgspec.Struct, frozen=True):
    """A ticket, and the raw public key this browser has just made, in hex."""

    ticket: Annotated[str, msgspec.Meta(max_length=100)]
    algorithm: Algorithm
    public_key: Hex


class AskReply(msgspec.Struct, frozen=True):
    """What the number on both screens is made of; the browser works it out itself."""

    supervisor: str
    session: str
    nonce: str


class NameBody(msgspec.Struct, frozen=True):
    """How somebody who asks calls themselves."""

    name: Annotated[str, msgspec.Meta(max_length=200)]


class MeReply(msgspec.Struct, frozen=True):
    """Where this browser stands."""

    supervisor: str
    session: str
    status: Status
    way: Way


class FreshReply(msgspec.Struct, frozen=True):
    """What the next signed request must repeat, and the counter it must go beyond."""

    nonce: str
    counter: int


class LetInBody(msgspec.Struct, frozen=True):
    """The number that was compared."""

    number: Annotated[str, msgspec.Meta(max_length=12)]


class WhyBody(msgspec.Struct, frozen=True):
    """Why somebody is put out."""

    why: Annotated[str, msgspec.Meta(max_length=200)] = ""


class SupervisorView(msgspec.Struct, frozen=True):
    """One supervisor's browser; `number` is what their screen shows while they ask."""

    id: str
    name: str
    way: Way
    status: Status
    number: str
    asked_ms: int
    seen_ms: int
    let_in_ms: int | None
    ended_ms: int | None


class RefusalView(msgspec.Struct, frozen=True):
    """What was refused to whom, and how often."""

    supervisor: str
    code: str
    count: int
    last_ms: int


class SupervisorsReply(msgspec.Struct, frozen=True):
    """A session's supervisors, kits printed and not used, and what was refused."""

    supervisors: list[SupervisorView]
    kits: int
    refusals: list[RefusalView]


class Square(msgspec.Struct, frozen=True):
    """A drawn square: its side in modules, quiet zone included, and its strokes as an SVG path."""

    size: int
    path: str


class SquareReply(msgspec.Struct, frozen=True):
    """The square a machine shows, for a supervisor to send a passage to it."""

    qr: Square


class TicketReply(msgspec.Struct, frozen=True):
    """A ticket for a screen: the address its square holds, the square, and for how long it is good."""

    address: str
    qr: Square
    seconds: int


class PasswordReply(msgspec.Struct, frozen=True):
    """The session's new password, without its C-."""

    password: str


_ask = msgspec.json.Decoder(AskBody)
_name = msgspec.json.Decoder(NameBody)
_let_in = msgspec.json.Decoder(LetInBody)
_why = msgspec.json.Decoder(WhyBody)
_empty = msgspec.json.Decoder(Empty)


def view_of(one: Supervisor) -> SupervisorView:
    """Return a supervisor as others see them."""
    number = one.number if one.status == "asking" else ""
    return SupervisorView(
        *(one.id, one.name, one.way, one.status, number),
        *(one.asked_ms, one.seen_ms, one.let_in_ms, one.ended_ms),
    )


async def ask(request: Request) -> StreamResponse:
    """Ask to come in, with a ticket and a key of one's own."""
    body = await body_of(request, _ask)
    came = await supervisors.ask(request.app[KIOSK], body.ticket, body.algorithm, body.public_key)
    found = came.supervisor
    response = reply(AskReply(found.id, found.session, found.nonce or ""))
    set_cookie(request, response, came)
    return response


async def call_oneself(request: Request) -> StreamResponse:
    """Say one's name while asking."""
    body = await body_of(request, _name)
    await supervisors.call_oneself(request.app[KIOSK], await _own(request), body.name)
    return reply(Empty())


async def me(request: Request) -> StreamResponse:
    """Say where this browser stands."""
    found = await _own(request)
    return reply(MeReply(found.id, found.session, found.status, found.way))


async def nonce(request: Request) -> StreamResponse:
    """Give what the next signed request must repeat."""
    found = await _own(request)
    if found.status != "in" or found.way != "key":
        raise Refused("supervisor.revoked" if found.status == "revoked" else "supervisor.not_yet")
    return reply(FreshReply(await supervisors.fresh_nonce(request.app[KIOSK], found), found.counter))


async def listed(request: Request) -> StreamResponse:
    """Return who supervises."""
    session = request.match_info["id"]
    known = await supervisors.known(request.app[KIOSK], await actor_of(request, session), session)
    refused = [RefusalView(one.supervisor, one.code, one.count, one.last_ms) for one in known.refusals]
    return reply(SupervisorsReply([view_of(one) for one in known.supervisors], known.kits, refused))


async def ticket(request: Request) -> StreamResponse:
    """Make a ticket for this screen."""
    session = request.match_info["id"]
    actor = await actor_of(request, session)
    await body_of(request, _empty)
    shown = await supervisor_tickets.show_ticket(request.app[KIOSK], actor, session)
    address = f"{base_address(request)}/supervise/join#{shown.secret}"
    drawn = qr_path(address)
    return reply(TicketReply(address, Square(drawn.size, drawn.path), supervisor_tickets.SCREEN_MS // 1000))


async def machine_square(request: Request) -> StreamResponse:
    """Draw this machine's square: it holds the code a supervisor's phone reads. Asked for by hand, so never by a whole room."""
    kiosk, machine = request.app[KIOSK], await machine_of(request)
    if machine is None:
        raise NotSignedIn("passage.check_in_first")
    code = kiosk.rooms.code_of(machine.id, kiosk.clock.now_ms())
    drawn = qr_path(f"{base_address(request)}/supervise/machine#{code}")
    return reply(SquareReply(Square(drawn.size, drawn.path)))


async def let_in(request: Request) -> StreamResponse:
    """Let somebody in whose number was compared."""
    session = request.match_info["id"]
    actor = await actor_of(request, session)
    body = await body_of(request, _let_in)
    await supervisors.let_in(
        request.app[KIOSK], actor, session, request.match_info["supervisor"], body.number
    )
    return reply(Empty())


async def put_out(request: Request) -> StreamResponse:
    """Refuse somebody, or revoke their key."""
    session = request.match_info["id"]
    actor = await actor_of(request, session)
    body = await body_of(request, _why)
    await supervisors.put_out(request.app[KIOSK], actor, session, request.match_info["supervisor"], body.why)
    return reply(Empty())


async def new_password(request: Request) -> StreamResponse:
    """Give the session another password."""
    session = request.match_info["id"]
    actor = await actor_of(request, session)
    await body_of(request, _empty)
    return reply(PasswordReply(await supervisor_entry.change_password(request.app[KIOSK], actor, session)))


async def _own(request: Request) -> Supervisor:
    found = await supervisor_of(request)
    if found is None:
        raise NotSignedIn("supervisor.unknown")
    return found
