"""A file handed back for a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import uploads
from kiosk.actions.uploads import GivenFile
from kiosk.api.files import question_number
from kiosk.api.reply import file_of, reply
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

FILE_LIMIT = 2 * 1024 * 1024


class HandBackReply(msgspec.Struct, frozen=True):
    """What to answer with. Never what was found in the file: that would grade it before it is handed in."""

    upload: str


async def hand_back(request: Request) -> StreamResponse:
    """Take a file back and say by what name to answer with it."""
    kiosk, person, number = request.app[KIOSK], signed_in(request), question_number(request)
    data = await file_of(request, FILE_LIMIT)
    name = request.query.get("name", "")
    received = await uploads.hand_back(kiosk, person, request.match_info["id"], number, GivenFile(name, data))
    return reply(HandBackReply(received))
