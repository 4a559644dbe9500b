"""Signing in and out. Wrong tries are counted by name and by address, and an unknown name costs the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.central import throttle
from sync.central.appkeys import INSTANCE, OFFICER
from sync.central.cookie import cookie_name
from sync.central.errors import Throttled
from sync.central.origin import address_of
from sync.central.passwords import password_fits
from sync.central.refusals import go
from sync.central.screens.page import page
from sync.central.store import officers

if TYPE_CHECKING:
    from aiohttp.web import Request, Response
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.instance import Instance
    from sync.central.throttle import Limit

NAME_MAX = 60


async def form(request: Request) -> Response:
    """Show the sign-in page, or go on when the officer already is signed in."""
    ahead = next_of(request.query.get("next", ""))
    if OFFICER in request:
        return go(ahead)
    return page(request, "central/login.html", next=ahead, username="", error="")


async def sign_in(request: Request) -> Response:
    """Sign an officer in; a wrong name or password is refused with the same words."""
    given = await request.post()
    username = (
        "".join(sign for sign in str(given.get("username", ""))[:NAME_MAX] if sign.isprintable())
        .strip()
        .lower()
    )
    ahead = next_of(str(given.get("next", "")))
    instance = request.app[INSTANCE]
    place = throttle.network_of(address_of(request))
    tries = ((throttle.LOGIN_NAME, f"{username}\n{place}"), (throttle.LOGIN_ADDRESS, place))
    try:
        officer = await _recognise(instance, username, str(given.get("password", "")), tries)
    except Throttled as error:
        wait = (error.wait_s + 59) // 60
        return _again(request, 429, next=ahead, username=username, error="throttled", wait=wait)
    if officer is None:
        return _again(request, 401, next=ahead, username=username, error="wrong", wait=0)
    now = instance.clock()
    secret = await instance.database.write(lambda conn: officers.open_login(conn, officer, now))
    reply = go(ahead)
    reply.set_cookie(
        cookie_name(secure=instance.config.secure),
        secret,
        httponly=True,
        secure=instance.config.secure,
        samesite="Lax",
        path="/",
    )
    return reply


def _again(request: Request, status: int, **context: object) -> Response:
    return page(request, "central/login.html", status=status, **context)


async def _recognise(
    instance: Instance, username: str, password: str, tries: tuple[tuple[Limit, str], ...]
) -> str | None:
    """Return the officer's id when name and password fit. Raises `Throttled` before even looking."""
    now = instance.clock()

    async def begin(conn: AsyncConnection) -> tuple[str | None, str | None]:
        for limit, subject in tries:
            await throttle.take(conn, limit, subject, now)
        return await officers.password_of(conn, username)

    officer, phc = await instance.database.write(begin)
    if not await password_fits(password, phc):
        return None
    await instance.database.write(lambda conn: _forgive(conn, tries))
    return officer


async def _forgive(conn: AsyncConnection, tries: tuple[tuple[Limit, str], ...]) -> None:
    """Forget the tries at this name, and take this one back from its address: others there may still guess."""
    (by_name, name), (by_address, address) = tries
    await throttle.forget(conn, by_name, name)
    await throttle.give_back(conn, by_address, address)


async def sign_out(request: Request) -> Response:
    """End the login and forget the cookie."""
    instance = request.app[INSTANCE]
    name = cookie_name(secure=instance.config.secure)
    secret = request.cookies.get(name, "")
    await instance.database.write(lambda conn: officers.close_login(conn, secret))
    reply = go("/login")
    reply.del_cookie(name, path="/", secure=instance.config.secure, httponly=True)
    return reply


def next_of(path: str) -> str:
    """Return where to go on to: a path of ours, never another site."""
    local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if local and len(path) < 500 else "/"
