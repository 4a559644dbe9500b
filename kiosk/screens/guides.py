"""Guides, in French: for teachers and principals through the year, for supervisors without an account on the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import NotFound
from kiosk.screens.page import page
from web.guides import GUIDES, guide_text, parts_of

if TYPE_CHECKING:
    from aiohttp.web import Request, Response


async def guide(request: Request) -> Response:
    """Show a guide; raises NotFound."""
    name = request.match_info["name"]
    text = guide_text(name)
    if text is None:
        raise NotFound("page.unknown")
    title, body = parts_of(text)
    return page(request, "public/guide.html", name=name, names=GUIDES, guide_title=title, body=body)
