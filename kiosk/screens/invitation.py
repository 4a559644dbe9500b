"""What an invitation opens, for whoever holds it: join with one's account, or make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import inviting as acts
from kiosk.actions.accounts import NewPerson
from kiosk.api.accounts import set_login_cookie
from kiosk.errors import KioskError, NotFound, Refused
from kiosk.keys import KIOSK
from kiosk.refusals import problem_of
from kiosk.screens.access import login_of
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.screens.team_invitations import invitation_view

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

FIELDS = ("first_name", "last_name", "username", "email")
CODE_MOST = 100


async def show(request: Request) -> Response:
    """Show who invites, to what, and the ways in."""
    return await _page(request, dict.fromkeys(("first_name", "last_name", "username"), ""), None)


async def _page(request: Request, form: dict[str, str], refusal: KioskError | None) -> Response:
    kiosk, code = request.app[KIOSK], _code(request)
    now = kiosk.clock.now_ms()
    found = await kiosk.db.read(lambda conn: acts.opened_by(conn, code, now))
    invitation = invitation_view(found.invitation, now)
    return page(
        request,
        "public/invitation.html",
        status=refusal.status if refusal else 200,
        organisation=found.organisation,
        invitation=invitation,
        here=f"/invitation/{code}",
        form={"email": invitation.email, **form},
        problem=problem_of(kiosk, language(request), refusal) if refusal else None,
    )


def _code(request: Request) -> str:
    code = request.match_info["code"]
    if len(code) > CODE_MOST:
        raise NotFound("team.invitation_gone")
    return code


async def accept(request: Request) -> Response:
    """Join with the account one is signed in with."""
    await acts.accept(request.app[KIOSK], login_of(request), _code(request))
    return go("/staff")


async def register(request: Request) -> Response:
    """Make an account and join with it, or show the form again with why it was refused."""
    kiosk = request.app[KIOSK]
    form = await form_of(request)
    password = form.get("password", "")[:1000]
    new = NewPerson(
        form.get("username", "")[:255],
        form.get("first_name", "")[:300],
        form.get("last_name", "")[:300],
        "pupil",
        lang=language(request),
    )
    try:
        if password != form.get("again", "")[:1000]:
            raise Refused("password.differ", field="again")
        _, secret = await acts.register(kiosk, _code(request), new, form.get("email", "")[:300], password)
    except NotFound:
        raise
    except KioskError as refusal:
        return await _page(request, {name: form.get(name, "")[:300] for name in FIELDS}, refusal)
    response = go("/staff")
    set_login_cookie(response, secret, hours=kiosk.config.login_hours, secure=kiosk.secure)
    return response
