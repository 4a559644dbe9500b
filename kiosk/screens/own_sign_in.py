"""How one signs in: one's username, one's own e-mail address, the identity provider; the address is one's to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import mailbox
from kiosk.errors import KioskError
from kiosk.keys import KIOSK
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.store import credentials, reconciling

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.reconciling import Methods
    from kiosk.store.base import Reader


async def ways_page(request: Request) -> StreamResponse:
    """Show how one may sign in, and the form for one's own address."""
    return await _ways(request, done=request.query.get("done", ""))


async def set_email(request: Request) -> StreamResponse:
    """Propose an address: a link is sent to it, or it is kept unconfirmed when this server sends no mail."""
    email = (await form_of(request)).get("email", "")[:300]
    try:
        sent = await mailbox.set_email(request.app[KIOSK], signed_in(request), email)
    except KioskError as refusal:
        return await _ways(request, email, refusal)
    return go(f"/account/sign-in?done={'sent' if sent else 'kept'}")


async def drop_email(request: Request) -> StreamResponse:
    """Take one's address off the account."""
    try:
        await mailbox.drop_email(request.app[KIOSK], signed_in(request))
    except KioskError as refusal:
        return await _ways(request, "", refusal)
    return go("/account/sign-in?done=dropped")


async def _ways(
    request: Request, email: str = "", refusal: KioskError | None = None, done: str = ""
) -> Response:
    kiosk, person = request.app[KIOSK], signed_in(request)

    def job(conn: Reader) -> tuple[Methods | None, str | None]:
        return reconciling.methods_of(conn, person.id), credentials.confirmed_email(conn, person.id)

    methods, confirmed = await kiosk.db.read(job)
    return page(
        request,
        "public/own_sign_in.html",
        status=refusal.status if refusal else 200,
        methods=methods,
        confirmed=confirmed is not None,
        email=email,
        mail=kiosk.config.mail_ready,
        provider_name=kiosk.config.provider_name,
        done=done if done in {"sent", "kept", "dropped"} else "",
        problem=problem_of(kiosk, language(request), refusal) if refusal else None,
    )
