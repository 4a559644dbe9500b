"""One way to answer with a page: the template in the person's language, as they want pages to look.

Every template is given `person` (None for a stranger), `form_token`, `path` (for the sign-in link and the language
switch), `display`, `workplaces` (where this person works), `workplace` (the one they act for, or None) and `places`
(its places, on staff pages), besides what the screen adds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp.web import Response

from kiosk.keys import KIOSK, LANG, LOGIN, PLACES, UNFINALISED
from kiosk.language import lang_of
from kiosk.logins import form_token
from web.render import Display

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.people import Lang


def page(request: Request, template: str, *, status: int = 200, **context: object) -> Response:
    """Return `template` filled with `context`, with the status given."""
    login = request[LOGIN]
    wish = login.person.display if login else None
    display = Display(theme=wish.theme, face=wish.face, size=wish.size) if wish else Display()
    known: dict[str, object] = {
        "status": status,
        "person": login.person if login else None,
        "form_token": form_token(login) if login else "",
        "path": request.path_qs,
        "workplaces": login.workplaces if login else (),
        "workplace": login.workplace if login else None,
        "places": request.get(PLACES),
        "unfinalised": request.get(UNFINALISED, ()),
    }
    html = request.app[KIOSK].pages.html(
        template, lang=language(request), display=display, **{**known, **context}
    )
    return Response(text=html, status=status, content_type="text/html")


def language(request: Request) -> Lang:
    """Return the language this request is answered in, found once."""
    found = request.get(LANG)
    if found is None:
        found = request[LANG] = lang_of(request, request[LOGIN])
    return found
