"""Publishing at once the sessions nobody has to look at: a page that lists them, and what became of each.

What is published is what was listed: a session that was finalised again since, or that somebody must look at now, is left.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sync.central.appkeys import INSTANCE, LANG, PAGES
from sync.central.errors import CentralError, Refused
from sync.central.publication import Ordered, facts_of
from sync.central.refusals import words_of
from sync.central.screens.page import page, signed_in
from sync.central.session_checks import reasons
from sync.central.store import certifications

if TYPE_CHECKING:
    from aiohttp.web import Request, Response
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.session_checks import SessionFacts
    from sync.central.store.certifications import SessionLine

MOST = 300
_CHOSEN = re.compile(r"(s-[0-9a-f]{16}) ([A-Za-z0-9_.:-]{1,64}) ([0-9]{1,15})", re.ASCII)


class Row(NamedTuple):
    """A session with where it stands."""

    line: SessionLine
    facts: SessionFacts

    @property
    def ready(self) -> bool:
        """Whether it may be published without anybody looking at it."""
        standing = self.facts.standing
        return standing.finalised is not None and not standing.published_at and not reasons(self.facts)

    @property
    def chosen(self) -> str:
        """What the form says of it: school, session, and the finalisation that is listed."""
        final = self.facts.final
        return f"{self.line.site} {self.line.session} {final.seq if final is not None else 0}"

    @property
    def validated(self) -> int:
        """How many certificates its publication makes."""
        return sum(one.status == "validated" for one in self.facts.results.values())


async def rows_of(conn: AsyncConnection) -> list[Row]:
    """Return every session with where it stands, the latest day first."""
    return [
        Row(line, await facts_of(conn, line.site, line.session))
        for line in await certifications.list_sessions(conn)
    ]


async def show(request: Request) -> Response:
    """List what can be published at once, to be confirmed."""
    return await _show(request)


async def _show(request: Request, error: str = "", status: int = 200) -> Response:
    signed_in(request)
    async with request.app[INSTANCE].database.read() as conn:
        rows = await rows_of(conn)
    ready = [row for row in rows if row.ready]
    waiting = sum(not row.ready and not row.facts.standing.published_at for row in rows)
    return page(
        request,
        "central/publish_many.html",
        status=status,
        ready=ready,
        waiting=waiting,
        done=None,
        error=error,
    )


async def publish(request: Request) -> Response:
    """Publish the sessions that were chosen, each by itself, and say what became of each."""
    officer, instance = signed_in(request), request.app[INSTANCE]
    chosen = [str(one) for one in (await request.post()).getall("session", [])]
    read = [_CHOSEN.fullmatch(one) for one in chosen]
    if not read or len(read) > MOST or not all(read):
        refusal = Refused("publication.none_chosen", 422)
        return await _show(request, words_of(request.app[PAGES], request[LANG], refusal), refusal.status)
    done: dict[tuple[str, str], str] = {}
    for site, session, final in (one.groups() for one in read if one is not None):
        order = Ordered(site, session, "publish", officer.username, unread=int(final))
        try:
            await instance.publication.do(order, instance.clock())
            done[site, session] = ""
        except CentralError as problem:
            done[site, session] = words_of(request.app[PAGES], request[LANG], problem)
    async with instance.database.read() as conn:
        lines = {(one.site, one.session): one for one in await certifications.list_sessions(conn)}
    told = [(lines.get(key), key, words) for key, words in done.items()]
    return page(
        request,
        "central/publish_many.html",
        ready=[],
        waiting=0,
        done=told,
        error="",
    )
