"""What happens around every request, in one place: who asks, from where, and how a refusal is said.

One middleware, so that its order is plain: host, login, role, origin, size, handler, headers. Anything raised
below becomes the same answer as a page or as JSON; what nobody expected is a 500 that is logged with its trace and
says nothing of the inside.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from aiohttp.web import HTTPException, HTTPRedirection, Request, Response, StreamResponse, middleware
from multidict import CIMultiDict

from kiosk.errors import Forbidden, Full, KioskError, NotFound, NotSignedIn, TooLarge, WrongMethod
from kiosk.keys import KIOSK, LANG, LOGIN, PLACES, RULES, UNFINALISED, Kiosk
from kiosk.language import lang_of
from kiosk.logins import cookie_name
from kiosk.origin import SAFE, check_host, check_origin, is_loopback
from kiosk.refusals import as_json, as_page, translated
from kiosk.route import BODY
from kiosk.store.finalisation import waiting
from sync.transaction import Busy, DatabaseError
from web.security import PAGE_HEADERS

if TYPE_CHECKING:
    from kiosk.logins import Login
    from kiosk.route import Handler, Route

SIGN_IN = "/sign-in"
TERMS = "/terms"
STAFF_ROWS = frozenset({"staff", "principal"})
DATA = ("/api/", "/live/")
PASSWORD = "/password"  # noqa: S105 - an address
_HEADERS = CIMultiDict(PAGE_HEADERS)
_log = structlog.get_logger()


@middleware
async def guard(request: Request, handler: Handler) -> StreamResponse:
    """Serve one request under the rules of its row in the table."""
    kiosk = request.app[KIOSK]
    request[LOGIN] = None
    rule = request.app[RULES].get(request.match_info.route)
    try:
        if rule is None and request.match_info.http_exception is None:
            return await handler(request)  # static files: public, and with headers of their own
        response = await _serve(kiosk, request, handler, rule)
    except HTTPRedirection as elsewhere:
        response = Response(status=elsewhere.status, headers=elsewhere.headers)
    except ConnectionError:  # whoever asked has left in the middle of a word: nobody reads this answer
        response = Response(status=400)
    except Exception as problem:  # noqa: BLE001 - the last net: whatever it is, a person gets an answer
        response = _refusal(kiosk, request, problem)
    kiosk.metrics.statuses[response.status] += 1
    if not response.prepared:
        response.headers.merge(_HEADERS)  # what a handler set stays
        response.headers["Server"] = "preau"  # nothing about versions
    return response


async def _serve(kiosk: Kiosk, request: Request, handler: Handler, rule: Route | None) -> StreamResponse:
    check_host(request, kiosk.config)
    login = await find_login(kiosk, request)
    request[LOGIN] = login
    if rule is None:
        problem = request.match_info.http_exception
        if problem is not None:
            raise problem
        raise NotFound("page.unknown")
    _check_who(rule, login, request)
    if rule.who in STAFF_ROWS and login is not None and not request.path.startswith(DATA):
        await _prepare_staff(kiosk, login, request)
    if request.content_length is not None and request.content_length > rule.body:
        raise TooLarge("request.too_large", params={"limit": rule.body // 1024})
    if rule.body > BODY:
        # A form with a file: reading it stops at what its own row allows, no longer at the size of a short form.
        request._client_max_size = rule.body  # noqa: SLF001 - a clone would leave its files open: aiohttp closes those of this one
    if rule.csrf and request.method not in SAFE:
        await check_origin(request, login)
    return await handler(request)


async def find_login(kiosk: Kiosk, request: Request) -> Login | None:
    """Return who is signed in, from the cookie alone."""
    header = request.headers.get("Cookie")
    if header is None:
        return None
    name = cookie_name(secure=kiosk.secure) + "="
    for part in header.split("; "):
        if part.startswith(name):
            return await kiosk.logins.find(part[len(name) :], kiosk.clock.now_ms())
    return None


def _check_who(rule: Route, login: Login | None, request: Request) -> None:
    who = rule.who
    if who == "anyone":
        return
    if who == "loopback":
        if not is_loopback(request):
            raise NotFound("page.unknown")
        return
    if login is None:
        raise NotSignedIn("login.needed")
    person = login.person
    if not rule.first:
        login.check_password()
    # A pupil's pages are open to anyone signed in: staff may try a course, or be a learner elsewhere.
    if who not in {"person", "pupil", person.role} and not (who == "staff" and person.is_staff):
        raise Forbidden("role.wrong")
    if who in STAFF_ROWS:
        login.check_terms()


async def _prepare_staff(kiosk: Kiosk, login: Login, request: Request) -> None:
    """Read what every staff page shows: the places left, and the principal's sessions that wait to be finalised."""
    workplace = login.workplace
    if workplace is None:
        return
    now = kiosk.clock.now_ms()
    request[PLACES] = await kiosk.places.of(workplace.id, now)
    if login.person.role == "principal" and request.method == "GET":
        today = datetime.fromtimestamp(now // 1000, UTC).astimezone().date().isoformat()
        request[UNFINALISED] = await kiosk.db.read(lambda conn: waiting(conn, workplace.id, today))


def _refusal(kiosk: Kiosk, request: Request, problem: Exception) -> StreamResponse:
    error = _known(problem)
    if isinstance(problem, DatabaseError | sqlite3.Error) and not isinstance(problem, Busy):
        _log.error("not saved", reason=str(problem), route=_route_name(request))
    if error is None:
        _log.exception("request failed", method=request.method, route=_route_name(request))
        error = KioskError("server.failed")
    lang = lang_of(request, request[LOGIN])
    request[LANG] = lang
    if request.path.startswith(DATA):
        return as_json(kiosk, lang, error)
    if error.code == "password.must_change":
        following = request.path_qs if request.method in SAFE else "/"
        return _see(f"{PASSWORD}?next={quote(following, safe='/')}")
    if error.code == "terms.needed":
        following = request.path_qs if request.method in SAFE else "/staff"
        return _see(f"{TERMS}?next={quote(following, safe='/')}")
    if isinstance(error, NotSignedIn) and request.method in SAFE:
        return _see(f"{SIGN_IN}?next={quote(request.path_qs, safe='/')}")
    return as_page(kiosk, request, error)


def _see(address: str) -> Response:
    return Response(status=303, headers={"Location": address})


def _known(problem: Exception) -> KioskError | None:
    """Return the refusal to show for anything raised below, None for what nobody foresaw."""
    if isinstance(problem, KioskError):
        return problem
    if isinstance(problem, Busy):
        return Full("server.busy", retry_after=2)
    if isinstance(problem, DatabaseError | sqlite3.Error):
        return Full("server.not_saved", retry_after=5)
    if isinstance(problem, HTTPException):
        return _of_aiohttp(problem)
    return translated(problem)


def _of_aiohttp(problem: HTTPException) -> KioskError | None:
    match problem.status:
        case 404:
            return NotFound("page.unknown")
        case 405:
            return WrongMethod("request.method", params={"allowed": problem.headers.get("Allow", "")})
        case 413:
            return TooLarge("request.too_large", params={"limit": BODY // 1024})
        case status if status < 500:
            return _as_bad(problem)
    return None


def _as_bad(problem: HTTPException) -> KioskError:
    error = KioskError("request.malformed")
    error.status = problem.status
    return error


def _route_name(request: Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"
