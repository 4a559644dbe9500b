"""The addresses national systems ask, each with a token of its scope: school reports by school, admissions by pupil."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Request, Response

from sync.central import national, throttle
from sync.central.appkeys import INSTANCE
from sync.central.errors import Refused
from sync.central.national import Search
from sync.central.origin import address_of
from sync.central.store import tokens
from sync.central.throttle import Limit

if TYPE_CHECKING:
    from sync.central.instance import Instance

WRONG = Limit("token.address", 30, 10 * 60_000)
_search = msgspec.json.Decoder(Search)


async def livret(request: Request) -> Response:
    """Give the certifications of a school's pupils."""
    instance = await _allowed(request, "livret-scolaire")
    async with instance.database.read() as conn:
        found = await national.of_school(conn, instance.identities, request.match_info["uai"])
    return _json(found)


async def parcoursup(request: Request) -> Response:
    """Give one pupil's certification."""
    instance = await _allowed(request, "parcoursup")
    try:
        wanted = _search.decode(await request.read())
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused("search.one_key", 400) from error
    async with instance.database.read() as conn:
        found = await national.search(conn, instance.identities, wanted, instance.clock())
    return _json(found)


async def _allowed(request: Request, scope: str) -> Instance:
    """Return the instance once the token is of this scope; raises Refused 401 or 403, Throttled."""
    instance = request.app[INSTANCE]
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    async with instance.database.read() as conn:
        token = await tokens.find(conn, secret.strip()) if kind.lower() == "bearer" and secret else None
    if token is None:
        place, now = throttle.network_of(address_of(request)), instance.clock()
        await instance.database.write(lambda conn: throttle.take(conn, WRONG, place, now))
        raise Refused("token.needed", 401)
    if token.scope != scope:
        raise Refused("token.wrong_scope", 403)
    return instance


def _json(found: dict[str, object]) -> Response:
    return Response(
        body=msgspec.json.encode(found),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
