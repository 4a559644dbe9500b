"""Which language a person is answered in: theirs, then the one chosen on this machine, then the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.people import LANGS, Lang

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.logins import Login

COOKIE = "preau-lang"


def lang_of(request: Request, login: Login | None) -> Lang:
    """Return "fr" or "en"; French when nothing says otherwise."""
    if login is not None:
        return login.person.lang
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGS:
        return chosen
    return accepted(request.headers.get("Accept-Language", ""))


def accepted(header: str) -> Lang:
    """Return the first of our languages an Accept-Language header names, in its order of preference."""
    wanted: list[tuple[int, int, str]] = []
    for place, part in enumerate(header[:400].split(",")):
        tag, _, quality = part.partition(";")
        wanted.append((-_weight(quality), place, tag.strip().lower()[:2]))
    for _, _, tag in sorted(wanted):
        if tag in LANGS:
            return tag
    return "fr"


def _weight(quality: str) -> int:
    text = quality.strip().removeprefix("q=")
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(text) <= 5):
        return 1000
    whole, _, part = text.partition(".")
    return int(whole or "0") * 1000 + int((part + "000")[:3])
