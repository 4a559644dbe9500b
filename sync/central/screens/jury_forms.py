"""What an officer's forms ask of the publication: acts on a session or a certification, and a corrected identity."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, get_args

from sync.central.appkeys import INSTANCE, LANG, PAGES
from sync.central.errors import Refused
from sync.central.jury import OF_SESSION, Act
from sync.central.publication import Ordered
from sync.central.refusals import go, words_of
from sync.central.screens.page import signed_in
from sync.central.screens.sessions import show_certification, show_session
from sync.identities import Sheet

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

ACTS: frozenset[str] = frozenset(get_args(Act)) - {"identity"}
MINE = "assign"


async def _fields(request: Request) -> dict[str, str]:
    posted = await request.post()
    return {name: str(value).replace("\r\n", "\n")[:4000] for name, value in posted.items()}


def _ordered(request: Request, act: str, text: str = "", about: str = "") -> Ordered:
    officer = signed_in(request)
    return Ordered(
        site=request.match_info["site"],
        session=request.match_info["session"],
        act=act,
        officer=officer.username,
        candidate=request.match_info.get("candidate", ""),
        about=about[:64],
        text=text,
    )


async def act(request: Request) -> Response:
    """Do one act, and show its refusal where it was asked."""
    fields = await _fields(request)
    wanted = fields.get("act", "")
    text = signed_in(request).username if wanted == MINE else fields.get("text", "")
    order = _ordered(request, wanted, text, fields.get("about", ""))
    instance = request.app[INSTANCE]
    if wanted not in ACTS or bool(order.candidate) is (wanted in OF_SESSION):
        return await _again(request, order, Refused("jury.unknown_act", 422))
    try:
        await instance.publication.do(order, instance.clock())
    except Refused as refusal:
        return await _again(request, order, refusal)
    return go(_address(order))


async def identity(request: Request) -> Response:
    """Correct who a candidate is."""
    fields = await _fields(request)
    order = _ordered(request, "identity")
    sheet = Sheet(
        birth_date=fields.get("birth_date", "").strip(),
        birth_place=fields.get("birth_place", "").strip(),
        first_name=fields.get("first_name", "").strip(),
        last_name=fields.get("last_name", "").strip(),
        salt=secrets.token_hex(16),
    )
    instance = request.app[INSTANCE]
    if not sheet.first_name or not sheet.last_name:
        return await _again(request, order, Refused("jury.bad_identity", 422))
    try:
        await instance.publication.correct(order, sheet, instance.clock())
    except Refused as refusal:
        return await _again(request, order, refusal)
    return go(_address(order))


async def _again(request: Request, order: Ordered, refusal: Refused) -> Response:
    words = words_of(request.app[PAGES], request[LANG], refusal)
    if order.candidate:
        return await show_certification(request, words, refusal.status)
    return await show_session(request, words, refusal.status)


def _address(order: Ordered) -> str:
    session = f"/schools/{order.site}/sessions/{order.session}"
    return f"{session}/certifications/{order.candidate}" if order.candidate else session
