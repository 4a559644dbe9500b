"""A pupil's first campaign of the school: making one's account, or linking the one signed in, by saying who one is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from kiosk.actions import reconciling, registering
from kiosk.actions.registering import NewAccount
from kiosk.api.accounts import set_login_cookie
from kiosk.codes import read_code
from kiosk.errors import Conflict, KioskError, Refused
from kiosk.keys import KIOSK, LOGIN
from kiosk.origin import address_of
from kiosk.reconciling import Typed, read_date
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.screens.who import asks_number, following_of, heading_for, typed_of

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.keys import Kiosk
    from kiosk.logins import Login
    from kiosk.organisations import Organisation

NOBODY = Typed("", "", "")


async def register_page(request: Request) -> StreamResponse:
    """Ask a newcomer who they are; somebody signed in links their account instead."""
    code = read_code(request.query.get("code", "")[:40])
    following = f"/code/{quote(code, safe='')}" if code else following_of(request.query)
    if request[LOGIN] is not None:
        return go(f"/reconcile?next={quote(following)}")
    return _who(request, "public/register.html", await heading_for(request, following), following)


async def register(request: Request) -> StreamResponse:
    """Find the pupil and propose a username; then, with a password, make the account and sign in."""
    kiosk = request.app[KIOSK]
    form = await form_of(request)
    following, typed = following_of(form), typed_of(form)
    here = await heading_for(request, following)
    try:
        if "new" not in form:
            username = await registering.propose(kiosk, here.id, typed, address_of(request))
            return _choose(request, here, following, _dated(typed), username)
        return await _make(request, here, following, form)
    except KioskError as refusal:
        if "new" in form and refusal.field in {"new", "again", "email", "username"}:
            username = await _another(kiosk, here, typed, form, refusal, address_of(request))
            return _choose(request, here, following, typed, username, form.get("email", "")[:255], refusal)
        return _who(request, "public/register.html", here, following, typed, refusal)


async def _another(  # noqa: PLR0913, PLR0917 - what was typed, what was refused, and from where
    kiosk: Kiosk, here: Organisation, typed: Typed, form: dict[str, str], refusal: KioskError, address: str
) -> str:
    """Return the username of the form again, or another when it was the fault."""
    if refusal.field == "username":
        return await registering.propose(kiosk, here.id, typed, address)
    return form.get("username", "")[:64]


async def _make(request: Request, here: Organisation, following: str, form: dict[str, str]) -> Response:
    if form["new"] != form.get("again", ""):
        raise Refused("password.differ", field="again")
    by_email = form.get("way") == "email"
    if by_email and not form.get("email", "").strip():
        raise Refused("account.bad_email", field="email")
    new = NewAccount(
        typed=typed_of(form),
        username=form.get("username", "")[:64],
        email=form.get("email", "")[:300] if by_email else "",
        password=form["new"][:1000],
        lang=language(request),
    )
    login, secret = await registering.register(request.app[KIOSK], here.id, new, address_of(request))
    return welcome(request, login, secret, following)


def welcome(request: Request, login: Login, secret: str, following: str) -> Response:
    """Send somebody who has just proved who they are where they were heading, signed in."""
    kiosk = request.app[KIOSK]
    response = go("/password" if login.person.must_change else following)
    set_login_cookie(response, secret, hours=kiosk.config.login_hours, secure=kiosk.secure)
    return response


async def reconcile_page(request: Request) -> StreamResponse:
    """Ask somebody signed in who they are among the pupils of the organisation."""
    following = following_of(request.query)
    person = signed_in(request)
    known = Typed(person.first_name, person.last_name, "")
    here = await heading_for(request, following)
    return _who(request, "public/reconcile.html", here, following, known)


async def reconcile(request: Request) -> StreamResponse:
    """Link the account signed in to its pupil and go on."""
    form = await form_of(request)
    following, typed = following_of(form), typed_of(form)
    here = await heading_for(request, following)
    try:
        await reconciling.link(request.app[KIOSK], signed_in(request), here.id, typed, address_of(request))
    except KioskError as refusal:
        return _who(request, "public/reconcile.html", here, following, typed, refusal)
    return go(following)


def _dated(typed: Typed) -> Typed:
    return Typed(
        typed.first_name,
        typed.last_name,
        read_date(typed.birth_date) or typed.birth_date,
        typed.student_number,
    )


def _who(  # noqa: PLR0913, PLR0917 - a page, for whom, what was typed and what is wrong with it
    request: Request,
    template: str,
    here: Organisation,
    following: str,
    typed: Typed = NOBODY,
    refusal: KioskError | None = None,
) -> Response:
    problem = problem_of(request.app[KIOSK], language(request), refusal) if refusal else None
    response = page(
        request,
        template,
        status=refusal.status if refusal else 200,
        organisation=here,
        typed=typed,
        by_number=asks_number(here),
        next=following,
        problem=problem,
        known=isinstance(refusal, Conflict),
    )
    if refusal is not None and refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _choose(  # noqa: PLR0913, PLR0917 - a page, for whom, what was typed and what is wrong with it
    request: Request,
    here: Organisation,
    following: str,
    typed: Typed,
    username: str,
    email: str = "",
    refusal: KioskError | None = None,
) -> Response:
    problem = problem_of(request.app[KIOSK], language(request), refusal) if refusal else None
    return page(
        request,
        "public/register_way.html",
        status=refusal.status if refusal else 200,
        organisation=here,
        typed=typed,
        username=username,
        email=email,
        next=following,
        problem=problem,
    )
