"""Sign in and out, and one's own account, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from kiosk.actions import accounts
from kiosk.api.reply import body_of, reply
from kiosk.keys import KIOSK
from kiosk.logins import cookie_name
from kiosk.origin import address_of
from kiosk.people import Display, Face, Lang, Person, Role, Size, Theme
from kiosk.screens.access import login_of

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

Short = Annotated[str, msgspec.Meta(max_length=255)]
Secret = Annotated[str, msgspec.Meta(max_length=1000)]


class Credentials(msgspec.Struct, frozen=True):
    """What signing in asks for."""

    username: Short
    password: Secret


class Passwords(msgspec.Struct, frozen=True):
    """What changing one's password asks for."""

    current: Secret
    new: Secret


class Wishes(msgspec.Struct, frozen=True):
    """How pages should look; what is left out stays as it is."""

    lang: Lang | None = None
    theme: Theme | None = None
    face: Face | None = None
    size: Size | None = None


class PersonView(msgspec.Struct, frozen=True):
    """A person, to themselves."""

    id: str
    first_name: str
    last_name: str
    role: Role
    lang: Lang
    display: Display
    must_change: bool


class PersonReply(msgspec.Struct, frozen=True):
    """One person."""

    person: PersonView


class Empty(msgspec.Struct, frozen=True):
    """Nothing to say: it is done."""


_credentials = msgspec.json.Decoder(Credentials)
_passwords = msgspec.json.Decoder(Passwords)
_wishes = msgspec.json.Decoder(Wishes)


def _view(person: Person) -> PersonReply:
    return PersonReply(
        PersonView(
            person.id,
            person.first_name,
            person.last_name,
            person.role,
            person.lang,
            person.display,
            person.must_change,
        )
    )


def set_login_cookie(response: Response, secret: str, *, hours: int, secure: bool) -> None:
    """Put a login's secret where only the server can read it back."""
    response.set_cookie(
        cookie_name(secure=secure),
        secret,
        max_age=hours * 3600,
        httponly=True,
        secure=secure,
        samesite="Strict",
        path="/",
    )


def drop_login_cookie(response: Response, *, secure: bool) -> None:
    """Have the browser forget its login."""
    response.del_cookie(cookie_name(secure=secure), httponly=True, secure=secure, samesite="Strict", path="/")


async def login(request: Request) -> StreamResponse:
    """Sign in."""
    kiosk = request.app[KIOSK]
    given = await body_of(request, _credentials)
    found, secret = await accounts.sign_in(kiosk, given.username, given.password, address_of(request))
    response = reply(_view(found.person))
    set_login_cookie(response, secret, hours=kiosk.config.login_hours, secure=kiosk.secure)
    return response


async def logout(request: Request) -> StreamResponse:
    """Sign out."""
    kiosk = request.app[KIOSK]
    await accounts.sign_out(kiosk, login_of(request))
    response = reply(Empty())
    drop_login_cookie(response, secure=kiosk.secure)
    return response


async def me(request: Request) -> StreamResponse:
    """Say who is signed in."""
    return reply(_view(login_of(request).person))


async def display(request: Request) -> StreamResponse:
    """Change language and how pages look."""
    login = login_of(request)
    wish = await body_of(request, _wishes)
    now = login.person.display
    person = await accounts.change_display(
        request.app[KIOSK],
        login,
        wish.lang or login.person.lang,
        Display(wish.theme or now.theme, wish.face or now.face, wish.size or now.size),
    )
    return reply(_view(person))


async def password(request: Request) -> StreamResponse:
    """Change one's own password."""
    given = await body_of(request, _passwords)
    login = login_of(request)
    await accounts.change_password(request.app[KIOSK], login, given.current, given.new, address_of(request))
    return reply(Empty())
