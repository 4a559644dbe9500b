"""A supervisor's pages: the two ways in, the room, one candidate, what concerns the whole room, incidents.

Every act is a form of these pages. Without a script it goes as it is, for browsers let in by the password and for the
principal; with one, the browser's key signs it and the API takes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from exam.session.incidents import CATEGORIES
from kiosk.actions import supervisor_entry, supervisors
from kiosk.actions.supervisor_entry import Typed
from kiosk.api import acts
from kiosk.api.acts import ActBody
from kiosk.api.reply import encode
from kiosk.body import in_time
from kiosk.candidate_view import NEEDS
from kiosk.errors import BadRequest, Conflict, KioskError, NotFound, NotSignedIn
from kiosk.keys import KIOSK
from kiosk.origin import address_of
from kiosk.refusals import problem_of
from kiosk.room_view import room_view
from kiosk.screens.actors import actor_of
from kiosk.screens.forms import form_of, go, local_address
from kiosk.screens.page import language, page
from kiosk.screens.staff_views import local
from kiosk.screens.supervise_signing import to_sign
from kiosk.screens.supervise_views import ICONS, LOOKS, SCAN_POLICY, UNDONE_BY, by_need, look_of, told
from kiosk.store import lockdown, sessions
from kiosk.supervisor_access import set_cookie, supervisor_of

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse
    from aiohttp.web_request import FileField
    from multidict import MultiDictProxy

    from kiosk.actors import Actor
    from kiosk.room_view import RoomView
    from kiosk.store.sessions import Session

DOOR = "/supervise"
DOUBTED = 50
"""How many of the things that were not believed a page lists."""


async def door(request: Request) -> StreamResponse:
    """Ask for the session's number and password; a browser that is in goes to its room."""
    found = await supervisor_of(request)
    if found is not None and found.status in {"asking", "in"}:
        return go(f"{DOOR}/{found.session}")
    return page(request, "supervise/door.html", typed={"number": "", "name": ""}, problem=None)


async def enter(request: Request) -> StreamResponse:
    """Take number and password; a refusal shows the page again."""
    kiosk, form = request.app[KIOSK], await form_of(request)
    typed = {name: form.get(name, "").strip()[:100] for name in ("number", "name")}
    try:
        asked = Typed(typed["number"], form.get("password", "")[:100], typed["name"])
        came = await supervisor_entry.enter(kiosk, asked, address_of(request))
    except KioskError as refusal:
        problem = problem_of(kiosk, language(request), refusal)
        return page(request, "supervise/door.html", status=refusal.status, typed=typed, problem=problem)
    response = go(f"{DOOR}/{came.supervisor.session}")
    set_cookie(request, response, came)
    return response


async def join(request: Request) -> StreamResponse:
    """Show the page that makes a key for the ticket in its address, and the number to compare."""
    return page(request, "supervise/join.html")


async def machine(request: Request) -> StreamResponse:
    """Show the page behind a machine's square: whom to move there."""
    found = await supervisor_of(request)
    if found is None or found.status != "in":
        return go(DOOR)
    seen = await _seen(request, found.session)
    if not isinstance(seen, tuple):
        return seen
    moving = [one for one in seen[1].candidates if "move" in one.acts]
    shown = await _forms_page(request, seen[0], found.session, {})
    return _page(request, "supervise/machine.html", *seen, moving=moving, page=shown)


async def room(request: Request) -> StreamResponse:
    """Show the room: who needs somebody now, then everyone."""
    seen = await _seen(request, request.match_info["id"])
    if not isinstance(seen, tuple):
        return seen
    actor, view = seen
    asking = await _asking(request, actor, view.id)
    response = _page(
        request,
        "supervise/room.html",
        *seen,
        groups=by_need(view.candidates),
        asking=asking,
        ends=max((one.ends_at for one in view.candidates if one.ends_at is not None), default=None),
        page={
            "session": view.id,
            "signed": actor.kind == "supervisor" and await _has_key(request),
            "live": f"/live/sessions/{view.id}",
            "api": f"/api/v1/sessions/{view.id}",
            "here": f"{DOOR}/{view.id}",
            "needs": list(NEEDS),
            "looks": LOOKS,
            "room": json.loads(encode(view)),
        },
    )
    response.enable_compression()  # three hundred lines, over the phones' Wi-Fi
    return response


async def candidate(request: Request) -> StreamResponse:
    """Show one candidate, with every act that is possible now."""
    seen = await _seen(request, request.match_info["id"])
    if not isinstance(seen, tuple):
        return seen
    wanted = request.match_info["candidate"]
    one = next((one for one in seen[1].candidates if one.id == wanted), None)
    if one is None:
        raise NotFound("candidate.unknown")
    response = _page(
        request,
        "supervise/candidate.html",
        *seen,
        one=one,
        look=look_of(one),
        offered=[left for left in seen[1].leftovers if left.candidate == wanted],
        categories=[row for row in CATEGORIES.values() if row.of_candidate],
        noted=[row for row in seen[1].incidents if row.candidate == wanted and row.withdrawn_ms is None],
        page=await _forms_page(request, seen[0], seen[1].id, {"candidate": json.loads(encode(one))}),
    )
    response.headers["Permissions-Policy"] = SCAN_POLICY
    return response


