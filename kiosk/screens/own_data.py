"""One's own data: what it is, what came from other schools, and all of it to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp.web import Response

from kiosk.actions import own_data as acts
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.page import language, page
from kiosk.screens.staff_profiles import carried_view
from kiosk.screens.staff_views import local
from kiosk.store import pieces, privacy
from web.downloads import attachment
from web.render import Display

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from aiohttp.web import Request, StreamResponse

    from kiosk.actions.own_data import OwnData
    from kiosk.keys import Kiosk
    from kiosk.people import Lang
    from kiosk.store.privacy import Subject


async def own_page(request: Request) -> StreamResponse:
    """Show what one may take away, and what came from elsewhere."""
    person = signed_in(request)
    carried = await request.app[KIOSK].db.read(lambda conn: pieces.carried_of_person(conn, person.id))
    return page(request, "public/own_data.html", states=[carried_view(one) for one in carried])


async def own_archive(request: Request) -> StreamResponse:
    """Send everything known of oneself."""
    person = signed_in(request)

    def find(conn: sqlite3.Connection) -> Subject:
        found = privacy.subject_of_person(conn, person.id)
        if found is None:
            raise NotFound("privacy.unknown")
        return found

    body = await acts.archive(request.app[KIOSK], find, readable(request))
    return Response(
        body=body,
        content_type="application/zip",
        headers={"Content-Disposition": attachment("mes-donnees.zip")},
    )


def readable(request: Request) -> Callable[[OwnData], str]:
    """Return what writes the part of an archive that is read, in the language of this request."""
    return written(request.app[KIOSK], language(request))


def written(kiosk: Kiosk, lang: Lang) -> Callable[[OwnData], str]:
    """Return what writes the part of an archive that is read."""
    today = local(kiosk.clock.now_ms())

    def write(found: OwnData) -> str:
        one = (found.tables.get("people") or found.tables.get("learners") or [{}])[0]
        return kiosk.pages.html(
            "public/readable_data.html",
            lang=lang,
            display=Display(),
            name=f"{one.get('first_name', '')} {one.get('last_name', '')}".strip(),
            today=today,
            school=kiosk.identity.name,
            tables=found.tables,
            sittings=len(found.sittings),
            files=[name for _, name in found.files],
        )

    return write
