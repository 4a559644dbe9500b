"""The list of sessions, and the form that plans one, changes it or takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args
from urllib.parse import urlencode

import msgspec

from kiosk.actions import planning as acts
from kiosk.actions.planning import Plan
from kiosk.errors import KioskError, Refused
from kiosk.following import paged
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import page
from kiosk.screens.planning_reach import HOME, SPACE, session_of, today_of, view_of, words_of
from kiosk.screens.planning_views import session_view
from kiosk.screens.staff_lists import pager_of
from kiosk.session_lists import SORTS, TABS, asked_of, counted, narrowed
from kiosk.store import organisations, planning
from kiosk.store.sessions import Lockdown, Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.web import Request, Response

    from kiosk.organisations import Organisation
    from kiosk.store.sessions import Session

LOCKDOWNS: tuple[str, ...] = get_args(Lockdown)
MODES: tuple[str, ...] = get_args(Mode)
_YES = "yes"


class PlanForm(msgspec.Struct, frozen=True):
    """The form of a session as it was filled in."""

    site: str = ""
    room: str = ""
    date: str = ""
    time: str = ""
    examiners: str = ""
    description: str = ""
    mode: str = "certification"
    lockdown: str = "none"
    gate: str = ""
    minutes: str = "105"
    bundle: str = ""

    def plan(self, bundles: list[str]) -> Plan:
        """Return what it asks for; raises Refused for a choice that is none of those offered."""
        if self.mode not in MODES or self.lockdown not in LOCKDOWNS or self.bundle not in {"", *bundles}:
            raise Refused("request.malformed", field="mode")
        digits = self.minutes.strip()
        minutes = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0
        return Plan(
            self.site,
            self.room,
            self.date.strip(),
            self.time.strip()[:5],
            self.examiners,
            self.description,
            self.bundle or None,
            msgspec.convert(self.mode, Mode),
            self.gate == _YES,
            msgspec.convert(self.lockdown, Lockdown),
            minutes,
        )


async def listing(request: Request) -> Response:
    """Show the sessions to come, or those that are over, narrowed and sorted."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    asked, today = asked_of(request.query), today_of(request)
    everything = await acts.listed(kiosk, person)
    filled = await kiosk.db.read(lambda conn: planning.fillings(conn, person.organisation or ""))
    shown, rows = paged(narrowed(everything, asked), request.query.get("page", ""))
    kept = {"q": asked.text, "since": asked.since, "until": asked.until, "sort": asked.sort}
    return page(
        request,
        "staff/sessions.html",
        space=SPACE,
        asked=asked,
        tabs=[(tab, f"{HOME}?{urlencode({**kept, 'tab': tab})}") for tab in TABS],
        sorts=SORTS,
        counts=counted(everything),
        rows=[session_view(one, filled.get(one.id), today) for one in rows],
        pager=pager_of(request, shown),
        done=request.query.get("done", ""),
    )


async def new(request: Request) -> Response:
    """Show the form of a session to come, with the organisation's own name as its place."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    own: Organisation | None = await kiosk.db.read(
        lambda conn: organisations.by_id(conn, person.organisation or "")
    )
    form = PlanForm(site=own.name if own else "", date=today_of(request).isoformat(), time="09:00", gate=_YES)
    return await _form(request, form, {}, None)


async def create(request: Request) -> Response:
    """Plan a session, or show the form again with what was typed and why it was refused."""
    kiosk, form = request.app[KIOSK], await _read(request)
    try:
        made = await acts.create(kiosk, signed_in(request), form.plan(kiosk.rooms.shelf.names()))
    except Refused as refusal:
        return await _form(request, form, _beside(request, refusal), None)
    return go(f"{HOME}/{made.id}?done=created")


async def edit(request: Request) -> Response:
    """Show the form of a session that has not opened."""
    found = await session_of(request)
    form = PlanForm(
        found.site,
        found.room,
        found.date,
        found.time,
        found.examiners,
        found.description,
        found.mode,
        found.lockdown,
        _YES if found.gate else "",
        str(found.allowance_min),
        found.bundle or "",
    )
    return await _form(request, form, {}, found)


async def change(request: Request) -> Response:
    """Change a session, or show the form again with why not."""
    kiosk, form, found = request.app[KIOSK], await _read(request), await session_of(request)
    try:
        plan = form.plan([*kiosk.rooms.shelf.names(), found.bundle or ""])
        await acts.change(kiosk, signed_in(request), found.id, plan)
    except KioskError as refusal:
        return await _form(request, form, _beside(request, refusal), found)
    return go(f"{HOME}/{found.id}?done=changed")


async def removal(request: Request) -> Response:
    """Ask whether to take a session back, with what that takes away."""
    return await _removal(request, "")


async def remove(request: Request) -> Response:
    """Take a session back, or say why it cannot be."""
    found = await session_of(request)
    try:
        await acts.remove(request.app[KIOSK], signed_in(request), found.id)
    except KioskError as refusal:
        return await _removal(request, words_of(request, refusal), refusal.status)
    return go(f"{HOME}?done=removed")


async def _removal(request: Request, error: str, status: int = 200) -> Response:
    view = await view_of(request, await session_of(request))
    return page(request, "staff/session_remove.html", status=status, space=SPACE, session=view, error=error)


async def _read(request: Request) -> PlanForm:
    told = await form_of(request)
    return PlanForm(**{name: told.get(name, "") for name in PlanForm.__struct_fields__})


async def _form(
    request: Request, form: PlanForm, errors: Mapping[str, str], session: Session | None
) -> Response:
    return page(
        request,
        "staff/session_form.html",
        status=Refused.status if errors else 200,
        space=SPACE,
        form=form,
        errors=errors,
        session=session,
        modes=MODES,
        lockdowns=LOCKDOWNS,
        bundles=request.app[KIOSK].rooms.shelf.names(),
    )


_FIELDS = {"allowance_min": "minutes"}


def _beside(request: Request, refusal: KioskError) -> dict[str, str]:
    """Return the refusal's sentence under the name of its field."""
    name = refusal.field or "form"
    return {_FIELDS.get(name, name): words_of(request, refusal)}
