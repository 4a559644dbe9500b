"""Safe Exam Browser's pages: the address whose hash it shows, the session's file for the principal, the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from aiohttp.web import Response

from kiosk.actions import lockdown, seb
from kiosk.actions.seb import Shown
from kiosk.api.reply import body_of, reply
from kiosk.errors import Forbidden
from kiosk.exam_access import pass_of
from kiosk.guarding import GUARD
from kiosk.keys import KIOSK
from kiosk.screens.actors import actor_of
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import page
from kiosk.store import candidates, machines
from web.downloads import attachment

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.store.base import Reader
    from kiosk.store.machines import Pass

CONFIG_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
BROWSER_HEADER = "X-SafeExamBrowser-RequestHash"
SEB_TYPE = "application/seb"
MOST_KEYS_TEXT = 4000


class ByScript(msgspec.Struct, frozen=True):
    """What a browser says by its own script interface: hashes for the page's address."""

    config: Annotated[str, msgspec.Meta(max_length=64)]
    browser: Annotated[str, msgspec.Meta(max_length=64)] = ""
    version: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Proven(msgspec.Struct, frozen=True):
    """The browser is the one the session asks for."""

    proven: bool


_by_script = msgspec.json.Decoder(ByScript)


async def prove(request: Request) -> StreamResponse:
    """Check the browser by its headers; one that sends none shows its hash by script, on this page."""
    found, nonce = await _mine(request), request.match_info["nonce"]
    shown = Shown("header", request.headers.get(CONFIG_HEADER), request.headers.get(BROWSER_HEADER))
    verdict = await seb.check(request.app[KIOSK], request.app[GUARD].seb, found.candidate, nonce, shown)
    here = f"/exam/{found.candidate}"
    if verdict == "right":
        return go(here)
    status = 200 if verdict == "missing" else 403
    return page(request, "exam/seb.html", status=status, verdict=verdict, page={"here": here})


async def prove_by_script(request: Request) -> StreamResponse:
    """Check the browser by what its script interface gives; raises Forbidden when it is another."""
    found, nonce = await _mine(request), request.match_info["nonce"]
    body = await body_of(request, _by_script)
    shown = Shown("script", body.config, body.browser or None)
    verdict = await seb.check(request.app[KIOSK], request.app[GUARD].seb, found.candidate, nonce, shown)
    if verdict != "right":
        raise Forbidden(f"lockdown.seb_{verdict}")
    return reply(Proven(proven=True))


async def _mine(request: Request) -> Pass:
    return await pass_of(request, request.match_info["id"])


async def way_out(request: Request) -> StreamResponse:
    """Say that the browser may be closed; Safe Exam Browser closes itself when it comes here."""
    return page(request, "exam/seb.html", verdict="out", page={"here": "/exam"})


async def file(request: Request) -> StreamResponse:
    """Give the principal the session's file, locked, or open with `?plain=1`."""
    session = request.match_info["id"]
    actor = await actor_of(request, session)
    plain = request.query.get("plain") == "1"
    number, data = await seb.file_of(request.app[KIOSK], actor, session, plain=plain)
    name = f"preau-{number}{'-ouvert' if plain else ''}.seb"
    return Response(body=data, headers={"Content-Type": SEB_TYPE, "Content-Disposition": attachment(name)})


async def settings(request: Request) -> StreamResponse:
    """Show the principal the passwords and the browsers' keys of a session."""
    return await _settings(request)


async def keep_settings(request: Request) -> StreamResponse:
    """Keep the Browser Exam Keys that are typed, one a line."""
    session = request.match_info["id"]
    form = await form_of(request)
    keys = form.get("browser_keys", "")[:MOST_KEYS_TEXT].split()
    await seb.keep_browser_keys(request.app[KIOSK], await actor_of(request, session), session, keys)
    return go(f"/staff/sessions/{session}/lockdown")


async def _settings(request: Request) -> StreamResponse:
    kiosk, session = request.app[KIOSK], request.match_info["id"]
    row = await seb.settings(kiosk, await actor_of(request, session), session)
    names, labels = await kiosk.db.read(lambda conn: _known(conn, session))
    return page(
        request,
        "staff/lockdown.html",
        space="sessions",
        session_id=session,
        seb=row,
        refusals=await lockdown.refusals(kiosk, session),
        names=names,
        labels=labels,
        has_address=bool(kiosk.config.public_address) or not kiosk.secure,
    )


def _known(conn: Reader, session: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of a session's candidates and the labels of machines, by id."""
    names = {one.id: f"{one.first_name} {one.last_name}" for one in candidates.of_session(conn, session)}
    return names, machines.labels(conn)
