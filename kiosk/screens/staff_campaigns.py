"""One campaign's forms: change the words, archive, preview what pupils see, the code to project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import campaigns as acts
from kiosk.errors import Refused
from kiosk.keys import KIOSK
from kiosk.lan.qr import qr_path
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import language, page
from kiosk.screens.pupil_views import landing_view
from kiosk.screens.staff_common import base_address, campaign_page, fields_of, opened
from kiosk.screens.staff_new import beside, members_of
from kiosk.store.campaigns import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.web import Request, Response

    from kiosk.screens.staff_common import Opened

WORDS = ("name", "title", "text", "owner")


async def settings(request: Request) -> Response:
    """Show a campaign's facts and, to those who may change them, its texts."""
    found = await opened(request)
    row = found.campaign
    form = {"name": row.name, "title": row.title, "text": row.text, "owner": row.owner}
    return await _settings(request, found, form, {})


async def _settings(
    request: Request, found: Opened, form: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    organisation = found.campaign.organisation
    members = await request.app[KIOSK].db.read(lambda conn: members_of(conn, organisation))
    return campaign_page(
        request,
        "staff/settings.html",
        found,
        status=Refused.status if errors else 200,
        tab="settings",
        link=f"{base_address(request)}/code/{found.campaign.code}",
        facts=found.campaign,
        members=members,
        may_archive=found.may_change,
        may_edit=found.may_change and not found.campaign.archived,
        form=form,
        errors=errors,
    )


async def change(request: Request) -> Response:
    """Change the name, owner, title and text, or show them again with why they were refused."""
    kiosk = request.app[KIOSK]
    form = await fields_of(request, *WORDS)
    try:
        row = await acts.update(kiosk, signed_in(request), request.match_info["id"], Words(**form))
    except Refused as refusal:
        return await _settings(request, await opened(request), form, beside(request, refusal))
    return go(f"/staff/campaigns/{row.id}/settings?done=saved")


async def archive(request: Request) -> Response:
    """Archive a campaign."""
    return await _archive(request, archived=True)


async def unarchive(request: Request) -> Response:
    """Open an archived campaign again."""
    return await _archive(request, archived=False)


async def _archive(request: Request, *, archived: bool) -> Response:
    row = await acts.archive(
        request.app[KIOSK], signed_in(request), request.match_info["id"], archived=archived
    )
    return go(f"/staff/campaigns/{row.id}/settings")


async def preview(request: Request) -> Response:
    """Show the page pupils see when they enter the code, with nothing to press."""
    found = await opened(request)
    return page(
        request,
        "pupil/landing.html",
        campaign=landing_view(request.app[KIOSK], found.campaign, None, language(request)),
        preview=f"/staff/campaigns/{found.campaign.id}/settings",
        external="",
        problem=None,
        trial=False,
    )


async def code(request: Request) -> Response:
    """Show the code as large as a room needs, with the address to type and the square to aim at."""
    found = await opened(request)
    address = base_address(request)
    return campaign_page(
        request,
        "staff/code.html",
        found,
        address=address,
        qr=qr_path(f"{address}/code/{found.campaign.code}"),
    )
