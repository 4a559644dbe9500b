"""Pages for anyone: signing in and out, the language of a stranger, help, the accessibility statement."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from kiosk.actions import accounts, first_run
from kiosk.api.accounts import drop_login_cookie, set_login_cookie
from kiosk.errors import KioskError, Refused
from kiosk.keys import KIOSK, LOGIN
from kiosk.language import COOKIE
from kiosk.origin import address_of
from kiosk.people import LANGS
from kiosk.refusals import problem_of
from kiosk.screens.access import login_of
from kiosk.screens.forms import form_of, go, local_address
from kiosk.screens.page import language, page
from web.guides import GUIDES

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

_YEAR_S = 365 * 86_400


async def sign_in_page(request: Request) -> StreamResponse:
    """Show the sign-in form, or go on when somebody is signed in already."""
    following = local_address(request.query.get("next", "/"))
    if request[LOGIN] is not None:
        return go(following)
    first = await request.app[KIOSK].db.read(first_run.is_waiting)
    return _sign_in_form(request, following, first=first)


async def sign_in(request: Request) -> StreamResponse:
    """Sign in and go where the person was heading."""
    kiosk = request.app[KIOSK]
    form = await form_of(request)
    following = local_address(form.get("next", "/"))
    username = form.get("username", "")[:255]
    try:
        login, secret = await accounts.sign_in(
            kiosk, username, form.get("password", "")[:1000], address_of(request)
        )
    except KioskError as refusal:
        return _sign_in_form(request, following, username, refusal)
    response = go(f"/password?next={quote(following, safe='/')}" if login.person.must_change else following)
    set_login_cookie(response, secret, hours=kiosk.config.login_hours, secure=kiosk.secure)
    return response


def _sign_in_form(
    request: Request,
    following: str,
    username: str = "",
    refusal: KioskError | None = None,
    *,
    first: bool = False,
) -> Response:
    problem = problem_of(request.app[KIOSK], language(request), refusal) if refusal else None
    response = page(
        request,
        "public/sign_in.html",
        status=refusal.status if refusal else 200,
        username=username,
        problem=problem,
        next=following,
        path=f"/sign-in?next={following}",
        providers=request.app[KIOSK].config.providers,
        provider_name=request.app[KIOSK].config.provider_name,
        newcomer=following.startswith("/code/"),
        first=first,
    )
    if refusal is not None and refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


async def sign_out(request: Request) -> StreamResponse:
    """Sign out and show the sign-in form to the next person."""
    kiosk = request.app[KIOSK]
    await accounts.sign_out(kiosk, login_of(request))
    response = go("/sign-in")
    drop_login_cookie(response, secure=kiosk.secure)
    return response


async def password_page(request: Request) -> StreamResponse:
    """Show the form to change one's password."""
    return _password_form(request, local_address(request.query.get("next", "/")))


async def change_password(request: Request) -> StreamResponse:
    """Change one's own password and go on to where the person was heading."""
    login = login_of(request)
    form = await form_of(request)
    following = local_address(form.get("next", "/"))
    new = form.get("new", "")
    try:
        if new != form.get("again", ""):
            raise Refused("password.differ", field="again")
        await accounts.change_password(
            request.app[KIOSK], login, form.get("current", "")[:1000], new[:1000], address_of(request)
        )
    except KioskError as refusal:
        return _password_form(request, following, refusal)
    return go(following)


def _password_form(request: Request, following: str, refusal: KioskError | None = None) -> Response:
    problem = problem_of(request.app[KIOSK], language(request), refusal) if refusal else None
    return page(
        request,
        "public/password.html",
        status=refusal.status if refusal else 200,
        problem=problem,
        next=following,
        forced=login_of(request).person.must_change,
    )


async def choose_language(request: Request) -> StreamResponse:
    """Keep on this machine the language a stranger chose; once signed in, the person's own language is used."""
    form = await form_of(request)
    response = go(local_address(form.get("next", "/")))
    if form.get("lang") in LANGS:
        response.set_cookie(
            COOKIE,
            form["lang"],
            max_age=_YEAR_S,
            httponly=True,
            samesite="Lax",
            secure=request.app[KIOSK].secure,
        )
    return response


async def help_page(request: Request) -> StreamResponse:
    """Answer the questions asked most often."""
    return page(request, "public/help.html", guides=GUIDES)


async def accessibility(request: Request) -> StreamResponse:
    """State how accessible this service is, and how to say that it is not."""
    return page(request, "public/accessibility.html")
