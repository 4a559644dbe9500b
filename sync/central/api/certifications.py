"""Schools hand in identity sheets and ask for statements: signed lines both ways."""

from __future__ import annotations

from aiohttp.web import Request, Response

from sync.central.appkeys import INSTANCE
from sync.profile_exchange import LINES


async def identities(request: Request) -> Response:
    """Take identity sheets in; each has its receipt line or a refusal in the reply."""
    instance = request.app[INSTANCE]
    replies = await instance.identities.take(await request.read(), instance.clock())
    return Response(body=b"".join(replies), content_type=LINES)


async def statements(request: Request) -> Response:
    """Give a school the statements after the last one it holds."""
    instance = request.app[INSTANCE]
    lines = await instance.statements.pull(await request.read(), instance.clock())
    return Response(body=b"".join(lines), content_type=LINES)
