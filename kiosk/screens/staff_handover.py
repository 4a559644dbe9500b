"""What is handed over after passwords were made: slips to print, a file, shown to whoever made them, for an hour."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp.web import Response

from kiosk.handovers import HANDOVERS
from kiosk.keys import KIOSK
from kiosk.lan.qr import qr_path
from kiosk.screens.access import login_of
from kiosk.screens.forms import go
from kiosk.screens.page import page
from kiosk.screens.staff_common import base_address
from kiosk.screens.staff_views import local
from kiosk.store import recoveries
from web.downloads import CSV_TYPE, attachment, csv_lines

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.actions.pupil_accounts import Handed
    from kiosk.handovers import Handover

HEADINGS = ("Classe", "Nom", "Prénom", "Identifiant", "Mot de passe")
"""The headings schools know, in French whatever the reader's language."""
A_SHEET = 10


def _handover(request: Request) -> Handover:
    now = request.app[KIOSK].clock.now_ms()
    return request.app[HANDOVERS].find(request.match_info["name"], login_of(request).id, now)


async def handover(request: Request) -> StreamResponse:
    """Say what was made and how to take it."""
    found = _handover(request)
    return page(
        request,
        "staff/handover.html",
        space="pupils",
        name=request.match_info["name"],
        handed=found.handed,
        until=local(found.expires_ms),
    )


async def slips(request: Request) -> StreamResponse:
    """Show the slips, ten a sheet, a sheet never mixing two classes."""
    found, address = _handover(request), base_address(request)
    workplace = login_of(request).workplace
    groups: dict[str, list[Handed]] = {}
    for one in found.handed:
        groups.setdefault(one.group, []).append(one)
    sheets = [
        (group, number // A_SHEET + 1, -(-len(ones) // A_SHEET), ones[number : number + A_SHEET])
        for group, ones in groups.items()
        for number in range(0, len(ones), A_SHEET)
    ]
    return page(
        request,
        "staff/slips.html",
        name=request.match_info["name"],
        sheets=sheets,
        school=workplace.name if workplace else "",
        address=address,
        short_address=address.partition("://")[2],
        qr=qr_path(f"{address}/sign-in"),
        today=local(request.app[KIOSK].clock.now_ms()),
    )


async def csv(request: Request) -> StreamResponse:
    """Give the file of what was made."""
    rows = [
        (one.group, one.last_name, one.first_name, one.username, one.password or "")
        for one in _handover(request).handed
    ]
    now = datetime.fromtimestamp(request.app[KIOSK].clock.now_ms() // 1000, UTC).astimezone()
    name = f"mots-de-passe-{now:%Y-%m-%d-%H%M}.csv"
    headers = {"Content-Disposition": attachment(name), "Content-Type": CSV_TYPE}
    return Response(body=b"".join(csv_lines(HEADINGS, rows)), headers=headers)


async def drop(request: Request) -> StreamResponse:
    """Forget what was made: the slips are printed."""
    request.app[HANDOVERS].drop(request.match_info["name"], login_of(request).id)
    return go("/staff/pupils")


async def requests(request: Request) -> StreamResponse:
    """Show who asks for their account back, for the staff to hand a link over."""
    organisation = login_of(request).person.organisation or ""
    now = request.app[KIOSK].clock.now_ms()
    found = await request.app[KIOSK].db.read(lambda conn: recoveries.requests(conn, organisation, now))
    rows = [(one, local(one.created_ms)) for one in found]
    return page(request, "staff/pupils_requests.html", space="pupils", requests=rows)
