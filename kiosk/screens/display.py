"""How pages look to the person signed in, and their account: settings that follow from machine to machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, get_args

from kiosk.actions import accounts
from kiosk.keys import KIOSK
from kiosk.people import LANGS, Display, Face, Size, Theme
from kiosk.screens.access import login_of
from kiosk.screens.forms import form_of, go, local_address
from kiosk.screens.page import page
from kiosk.store import learners

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.web import Request, StreamResponse

Word = TypeVar("Word", bound=str)

_THEMES: tuple[Theme, ...] = get_args(Theme)
_FACES: tuple[Face, ...] = get_args(Face)
_SIZES: tuple[Size, ...] = get_args(Size)


async def display_page(request: Request) -> StreamResponse:
    """Show the choices of colours, typeface, size and language."""
    following = local_address(request.query.get("next", "/"))
    return page(request, "public/display.html", next=following, saved="saved" in request.query)


async def change_display(request: Request) -> StreamResponse:
    """Keep the choices; one that is missing or unknown stays as it was."""
    login = login_of(request)
    form = await form_of(request)
    now = login.person.display
    display = Display(
        theme=_one_of(_THEMES, form.get("theme"), now.theme),
        face=_one_of(_FACES, form.get("face"), now.face),
        size=_one_of(_SIZES, form.get("size"), now.size),
    )
    lang = _one_of(LANGS, form.get("lang"), login.person.lang)
    await accounts.change_display(request.app[KIOSK], login, lang, display)
    return go(local_address(form.get("next", "/")))


async def account(request: Request) -> StreamResponse:
    """Show one's account: where one works, and where one is a learner."""
    person = login_of(request).person
    return page(
        request,
        "public/account.html",
        classes=await request.app[KIOSK].db.read(lambda conn: learners.classes_of(conn, person.id)),
    )


async def choose_organisation(request: Request) -> StreamResponse:
    """Act for another organisation, or for nobody: one's own courses."""
    wanted = (await form_of(request)).get("organisation", "")[:64]
    await accounts.choose_organisation(request.app[KIOSK], login_of(request), wanted or None)
    return go("/")


def _one_of(words: Sequence[Word], asked: str | None, otherwise: Word) -> Word:
    return next((word for word in words if word == asked), otherwise)
