"""The team of an organisation: who is in it, changed by its administrators, and left by whoever wants to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.actions import team as acts
from kiosk.actions.organisation import own
from kiosk.errors import Refused
from kiosk.folding import folded
from kiosk.keys import KIOSK
from kiosk.people import MEMBER_ROLES, MemberRole
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import page
from kiosk.screens.staff_views import local, local_or_none
from kiosk.store import memberships

if TYPE_CHECKING:
    from datetime import datetime

    from aiohttp.web import Request, Response

    from kiosk.people import Person
    from kiosk.store.memberships import Member

TEAM = "/staff/team"


@dataclass(frozen=True)
class MemberView:
    """A member as the list shows them; `way` is how they sign in."""

    id: str
    first_name: str
    last_name: str
    way: str
    role: MemberRole
    joined: datetime
    seen: datetime | None
    me: bool


def member_view(member: Member, person: Person) -> MemberView:
    """Return a member as this person reads them."""
    return MemberView(
        id=member.person,
        first_name=member.first_name,
        last_name=member.last_name,
        way=member.username or member.email or "",
        role=member.role,
        joined=local(member.joined_ms),
        seen=local_or_none(member.seen_ms),
        me=member.person == person.id,
    )


async def listing(request: Request) -> Response:
    """Show the members, administrators first."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    organisation = person.organisation or ""
    found = await kiosk.db.read(lambda conn: memberships.of_organisation(conn, organisation))
    views = [member_view(one, person) for one in found]
    views.sort(key=lambda one: (MEMBER_ROLES.index(one.role), folded(one.last_name), folded(one.first_name)))
    return page(
        request,
        "staff/team.html",
        space="team",
        members=views,
        last=sum(one.role == "admin" for one in found) == 1 and person.role == "principal",
        done=request.query.get("done", ""),
    )


async def change_role(request: Request) -> Response:
    """Change what a colleague is."""
    wanted = (await form_of(request)).get("role")
    role = next((known for known in MEMBER_ROLES if known == wanted), None)
    if role is None:
        raise Refused("team.bad_role", field="role")
    await acts.change_role(request.app[KIOSK], signed_in(request), request.match_info["person"], role)
    return go(f"{TEAM}?done=role")


async def member(request: Request) -> Response:
    """Show a colleague to an administrator, with what may be changed and what follows from it."""
    found = await _colleague(request)
    return page(request, "staff/team_member.html", space="team", member=found, roles=MEMBER_ROLES)


async def remove(request: Request) -> Response:
    """Take a colleague out of the team."""
    await acts.remove(request.app[KIOSK], signed_in(request), request.match_info["person"])
    return go(f"{TEAM}?done=removed")


async def give_password(request: Request) -> Response:
    """Give a colleague a one-time password, shown once."""
    found = await _colleague(request)
    once = await acts.give_password(request.app[KIOSK], signed_in(request), found.id)
    return page(request, "staff/team_password.html", space="team", member=found, password=once)


async def _colleague(request: Request) -> MemberView:
    person, wanted = signed_in(request), request.match_info["person"]
    found = await request.app[KIOSK].db.read(lambda conn: acts.colleague(conn, person, wanted))
    return member_view(found, person)


async def ask_leave(request: Request) -> Response:
    """Ask before leaving, saying what follows."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    organisation = await kiosk.db.read(lambda conn: own(conn, person))
    admins = await kiosk.db.read(lambda conn: memberships.count_admins(conn, organisation.id))
    return page(
        request,
        "staff/team_leave.html",
        space="team",
        organisation=organisation,
        last=admins == 1 and person.role == "principal",
    )


async def leave(request: Request) -> Response:
    """Leave the team, and go to one's own courses or another organisation."""
    await acts.leave(request.app[KIOSK], signed_in(request))
    return go("/account")
