"""A school's server hands records in: frames up, one signed receipt a record down.

A daemon asks for `application/x-preau-receipts`: receipt lines as they were signed, then a line a refusal. Anyone
else gets the same as JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Request, Response, json_response

from sync.central.appkeys import INSTANCE
from sync.transport import RECEIPTS_TYPE

if TYPE_CHECKING:
    from sync.central.ingest import Taken
    from sync.central.intake import Turned


async def take(request: Request) -> Response:
    """Take a body of frames in; each frame has its receipt or its refusal in the reply."""
    instance = request.app[INSTANCE]
    taken = await instance.ingest.take(await request.read(), instance.clock())
    if taken.sessions:
        await instance.certify.run(instance.clock())
    if RECEIPTS_TYPE in request.headers.get("Accept", ""):
        return Response(body=_lines(taken), content_type=RECEIPTS_TYPE)
    receipts = [receipt.decode() for receipt in taken.receipts]
    return json_response({"receipts": receipts, "refused": [_refused(one) for one in taken.refused]})


def _lines(taken: Taken) -> bytes:
    refusals = [b"refused " + msgspec.json.encode(_refused(one)) + b"\n" for one in taken.refused]
    return b"".join([*taken.receipts, *refusals])


def _refused(one: Turned) -> dict[str, str | int]:
    return {"index": one.index, "code": one.code, "message": one.message}
