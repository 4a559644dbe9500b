"""The terms of use, shown to a member of the staff before anything else, and the first page after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import team
from kiosk.errors import Forbidden
from kiosk.keys import KIOSK, LOGIN
from kiosk.screens.access import login_of, signed_in
from kiosk.screens.forms import form_of, go, local_address
from kiosk.screens.page import page
from kiosk.store import campaigns

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

WELCOME = "/staff/welcome"


async def terms(request: Request) -> Response:
    """Show the terms of use; with the button that accepts them to a member who has not."""
    login = request[LOGIN]
    workplace = login.workplace if login else None
    following = local_address(request.query.get("next", "/staff"), "/staff")
    return page(
        request, "public/terms.html", asked=workplace is not None and not workplace.terms, next=following
    )


async def accept(request: Request) -> Response:
    """Accept the terms, and go to the first campaign to make, or where one was heading."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    form = await form_of(request)
    if login_of(request).workplace is None:
        raise Forbidden("role.wrong")
    if form.get("accept") != "yes":
        return go("/terms")
    await team.accept_terms(kiosk, person)
    mine = await kiosk.db.read(
        lambda conn: campaigns.listed(conn, person.organisation, owner=person.id, archived=False)
    )
    following = local_address(form.get("next", "/staff"), "/staff")
    return go(following if mine or following != "/staff" else WELCOME)


async def welcome(request: Request) -> Response:
    """Propose a first campaign, and to an administrator a colleague to share the work with."""
    return page(request, "staff/welcome.html", space="campaigns")
