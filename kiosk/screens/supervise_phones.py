"""Who supervises: the square to aim a phone at, numbers to compare, phones that are in, what was refused.

The principal has it among the pages of the session; a supervisor has it on the phone, to bring a colleague in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import supervisor_entry, supervisor_tickets, supervisors
from kiosk.actors import authorised
from kiosk.errors import KioskError, NotSignedIn, Refused
from kiosk.keys import KIOSK
from kiosk.lan.qr import qr_path
from kiosk.screens.actors import actor_of
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import page
from kiosk.screens.staff_common import base_address
from kiosk.screens.staff_views import local
from kiosk.supervisor_access import supervisor_of

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.store.supervisors import Supervisor

DOOR = "/supervise"
ACTS = ("ticket", "let_in", "put_out", "kits", "password")


async def phones(request: Request) -> StreamResponse:
    """Show the session's supervisors, on a phone or among the principal's pages; `show=ticket` after a form that asked."""
    session = request.match_info["id"]
    try:
        actor = await actor_of(request, session)
    except NotSignedIn:
        return go(DOOR)
    return await _show(request, actor, session)


async def change(request: Request) -> StreamResponse:
    """Do what a form asks: show a square, let in, put out, call kits in, give another password."""
    session, form = request.match_info["id"], await form_of(request)
    try:
        actor = await actor_of(request, session)
        if form.get("act") == "ticket":
            shown = await supervisor_tickets.show_ticket(request.app[KIOSK], actor, session)
            return await _show(request, actor, session, secret=shown.secret)
        await _do(request.app[KIOSK], actor, session, form)
    except NotSignedIn:
        return go(DOOR)
    except KioskError as refusal:
        return go(f"{request.path}?refused={refusal.code}")
    return go(f"{request.path}?done={form.get('act', '')[:20]}")


async def _do(kiosk: Kiosk, actor: Actor, session: str, form: dict[str, str]) -> None:
    wanted = form.get("supervisor", "")
    match form.get("act"):
        case "let_in":
            await supervisors.let_in(kiosk, actor, session, wanted, form.get("number", ""))
        case "put_out":
            await supervisors.put_out(kiosk, actor, session, wanted, form.get("why", ""))
        case "kits":
            await supervisor_tickets.call_in_kits(kiosk, actor, session)
        case "password":
            await supervisor_entry.change_password(kiosk, actor, session)
        case _:
            raise Refused("request.malformed")


async def _show(request: Request, actor: Actor, session: str, *, secret: str = "") -> StreamResponse:
    kiosk = request.app[KIOSK]
    found = await kiosk.db.read(lambda conn: authorised(conn, actor, session))
    known = await supervisors.known(kiosk, actor, session)
    own = await supervisor_of(request)
    address = f"{base_address(request)}/supervise/join#{secret}" if secret else ""
    signed = actor.kind == "supervisor" and own is not None and own.way == "key"
    staff = request.path.startswith("/staff")
    return page(
        request,
        "supervise/staff_phones.html" if staff else "supervise/phones.html",
        space="certification",
        actor=actor,
        session=found,
        here=request.path,
        room_at=f"{DOOR}/{session}",
        asking=[one for one in known.supervisors if one.status == "asking"],
        inside=[one for one in known.supervisors if one.status == "in"],
        gone=[one for one in known.supervisors if one.status in {"refused", "revoked"}],
        kits=known.kits,
        refusals=[(one, _name(known.supervisors, one.supervisor)) for one in known.refusals],
        own=own.id if own is not None else "",
        may_bring=actor.kind == "principal" or signed,
        qr=qr_path(address) if address else None,
        typed_at=f"{base_address(request)}/supervise",
        done=request.query.get("done", "")[:20],
        refused=request.query.get("refused", "")[:60],
        hour=local(kiosk.clock.now_ms()),
        local=local,
        page={"session": session, "signed": signed, "api": f"/api/v1/sessions/{session}"},
    )


def _name(known: list[Supervisor], wanted: str) -> str:
    return next((one.name for one in known if one.id == wanted), "")
