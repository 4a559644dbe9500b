"""The campaigns of the school: list, create, change the texts, archive, and the code to project."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kiosk.actions import campaigns as acts
from kiosk.codes import read_code
from kiosk.errors import Refused
from kiosk.keys import KIOSK
from kiosk.lan.qr import qr_path
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import language, page
from kiosk.screens.staff_common import base_address, campaign_page, fields_of, folded, opened
from kiosk.screens.staff_views import campaign_view, course_view
from kiosk.store import campaigns as store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.web import Request, Response

    from kiosk.keys import Kiosk
    from kiosk.screens.staff_common import Opened
    from kiosk.store.campaigns import Campaign

SEARCH_MOST = 100
TEXTS = ("name", "title", "text")


async def listing(request: Request) -> Response:
    """Show campaigns: mine or all, active or archived, whose name or code holds what is searched."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    # A principal seldom makes campaigns and follows everyone's.
    usual = "all" if person.role == "principal" else "mine"
    scope = request.query.get("filter", usual)
    scope = scope if scope in {"mine", "all"} else usual
    archived = request.query.get("archived") == "1"
    name = request.query.get("q", "").strip()[:SEARCH_MOST]
    owner = person.id if scope == "mine" else None
    rows = await kiosk.db.read(
        lambda conn: store.listed(conn, person.organisation, owner=owner, archived=archived)
    )
    shown = [row for row in rows if _matches(row, name)]
    views = [campaign_view(row, kiosk.banks.of(row.bank).courses[row.course], lang) for row in shown]
    return page(
        request,
        "staff/campaigns.html",
        space="campaigns",
        campaigns=views,
        chosen={"scope": scope, "archived": archived, "name": name},
        links={wanted: _link(wanted, name, archived=archived) for wanted in ("mine", "all")},
    )


def _matches(campaign: Campaign, searched: str) -> bool:
    return folded(searched) in folded(campaign.name) or read_code(searched) == campaign.code


def _link(scope: str, name: str, *, archived: bool) -> str:
    query = {"filter": scope, **({"archived": "1"} if archived else {}), **({"q": name} if name else {})}
    return f"/staff?{urlencode(query)}"


async def new(request: Request) -> Response:
    """Show the creation form."""
    return _form(request, {"name": "", "course": "", "title": "", "text": ""}, {})


def _form(request: Request, form: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    bank, lang = request.app[KIOSK].banks.current, language(request)
    courses = [course_view(course, lang) for course in bank.courses.values()]
    return page(
        request,
        "staff/campaign_new.html",
        status=Refused.status if errors else 200,
        space="campaigns",
        form=form,
        errors=errors,
        courses=courses,
    )


async def create(request: Request) -> Response:
    """Make a campaign, or show the form again with what was typed and why it was refused."""
    kiosk = request.app[KIOSK]
    form = await fields_of(request, *TEXTS, "course")
    try:
        made = await acts.create(kiosk, signed_in(request), acts.NewCampaign(**form))
    except Refused as refusal:
        return _form(request, form, _beside(kiosk, request, refusal))
    return go(f"/staff/campaigns/{made.id}?done=created")


def _beside(kiosk: Kiosk, request: Request, refusal: Refused) -> dict[str, str]:
    """Return the refusal's sentence under the name of its field."""
    words = kiosk.pages.t(language(request), f"errors.{refusal.code}", **refusal.params)
    return {refusal.field or "name": words}


async def settings(request: Request) -> Response:
    """Show a campaign's facts and, to those who may change them, its texts."""
    found = await opened(request)
    row = found.campaign
    return _settings(request, found, {"name": row.name, "title": row.title, "text": row.text}, {})


def _settings(
    request: Request, found: Opened, form: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    return campaign_page(
        request,
        "staff/settings.html",
        found,
        status=Refused.status if errors else 200,
        tab="settings",
        link=f"{base_address(request)}/code/{found.campaign.code}",
        may_archive=found.may_change,
        may_edit=found.may_change and not found.campaign.archived,
        form=form,
        errors=errors,
    )


async def change(request: Request) -> Response:
    """Change the name, title and text, or show them again with why they were refused."""
    kiosk = request.app[KIOSK]
    form = await fields_of(request, *TEXTS)
    try:
        row = await acts.update(kiosk, signed_in(request), request.match_info["id"], **form)
    except Refused as refusal:
        return _settings(request, await opened(request), form, _beside(kiosk, request, refusal))
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
