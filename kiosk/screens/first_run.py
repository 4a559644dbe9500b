"""The page that names the first administrator; it does not exist once there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import first_run as acts
from kiosk.actions.accounts import NewPerson
from kiosk.api.accounts import set_login_cookie
from kiosk.errors import KioskError, NotFound, Refused
from kiosk.keys import KIOSK
from kiosk.origin import address_of
from kiosk.refusals import problem_of
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

FIELDS = ("uai", "first_name", "last_name", "username", "email")


async def show(request: Request) -> Response:
    """Show the form while the school has no administrator; raises NotFound afterwards."""
    if not await request.app[KIOSK].db.read(acts.is_waiting):
        raise NotFound("page.unknown")
    return _page(request, dict.fromkeys(FIELDS, ""), None)


def _page(request: Request, form: dict[str, str], refusal: KioskError | None) -> Response:
    problem = problem_of(request.app[KIOSK], language(request), refusal) if refusal else None
    status = refusal.status if refusal else 200
    response = page(request, "public/first_run.html", status=status, form=form, problem=problem)
    if refusal is not None and refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


async def name_first(request: Request) -> Response:
    """Make the administrator and sign them in, or show the form again with why it was refused."""
    kiosk = request.app[KIOSK]
    form = await form_of(request)
    kept = {name: form.get(name, "").strip()[:300] for name in FIELDS}
    password = form.get("password", "")[:1000]
    new = NewPerson(
        kept["username"], kept["first_name"], kept["last_name"], "principal", lang=language(request)
    )
    first = acts.First(form.get("code", "")[:40], kept["uai"], new, kept["email"], password)
    try:
        if password != form.get("again", "")[:1000]:
            raise Refused("password.differ", field="again")
        _, secret = await acts.name_first(kiosk, first, address_of(request))
    except NotFound:
        raise
    except KioskError as refusal:
        return _page(request, kept, refusal)
    response = go("/staff")
    set_login_cookie(response, secret, hours=kiosk.config.login_hours, secure=kiosk.secure)
    return response
