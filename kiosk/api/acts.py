"""One address for every act of those in charge: what is asked is in the body, who asks is found, the act authorises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from exam.session.room_events import Act
from kiosk.actions import incidents, leftovers, machine_codes, opening, room_words, supervision, waiving
from kiosk.actions.incidents import Noted
from kiosk.actions.room_acts import Done
from kiosk.api.reply import body_of, reply
from kiosk.errors import BadRequest
from kiosk.keys import KIOSK
from kiosk.screens.actors import actor_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiohttp.web import Request, StreamResponse

    from kiosk.actors import Actor
    from kiosk.keys import Kiosk

Id = Annotated[str, msgspec.Meta(max_length=64)]
Words = Annotated[str, msgspec.Meta(max_length=1000)]


class ActBody(msgspec.Struct, frozen=True):
    """An act: `candidates` null means everyone; the other fields are those the act needs."""

    act: Act
    candidates: Annotated[list[Id], msgspec.Meta(max_length=2000)] | None = None
    reason: Words = ""
    number: Annotated[int, msgspec.Meta(ge=1, le=500)] | None = None
    ruling: Literal["validated", "dismissed"] = "dismissed"
    minutes: Annotated[int, msgspec.Meta(ge=1, le=240)] = 1
    credit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    machine: Id = ""
    taken: bool = False
    category: Id = ""
    text: Words = ""
    incident: Id = ""
    to: Id = ""


class ActReply(msgspec.Struct, frozen=True):
    """What became of it for each candidate: an empty code when done."""

    done: list[Done]


class OpenBody(msgspec.Struct, frozen=True):
    """The day code; null opens by the school's box."""

    code: Annotated[str, msgspec.Meta(max_length=400)] | None = None


class StatusReply(msgspec.Struct, frozen=True):
    """Where a session stands."""

    status: str


_act = msgspec.json.Decoder(ActBody)
_open = msgspec.json.Decoder(OpenBody)


async def act(request: Request) -> StreamResponse:
    """Do an act on a session."""
    kiosk, session = request.app[KIOSK], request.match_info["id"]
    actor = await actor_of(request, session)
    body = await body_of(request, _act)
    return reply(ActReply(await do(kiosk, actor, session, body)))


async def do(kiosk: Kiosk, actor: Actor, session: str, body: ActBody) -> list[Done]:
    """Do an act for the API or for a form; raises BadRequest when it is not one of the table's."""
    doing = _ACTS.get(body.act)
    if doing is None:
        raise BadRequest("request.wrong_shape", field="act")
    return await doing(kiosk, actor, session, body)


async def open_session(request: Request) -> StreamResponse:
    """Open a session."""
    session = request.match_info["id"]
    actor = await actor_of(request, session)
    body = await body_of(request, _open)
    opened = await opening.open_session(request.app[KIOSK], actor, session, body.code)
    return reply(StatusReply(opened.status))


async def close_session(request: Request) -> StreamResponse:
    """Close a session: what is open ends."""
    session = request.match_info["id"]
    closed = await opening.close_session(request.app[KIOSK], await actor_of(request, session), session)
    return reply(StatusReply(closed.status))


def _one(body: ActBody) -> str:
    if body.candidates is None or len(body.candidates) != 1:
        raise BadRequest("request.wrong_shape", field="candidates")
    return body.candidates[0]


def _some(body: ActBody) -> list[str]:
    """Return the candidates of an act that needs at least one: done for nobody, it would be said to be done."""
    if not body.candidates:
        raise BadRequest("request.wrong_shape", field="candidates")
    return body.candidates


def _number(body: ActBody) -> int:
    if body.number is None:
        raise BadRequest("request.wrong_shape", field="number")
    return body.number


async def _note(kiosk: Kiosk, actor: Actor, session: str, body: ActBody) -> list[Done]:
    about = _one(body) if body.candidates else None
    made = await incidents.note(kiosk, actor, session, Noted(body.category, body.text, about, body.number))
    return [Done(made.id, "")]


async def _withdraw(kiosk: Kiosk, actor: Actor, session: str, body: ActBody) -> list[Done]:
    await incidents.withdraw(kiosk, actor, session, body.incident)
    return []


async def _say(kiosk: Kiosk, actor: Actor, session: str, body: ActBody) -> list[Done]:
    await room_words.message(kiosk, actor, session, body.text, _one(body) if body.candidates else None)
    return []


async def _move(kiosk: Kiosk, actor: Actor, session: str, body: ActBody) -> list[Done]:
    code = await machine_codes.code_of(kiosk, body.machine)
    return await supervision.move(kiosk, actor, session, _one(body), code, body.reason)


async def _hand_over(kiosk: Kiosk, actor: Actor, session: str, body: ActBody) -> list[Done]:
    await room_words.hand_over(kiosk, actor, session, body.to, body.reason)
    return []


_ACTS: Mapping[Act, Callable[[Kiosk, Actor, str, ActBody], Awaitable[list[Done]]]] = {
    "admit": lambda k, a, s, b: supervision.admit(k, a, s, _some(b)),
    "cancel_admission": lambda k, a, s, b: supervision.cancel_admission(k, a, s, _some(b)),
    "turn_away": lambda k, a, s, b: supervision.turn_away(k, a, s, _one(b), b.reason),
    "allow_resume": lambda k, a, s, b: supervision.allow_resume(k, a, s, _some(b)),
    "pause": lambda k, a, s, b: supervision.pause(k, a, s, _some(b), b.reason),
    "pause_all": lambda k, a, s, b: supervision.pause(k, a, s, None, b.reason),
    "resume": lambda k, a, s, b: supervision.resume(k, a, s, _some(b)),
    "resume_all": lambda k, a, s, _: supervision.resume(k, a, s, None),
    "add_time": lambda k, a, s, b: supervision.add_time(k, a, s, b.candidates, b.minutes, b.reason),
    "end": lambda k, a, s, b: supervision.end(k, a, s, _one(b), b.reason),
    "move": _move,
    "rule": lambda k, a, s, b: supervision.rule(k, a, s, _one(b), _number(b), b.ruling, b.reason),
    "clear_lockdown": lambda k, a, s, b: supervision.clear_lockdown(k, a, s, b.candidates, b.reason),
    "waive_lockdown": lambda k, a, s, b: waiving.waive(k, a, s, _some(b), b.reason),
    "veto": lambda k, a, s, b: supervision.veto(k, a, s, _one(b), b.credit, b.reason),
    "reinstate": lambda k, a, s, b: supervision.reinstate(k, a, s, _one(b), b.credit),
    "answer_call": lambda k, a, s, b: supervision.answer_call(k, a, s, _one(b)),
    "rule_leftover": lambda k, a, s, b: leftovers.rule(
        k, a, s, _one(b), _number(b), b.machine, taken=b.taken
    ),
    "incident": _note,
    "withdraw_incident": _withdraw,
    "message": _say,
    "hand_over": _hand_over,
}
"""Every act but those on keys (join, revoke), which are the business of who lets supervisors in."""
