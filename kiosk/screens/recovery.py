"""Pages for whoever cannot sign in: a forgotten password, having left school, and what a link gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import mailbox, recovering
from kiosk.actions.recovering import Leaver
from kiosk.errors import KioskError, NotFound, Refused
from kiosk.keys import KIOSK
from kiosk.origin import address_of
from kiosk.refusals import problem_of
from kiosk.screens.forms import form_of
from kiosk.screens.page import language, page
from kiosk.screens.register import NOBODY, welcome
from kiosk.screens.who import typed_of

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.reconciling import Typed

SECRET_MOST = 100


async def forgotten_page(request: Request) -> StreamResponse:
    """Offer a link by e-mail when this server sends mail, else say whom to ask."""
    return _forgotten(request)


async def forgotten(request: Request) -> StreamResponse:
    """Send a link if there is somebody to send it to; the answer is the same when there is not."""
    form = await form_of(request)
    name = form.get("name", "")[:300]
    try:
        if not request.app[KIOSK].config.mail_ready:
            raise NotFound("page.unknown")
        await mailbox.ask_for_password(request.app[KIOSK], name, address_of(request))
    except KioskError as refusal:
        return _forgotten(request, name, refusal)
    return _forgotten(request, sent=True)


def _forgotten(
    request: Request, name: str = "", refusal: KioskError | None = None, *, sent: bool = False
) -> Response:
    return page(
        request,
        "public/forgotten.html",
        status=refusal.status if refusal else 200,
        name=name,
        sent=sent,
        mail=request.app[KIOSK].config.mail_ready,
        problem=problem_of(request.app[KIOSK], language(request), refusal) if refusal else None,
    )


async def leaving_page(request: Request) -> StreamResponse:
    """Ask somebody who has left school who they were there."""
    return _leaving(request, NOBODY)


async def leaving(request: Request) -> StreamResponse:
    """Send the link, or keep the request for the staff; the answer is the same when nobody was found."""
    form = await form_of(request)
    typed = typed_of(form)
    leaver = Leaver(form.get("ine", "")[:40], typed, form.get("email", "")[:300], language(request))
    try:
        await recovering.ask(request.app[KIOSK], leaver, address_of(request))
    except KioskError as refusal:
        return _leaving(request, typed, leaver, refusal)
    return _leaving(request, typed, leaver, sent=True)


def _leaving(
    request: Request,
    typed: Typed,
    leaver: Leaver | None = None,
    refusal: KioskError | None = None,
    *,
    sent: bool = False,
) -> Response:
    return page(
        request,
        "public/leaving.html",
        status=refusal.status if refusal else 200,
        typed=typed,
        ine=leaver.ine if leaver else "",
        email=leaver.email if leaver else "",
        sent=sent,
        mail=request.app[KIOSK].config.mail_ready,
        problem=problem_of(request.app[KIOSK], language(request), refusal) if refusal else None,
    )


async def recover_page(request: Request) -> StreamResponse:
    """Show what a link gives: nothing is spent before a button is pressed, since mail programs open links by themselves."""
    return await _recover(request, request.query.get("c", "")[:SECRET_MOST])


async def recover(request: Request) -> StreamResponse:
    """Confirm the address, or choose the new password and be signed in."""
    kiosk = request.app[KIOSK]
    form = await form_of(request)
    secret, new = form.get("c", "")[:SECRET_MOST], form.get("new", "")
    try:
        link = await mailbox.link_waiting(kiosk, secret)
        if link.purpose == "email":
            await mailbox.confirm_email(kiosk, secret)
            return page(
                request, "public/recover.html", link=link, secret="", email="", problem=None, done=True
            )
        if new != form.get("again", ""):
            raise Refused("password.differ", field="again")
        login, cookie = await recovering.spend(kiosk, secret, form.get("email", "")[:300], new[:1000])
    except NotFound:
        raise
    except KioskError as refusal:
        return await _recover(request, secret, form.get("email", "")[:300], refusal)
    return welcome(request, login, cookie, "/")


async def _recover(
    request: Request, secret: str, email: str = "", refusal: KioskError | None = None
) -> Response:
    link = await mailbox.link_waiting(request.app[KIOSK], secret)
    return page(
        request,
        "public/recover.html",
        status=refusal.status if refusal else 200,
        link=link,
        secret=secret,
        email=link.email or email,
        problem=problem_of(request.app[KIOSK], language(request), refusal) if refusal else None,
        done=False,
    )
