"""Schools hand in pieces and ask for profiles: signed lines both ways, sealed for whom they are meant for."""

from __future__ import annotations

import msgspec
from aiohttp.web import Request, Response

from sync.central.appkeys import INSTANCE
from sync.profile_exchange import LINES


async def box(request: Request) -> Response:
    """Say what to seal for us with."""
    instance = request.app[INSTANCE]
    return Response(body=instance.profiles.statement(instance.clock()), content_type=LINES)


async def pieces(request: Request) -> Response:
    """Take pieces in; each has its receipt line or a refusal in the reply."""
    instance = request.app[INSTANCE]
    receipts, turned = await instance.profiles.take(await request.read(), instance.clock())
    refused = [
        b"refused " + msgspec.json.encode({"index": one.index, "code": one.code}) + b"\n" for one in turned
    ]
    return Response(body=b"".join([*receipts, *refused]), content_type=LINES)


async def ask(request: Request) -> Response:
    """Answer a school that asks for profiles."""
    instance = request.app[INSTANCE]
    answer = await instance.profiles.answer(await request.read(), instance.clock())
    return Response(body=answer, content_type=LINES)
