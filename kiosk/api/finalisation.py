"""Finalising a session with a key of one's own: what to sign, the signature, and supervisors' signatures of its chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from kiosk.actions import signing
from kiosk.actions.signing import BrowserKey
from kiosk.api.accounts import Empty
from kiosk.api.reply import body_of, reply
from kiosk.finalisation_rules import Finalisation
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.actors import actor_of
from sync.room_proofs import Algorithm

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

Hex = Annotated[str, msgspec.Meta(max_length=200)]
Id = Annotated[str, msgspec.Meta(max_length=64)]


class SaidBody(msgspec.Struct, frozen=True):
    """What the principal says of a session; `reasons` by candidate, for those who did not finish."""

    reasons: Annotated[dict[Id, Id], msgspec.Meta(max_length=2000)] = {}
    comment: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    has_incident: bool = False
    has_joining_issue: bool = False

    def said(self) -> Finalisation:
        """Return it as the act takes it."""
        return Finalisation(self.reasons, self.comment.strip(), self.has_incident, self.has_joining_issue)


class StatementBody(SaidBody, frozen=True, kw_only=True):
    """The same, and the raw public key of the browser that will sign, in hex."""

    algorithm: Algorithm
    public_key: Hex


class StatementReply(msgspec.Struct, frozen=True):
    """What to sign, after `preau.principal.v1` and a line feed."""

    statement: str


class SignedBody(SaidBody, frozen=True, kw_only=True):
    """The same as was signed, and the signature in hex."""

    signature: Hex


class SignatureBody(msgspec.Struct, frozen=True):
    """The head of the session's chain, as the supervisor's page showed it."""

    head: Annotated[str, msgspec.Meta(max_length=64)]


_statement = msgspec.json.Decoder(StatementBody)
_signed = msgspec.json.Decoder(SignedBody)
_signature = msgspec.json.Decoder(SignatureBody)


async def statement(request: Request) -> StreamResponse:
    """Say what this principal's browser must sign; nothing is finalised."""
    person, body = signed_in(request), await body_of(request, _statement)
    key = BrowserKey(body.algorithm, body.public_key)
    session = request.match_info["id"]
    return reply(
        StatementReply(await signing.statement(request.app[KIOSK], person, session, body.said(), key))
    )


async def finalise(request: Request) -> StreamResponse:
    """Finalise a session, signed by the principal's browser."""
    person, body = signed_in(request), await body_of(request, _signed)
    session = request.match_info["id"]
    await signing.finalise_signed(request.app[KIOSK], person, session, body.said(), body.signature)
    return reply(Empty())


async def countersign(request: Request) -> StreamResponse:
    """Sign the chain of a closed session, by a supervisor's phone."""
    session = request.match_info["id"]
    actor = await actor_of(request, session)
    body = await body_of(request, _signature)
    await signing.countersign(request.app[KIOSK], actor, session, body.head)
    return reply(Empty())
