"""What happens around every request, in one place: who asks, from where, and how a refusal is said.

Order: the route's row, the size, the login, the body, the origin, the handler, the headers. Whatever is raised below becomes a
page or JSON with its status; what nobody expected is a 500 that is logged and says nothing of the inside.
"""

from __future__ import annotations

import asyncio
import traceback
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from aiohttp.web import HTTPException, Request, StreamResponse, middleware
from sqlalchemy.exc import SQLAlchemyError

from sync.central.appkeys import INSTANCE, LANG, OFFICER, PAGES, ROUTES
from sync.central.cookie import cookie_name
from sync.central.errors import CentralError, NotFound, NotSignedIn, Refused
from sync.central.origin import SAFE, check_origin
from sync.central.refusals import as_json, as_page, go
from sync.central.store import officers
from web.i18n import LANGUAGES, REFERENCE
from web.security import PAGE_HEADERS

if TYPE_CHECKING:
    from sync.central.routes import Handler, Route
    from sync.central.store.officers import Officer

_log = structlog.get_logger()
FORM_MAX = 16 * 1024
"""Largest form or enrolment, in bytes."""
SHORT_S = 20
"""Seconds such a body may take to arrive."""
LONG_S = 120
"""Seconds the records of a school may take: 4 MB on a slow line; a daemon gives up then too, and tries again."""


@middleware
async def guard(request: Request, handler: Handler) -> StreamResponse:
    """Serve one request under the rules of its row in the table."""
    rule = request.app[ROUTES].get(request.match_info.route)
    request[LANG] = language_of(request)
    response: StreamResponse
    try:
        if rule is None and request.match_info.http_exception is None:
            return await handler(request)  # static files: public, with headers of their own
        response = await _serve(request, handler, rule)
    except CentralError as problem:
        response = _refusal(request, rule, problem)
    except HTTPException as problem:
        response = _refusal(request, rule, _known(problem))
    except SQLAlchemyError as problem:
        _log.error("central.database_failed", trace=_trace(problem))
        response = _refusal(request, rule, Refused("central.unavailable", 503))
    except Exception as problem:  # noqa: BLE001 - the last net: the person gets a page, the log gets the trace
        _log.error("central.broke", trace=_trace(problem))
        response = _refusal(request, rule, Refused("central.broke", 500))
    if not response.prepared:
        for name, value in PAGE_HEADERS.items():
            response.headers.setdefault(name, value)
    return response


async def _serve(request: Request, handler: Handler, rule: Route | None) -> StreamResponse:
    if rule is None:
        raise request.match_info.http_exception or NotFound
    if request.content_length is not None and request.content_length > rule.body:
        raise Refused("body.too_big", 413)
    if rule.who != "machine":
        await _find_officer(request)
        if rule.who == "officer" and OFFICER not in request:
            raise NotSignedIn
    if request.method not in SAFE:
        await _read_in_time(request, rule)
        if rule.who != "machine":
            await check_origin(request)
    return await handler(request)


async def _read_in_time(request: Request, rule: Route) -> None:
    """Read the body here, once for all handlers: who sends it drop by drop may not keep a place for ever."""
    try:
        async with asyncio.timeout(SHORT_S if rule.body <= FORM_MAX else LONG_S):
            await request.read()
    except TimeoutError:
        raise Refused("body.too_slow", 408) from None


async def _find_officer(request: Request) -> None:
    instance = request.app[INSTANCE]
    secret = request.cookies.get(cookie_name(secure=instance.config.secure))
    if not secret:
        return
    now = instance.clock()
    async with instance.database.read() as conn:
        found = await officers.read_login(conn, secret, now)
    if found is None:
        return
    officer, seen_at = found
    request[OFFICER] = officer
    request[LANG] = officer.lang
    if now - seen_at > officers.SEEN_EVERY_MS:
        await instance.database.write(lambda conn: officers.touch_login(conn, secret, now))


def language_of(request: Request) -> str:
    """Return the language a stranger reads: what their browser asks first among ours, else French."""
    chosen = request.cookies.get("preau-lang", "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return REFERENCE


def _trace(problem: Exception) -> str:
    """Return the trace as text: where it broke, never the values at hand, which may be secrets."""
    return "".join(traceback.format_exception(problem))


def _known(problem: HTTPException) -> CentralError:
    codes = {404: "page.unknown", 405: "page.wrong_method", 413: "body.too_big"}
    return Refused(codes.get(problem.status, "central.refused"), problem.status)


def _refusal(request: Request, rule: Route | None, problem: CentralError) -> StreamResponse:
    machine = rule.who == "machine" if rule else request.path.startswith("/api/")
    pages, lang = request.app[PAGES], request[LANG]
    if machine:
        return as_json(pages, lang, problem)
    if isinstance(problem, NotSignedIn) and request.method in SAFE:
        return go(f"/login?next={quote(request.path, safe='/')}")
    officer: Officer | None = request.get(OFFICER)
    return as_page(pages, lang, problem, officer)
