"""Signing in at the identity provider of the network: going there, coming back, and the first time.

A cookie of its own, which the provider's redirection may carry (SameSite=Lax), ties the browser that left to the one that
comes back. The login's cookie may not be sent on a redirection from elsewhere, so coming back ends on a page of ours
that goes on by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import provider_sign_in as acts
from kiosk.api.accounts import set_login_cookie
from kiosk.errors import Conflict, KioskError
from kiosk.keys import KIOSK
from kiosk.origin import address_of
from kiosk.refusals import problem_of
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.screens.register import NOBODY
from kiosk.screens.who import asks_number, following_of, heading_for, typed_of

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.reconciling import Typed

VISIT = "preau-visit"
NEWCOMER = "preau-newcomer"
PATH = "/sign-in"
_PROOF = {"oidc": "code", "cas": "ticket"}
_LONGEST = 4096


async def leave(request: Request) -> StreamResponse:
    """Send the browser to the provider."""
    kiosk = request.app[KIOSK]
    sent = await acts.begin(kiosk, request.match_info["provider"], following_of(request.query))
    response = go(sent.address)
    _set(request, response, VISIT, sent.browser, acts.VISIT_MS, same_site="Lax")
    return response


async def back(request: Request) -> StreamResponse:
    """Welcome whom the provider sends back, or ask a newcomer who they are."""
    kiosk, provider = request.app[KIOSK], request.match_info["provider"]
    proof = request.query.get(_PROOF.get(provider, ""), "")[:_LONGEST]
    state = request.query.get("state", "")[:200]
    arrived = await acts.finish(kiosk, provider, state, request.cookies.get(VISIT, ""), proof)
    if arrived.login is None:
        response = page(request, "public/provider_back.html", next="/sign-in/first", new=True)
        _set(request, response, NEWCOMER, arrived.secret, acts.NEWCOMER_MS, same_site="Strict")
    else:
        response = page(request, "public/provider_back.html", next=arrived.following, new=False)
        set_login_cookie(response, arrived.secret, hours=kiosk.config.login_hours, secure=kiosk.secure)
    response.del_cookie(VISIT, path=PATH)
    return response


def _set(  # noqa: PLR0913 - a cookie is all of these
    request: Request, response: Response, name: str, secret: str, lasts_ms: int, *, same_site: str
) -> None:
    secure = request.app[KIOSK].secure
    response.set_cookie(
        name, secret, max_age=lasts_ms // 1000, httponly=True, secure=secure, samesite=same_site, path=PATH
    )


async def first_page(request: Request) -> StreamResponse:
    """Ask whom the provider names, the first time, whether they have an account or who they are in the school."""
    return await _first(request, NOBODY)


async def first(request: Request) -> StreamResponse:
    """Tie the newcomer to the account whose password they give, or make theirs."""
    kiosk, secret = request.app[KIOSK], request.cookies.get(NEWCOMER, "")
    form = await form_of(request)
    typed, username = typed_of(form), form.get("username", "")[:255]
    try:
        if "password" in form:
            password = form["password"][:1000]
            login, cookie, following = await acts.attach(
                kiosk, secret, username, password, address_of(request)
            )
        else:
            login, cookie, following = await acts.join(
                kiosk, secret, typed, language(request), address_of(request)
            )
    except KioskError as refusal:
        return await _first(request, typed, username, refusal, attaching="password" in form)
    response = go("/password" if login.person.must_change else following)
    set_login_cookie(response, cookie, hours=kiosk.config.login_hours, secure=kiosk.secure)
    response.del_cookie(NEWCOMER, path=PATH)
    return response


async def _first(
    request: Request,
    typed: Typed,
    username: str = "",
    refusal: KioskError | None = None,
    *,
    attaching: bool = False,
) -> Response:
    newcomer = await acts.newcomer_of(request.app[KIOSK], request.cookies.get(NEWCOMER, ""))
    problem = problem_of(request.app[KIOSK], language(request), refusal) if refusal else None
    here = await heading_for(request, "/")
    return page(
        request,
        "public/provider_first.html",
        by_number=asks_number(here),
        status=refusal.status if refusal else 200,
        visitor=newcomer.visitor,
        typed=typed,
        username=username,
        problem=problem,
        attaching=attaching or isinstance(refusal, Conflict),
    )
