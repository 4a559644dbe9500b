"""Invitations to a team, for its administrators: made, shown once to be handed over, made again, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.actions import inviting as acts
from kiosk.actions.team import administered
from kiosk.errors import KioskError, Refused
from kiosk.invitations import INVITATION_ROLES, TYPED_MOST
from kiosk.keys import KIOSK
from kiosk.lan.qr import QrPath, qr_path
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.screens.staff_common import base_address
from kiosk.screens.staff_views import local
from kiosk.store import invitations as store

if TYPE_CHECKING:
    from datetime import datetime

    from aiohttp.web import Request, Response

    from kiosk.actions.inviting import Handed
    from kiosk.invitations import Invitation, InvitationRole

PAGE = "/staff/team/invitations"


@dataclass(frozen=True)
class InvitationView:
    """An invitation as pages show it; `email` is "" for one to hand over."""

    id: str
    email: str
    role: InvitationRole
    sent: datetime
    until: datetime
    expired: bool


@dataclass(frozen=True)
class HandedView:
    """An invitation with its link and the square to aim at, the one time they are known."""

    invitation: InvitationView
    link: str
    qr: QrPath


def invitation_view(one: Invitation, now_ms: int) -> InvitationView:
    """Return an invitation as pages show it at an instant."""
    return InvitationView(
        one.id,
        one.email or "",
        one.role,
        local(one.sent_ms),
        local(one.expires_ms),
        not one.is_usable(now_ms),
    )


async def pending(request: Request) -> Response:
    """Show the form and the invitations that wait."""
    return await _page(request, {"emails": "", "role": "member"}, None)


async def _page(request: Request, form: dict[str, str], refusal: KioskError | None) -> Response:
    kiosk, person = request.app[KIOSK], signed_in(request)
    now = kiosk.clock.now_ms()
    found = await kiosk.db.read(lambda conn: store.pending(conn, administered(conn, person)))
    return page(
        request,
        "staff/team_invitations.html",
        status=refusal.status if refusal else 200,
        space="team",
        pending=[invitation_view(one, now) for one in found],
        roles=INVITATION_ROLES,
        mail=kiosk.config.mail_ready,
        form=form,
        problem=problem_of(kiosk, language(request), refusal) if refusal else None,
        done=request.query.get("done", ""),
    )


async def invite(request: Request) -> Response:
    """Make invitations and show them, or show the form again with why they were refused."""
    form = await form_of(request)
    typed = form.get("emails", "")[:TYPED_MOST]
    role = next((known for known in INVITATION_ROLES if known == form.get("role")), None)
    try:
        if role is None:
            raise Refused("team.bad_role", field="role")
        made = await acts.invite(request.app[KIOSK], signed_in(request), typed, role)
    except KioskError as refusal:
        return await _page(request, {"emails": typed, "role": role or "member"}, refusal)
    return _handed(request, made)


async def send_again(request: Request) -> Response:
    """Make an invitation again and show it: the link before opens nothing any more."""
    made = await acts.send_again(request.app[KIOSK], signed_in(request), request.match_info["id"])
    return _handed(request, [made])


def _handed(request: Request, made: list[Handed]) -> Response:
    kiosk = request.app[KIOSK]
    now, base = kiosk.clock.now_ms(), base_address(request)
    links = [(one, f"{base}/invitation/{one.code}") for one in made]
    return page(
        request,
        "staff/team_handed.html",
        space="team",
        handed=[HandedView(invitation_view(one.invitation, now), link, qr_path(link)) for one, link in links],
        mailed=kiosk.config.mail_ready and any(one.invitation.email for one in made),
    )


async def cancel(request: Request) -> Response:
    """Take an invitation back."""
    await acts.cancel(request.app[KIOSK], signed_in(request), request.match_info["id"])
    return go(f"{PAGE}?done=cancelled")
