"""A school's server hands records in: frames up, one signed receipt a record down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp.web import Request, Response, json_response

from sync.central.appkeys import INSTANCE

if TYPE_CHECKING:
    from sync.central.intake import Turned


async def take(request: Request) -> Response:
    """Take a body of frames in; each frame has its receipt or its refusal in the reply."""
    instance = request.app[INSTANCE]
    taken = await instance.ingest.take(await request.read(), instance.clock())
    receipts = [receipt.decode() for receipt in taken.receipts]
    return json_response({"receipts": receipts, "refused": [_refused(one) for one in taken.refused]})


def _refused(one: Turned) -> dict[str, str | int]:
    return {"index": one.index, "code": one.code, "message": one.message}
