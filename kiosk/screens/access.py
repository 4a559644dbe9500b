"""Who is asking, for screens and the API: the person, or the refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import NotSignedIn
from kiosk.keys import LOGIN

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.logins import Login
    from kiosk.people import Person


def login_of(request: Request) -> Login:
    """Return the login of this request; raises NotSignedIn on a row that anyone may ask for."""
    login = request[LOGIN]
    if login is None:
        raise NotSignedIn("login.needed")
    return login


def signed_in(request: Request) -> Person:
    """Return the person asking; raises NotSignedIn when nobody is signed in."""
    return login_of(request).person
