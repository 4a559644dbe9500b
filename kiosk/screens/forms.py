"""Forms as screens read them: short texts, and addresses to go back to that never leave this server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp.web import Response

from kiosk.body import in_time

if TYPE_CHECKING:
    from aiohttp.web import Request

_LOCAL = re.compile(r"/(?![/\\])[!-~]*", re.ASCII)
_LONGEST = 1000


async def form_of(request: Request) -> dict[str, str]:
    """Return the form's texts by name; files and repeated names are ignored, the first value counts."""
    posted = await in_time(request.post())
    fields: dict[str, str] = {}
    for name, value in posted.items():
        if isinstance(value, str):
            fields.setdefault(name, value)
    return fields


def local_address(text: str, otherwise: str = "/") -> str:
    """Return `text` if it is an address of this server, else `otherwise`: nobody is ever sent elsewhere."""
    return text if len(text) <= _LONGEST and _LOCAL.fullmatch(text) else otherwise


def go(address: str) -> Response:
    """Return the reply that sends the browser to another of our pages, with a GET."""
    return Response(status=303, headers={"Location": address})