async def whole(request: Request) -> StreamResponse:
    """Show what concerns the whole room."""
    seen = await _seen(request, request.match_info["id"])
    if not isinstance(seen, tuple):
        return seen
    actor, view = seen
    kiosk = request.app[KIOSK]
    known = await supervisors.known(kiosk, actor, view.id)
    doubted = await kiosk.db.read(lambda conn: lockdown.refusals(conn, view.id))
    return _page(
        request,
        "supervise/whole.html",
        *seen,
        waiting=[one for one in view.candidates if "admit" in one.acts],
        stopped=[one for one in view.candidates if "clear_lockdown" in one.acts],
        doubted=doubted[:DOUBTED],
        names={one.id: f"{one.last_name} {one.first_name}" for one in view.candidates},
        others=[one for one in known.supervisors if one.status == "in" and one.key != actor.key],
        page=await _forms_page(request, actor, view.id, {}),
    )


async def incidents(request: Request) -> StreamResponse:
    """Show what was noted, and the form to note something."""
    seen = await _seen(request, request.match_info["id"])
    if not isinstance(seen, tuple):
        return seen
    return _page(
        request,
        "supervise/incidents.html",
        *seen,
        categories=list(CATEGORIES.values()),
        names={one.id: f"{one.last_name} {one.first_name}" for one in seen[1].candidates},
        page=await _forms_page(request, seen[0], seen[1].id, {}),
    )


async def act(request: Request) -> StreamResponse:
    """Do what a form asks, without a script: for the principal, and for browsers let in by the password."""
    kiosk, session = request.app[KIOSK], request.match_info["id"]
    posted = await in_time(request.post())
    following = local_address(str(posted.get("next", "")), f"{DOOR}/{session}")
    try:
        actor = await actor_of(request, session)
        body = _body(posted)
        if body.act == "end" and posted.get("confirm") != "1":
            raise Conflict("supervisor.confirm")
        done = await acts.do(kiosk, actor, session, body)
    except NotSignedIn:
        return go(DOOR)
    except KioskError as refusal:
        return go(f"{following}?refused={refusal.code}")
    refused = next((one.code for one in done if one.code), "")
    if refused:
        return go(f"{following}?refused={refused}")
    who = body.candidates[0] if body.candidates is not None and len(body.candidates) == 1 else ""
    return go(f"{following}?done={body.act}&who={who}")


def _body(posted: MultiDictProxy[str | bytes | bytearray | FileField]) -> ActBody:
    """Return the act a form asks; a field left empty is one that was not given."""
    fields: dict[str, object] = {
        name: value for name, value in posted.items() if isinstance(value, str) and value
    }
    wanted = [one for one in posted.getall("candidate", []) if isinstance(one, str) and one]
    fields["candidates"] = wanted or None
    try:
        return msgspec.convert(fields, ActBody, strict=False)
    except msgspec.ValidationError:
        raise BadRequest("request.wrong_shape") from None


async def _seen(request: Request, session: str) -> tuple[Actor, RoomView] | StreamResponse:
    """Return who asks and the room, or the page that says why there is none."""
    kiosk = request.app[KIOSK]
    try:
        actor = await actor_of(request, session)
    except NotSignedIn:
        return go(DOOR)
    except KioskError as refusal:
        if refusal.code == "supervisor.not_yet":
            return go(f"{DOOR}/join")
        if refusal.code == "role.wrong":
            return go(DOOR)  # somebody signed in who has not come into this room
        raise
    try:
        return actor, await room_view(kiosk, actor, session)
    except Conflict:
        found = await kiosk.db.read(lambda conn: sessions.by_id(conn, session))
        if found is None:
            raise
        return await _not_open(request, found, actor)


async def _not_open(request: Request, session: Session, actor: Actor) -> StreamResponse:
    hour = local(request.app[KIOSK].clock.now_ms())
    signing = await to_sign(request, session, actor)
    return page(request, "supervise/not_open.html", session=session, hour=hour, signing=signing)


def _page(request: Request, template: str, actor: Actor, view: RoomView, **context: object) -> Response:
    known: dict[str, object] = {
        "actor": actor,
        "room": view,
        "here": f"{DOOR}/{view.id}",
        "hour": local(view.now_ms),
        "told": told(request.query, view.candidates),
        "undone_by": UNDONE_BY,
        "looks": LOOKS,
        "icons": ICONS,
        "look_of": look_of,
        "local": local,
        "page": {},
    }
    known.update(context)
    return page(request, template, status=200, **known)


async def _forms_page(
    request: Request, actor: Actor, session: str, more: dict[str, object]
) -> dict[str, object]:
    signed = actor.kind == "supervisor" and await _has_key(request)
    api, live = f"/api/v1/sessions/{session}", f"/live/sessions/{session}"
    return {"session": session, "signed": signed, "api": api, "live": live, **more}


async def _has_key(request: Request) -> bool:
    found = await supervisor_of(request)
    return found is not None and found.way == "key"


async def _asking(request: Request, actor: Actor, session: str) -> int:
    known = await supervisors.known(request.app[KIOSK], actor, session)
    return sum(1 for one in known.supervisors if one.status == "asking")
