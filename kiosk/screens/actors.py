"""Who is in charge, as a request shows it: the principal's login, or a supervisor let into the session.

A supervisor's browser that has a key must sign whatever changes anything; its cookie alone only lets it look.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kiosk.actions import supervisors
from kiosk.actors import Actor, authorised, principal
from kiosk.body import whole_body
from kiosk.errors import BadRequest, Forbidden, KioskError, NotFound, NotSignedIn
from kiosk.keys import KIOSK, LOGIN
from kiosk.origin import SAFE
from kiosk.store import sessions
from kiosk.supervisor_access import supervisor_of
from kiosk.supervisor_keys import BadStatement, Claim

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.store.supervisors import Supervisor

COUNTER, NONCE, SIGNATURE = "X-Preau-Counter", "X-Preau-Nonce", "X-Preau-Signature"
_COUNTER = re.compile(r"[0-9]{1,12}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{1,200}", re.ASCII)


async def actor_of(request: Request, session: str) -> Actor:
    """Return who asks about a session; raises NotSignedIn or Forbidden. The session itself is authorised by the act."""
    found = await supervisor_of(request)
    if found is None:
        return await _principal(request)
    if found.session != session or SIGNATURE not in request.headers:
        # A principal's browser may hold both: without a signature it acts as what its login says.
        chief = await _principal_of(request, session)
        if chief is not None:
            return chief
    if found.session != session:
        raise NotFound("session.unknown")
    return await _supervisor(request, found)


async def _supervisor(request: Request, found: Supervisor) -> Actor:
    kiosk = request.app[KIOSK]
    if found.status != "in":
        code = "supervisor.not_yet" if found.status == "asking" else "supervisor.revoked"
        if request.method not in SAFE:
            await supervisors.note_refusal(kiosk, found, code)
        raise Forbidden(code)
    proof = ""
    if request.method in SAFE:
        await supervisors.note_seen(kiosk, found)
    elif found.way == "key":
        proof = await _proof(request, found)
    session = await kiosk.db.read(lambda conn: sessions.by_id(conn, found.session))
    if session is None or session.status == "finalised":
        raise Forbidden("session.closed")
    return Actor(found.key, "supervisor", session.organisation, found.session, proof)


async def _proof(request: Request, found: Supervisor) -> str:
    """Return what the key signed; raises Forbidden when it signed nothing."""
    kiosk = request.app[KIOSK]
    counter, nonce, signature = (request.headers.get(name, "") for name in (COUNTER, NONCE, SIGNATURE))
    if not (_COUNTER.fullmatch(counter) and _HEX.fullmatch(nonce) and _HEX.fullmatch(signature)):
        await supervisors.note_refusal(kiosk, found, "supervisor.unsigned")
        raise Forbidden("supervisor.unsigned")
    body = await whole_body(request)
    try:
        return await supervisors.prove(
            kiosk, found, request.path, Claim(int(counter), nonce, signature), body
        )
    except BadStatement:
        raise BadRequest("request.malformed") from None


async def _principal_of(request: Request, session: str) -> Actor | None:
    """Return the principal of this session when this browser is signed in as such, else None."""
    try:
        actor = await _principal(request)
        await request.app[KIOSK].db.read(lambda conn: authorised(conn, actor, session))
    except KioskError:
        return None
    return actor


async def _principal(request: Request) -> Actor:
    login = request[LOGIN]
    if login is None:
        raise NotSignedIn("login.needed")
    kiosk = request.app[KIOSK]
    again = await kiosk.logins.by_digest(login.digest, kiosk.clock.now_ms())
    if again is None:
        raise NotSignedIn("login.needed")
    again.check_password()
    actor = principal(again.person)
    again.check_terms()
    return actor
