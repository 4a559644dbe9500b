"""Whether the instance answers and its database does: for a load balancer, so it says nothing else."""

from __future__ import annotations

from aiohttp.web import Request, Response, json_response
from sqlalchemy import text

from sync.central.appkeys import INSTANCE


async def health(request: Request) -> Response:
    """Reply 200 when a request would be served."""
    instance = request.app[INSTANCE]
    async with instance.database.read() as conn:
        await conn.execute(text("SELECT 1"))
    return json_response({"status": "ok", "key": instance.signer.key_id})
