"""What every list of a campaign's participants shares: who is read, how the reader narrows it, and the way to other pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from kiosk.following import Narrowing
from kiosk.keys import KIOSK
from kiosk.store import following as store

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.web import Request

    from kiosk.following import Page
    from kiosk.screens.staff_common import Opened
    from kiosk.store.following import Taking

SEARCH_MOST = 100
T = TypeVar("T")


async def read_takings(request: Request, found: Opened, make: Callable[[list[Taking]], T]) -> T:
    """Return what `make` makes of every attempt that counts, earliest first: in a reading thread, so that no answer waits."""
    return await request.app[KIOSK].db.read(lambda conn: make(store.takings(conn, found.campaign.id)))


def narrowing_of(request: Request) -> Narrowing:
    """Return what the address asks of people: class, group, piece of a name."""
    return Narrowing(
        request.query.get("division", "")[:SEARCH_MOST],
        request.query.get("group", "")[:SEARCH_MOST],
        request.query.get("q", "").strip()[:SEARCH_MOST],
    )


@dataclass(frozen=True)
class Pager:
    """The line under a list: which lines are shown of how many, and the addresses of the pages beside."""

    first: int
    last: int
    total: int
    number: int
    pages: int
    previous: str
    next: str


def pager_of(request: Request, page: Page) -> Pager:
    """Return the line under a page of a list, every filter of the address kept."""
    return Pager(
        first=page.first,
        last=page.last,
        total=page.total,
        number=page.number,
        pages=page.pages,
        previous=_page_address(request, page.number - 1) if page.number > 1 else "",
        next=_page_address(request, page.number + 1) if page.number < page.pages else "",
    )


def _page_address(request: Request, number: int) -> str:
    kept = [(name, value) for name, value in request.query.items() if name not in ("page", "done")]
    return f"{request.path}?{urlencode([*kept, ('page', str(number))])}"
