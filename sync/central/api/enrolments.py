"""A school's server asks to be taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Request, Response, json_response

from sync.central.appkeys import INSTANCE
from sync.central.enrolment import Enrolment
from sync.central.errors import Refused
from sync.central.origin import address_of

if TYPE_CHECKING:
    from sync.central.enrolment import Welcome

_decoder = msgspec.json.Decoder(Enrolment)


async def enrol(request: Request) -> Response:
    """Take a school in, or refuse it by name."""
    try:
        asked = _decoder.decode(await request.read())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("enrolment.malformed") from error
    instance = request.app[INSTANCE]
    welcome: Welcome = await instance.enrolments.enrol(asked, address_of(request), instance.clock())
    return json_response(
        {"site": welcome.site, "statement": welcome.statement, "central_key": welcome.central_key}
    )
