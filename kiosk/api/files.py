"""Documents of a question, to be saved on the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp.web import Response

from kiosk.actions import files
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from web.downloads import attachment

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse


async def document(request: Request) -> StreamResponse:
    """Return a document of a question, to be saved on the machine."""
    found = await files.document(
        request.app[KIOSK],
        signed_in(request),
        request.match_info["id"],
        question_number(request),
        request.match_info["name"],
    )
    return Response(
        body=found.data,
        headers={"Content-Type": found.media_type, "Content-Disposition": attachment(found.name)},
    )


def question_number(request: Request) -> int:
    """Return the number of the question the address names; raises NotFound."""
    text = request.match_info["number"]
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise NotFound("page.unknown")
    return int(text)
