"""The server of `preau bank preview`: a contact sheet on this machine's loopback, for whoever may read the whole bank.

It shows solutions, so it answers to loopback names only: a page from elsewhere that points its own name here is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp.web import AppKey, Application, HTTPForbidden, HTTPNotFound, Request, Response, get, middleware

from exam.bank import Bank
from exam.documents.limits import UnknownDocument
from exam.documents.make import make_document
from exam.framework import COMPETENCES
from exam.kinds import KINDS
from exam.simulators import SIMULATORS
from kiosk.preview.cards import PER_PAGE, SEEDS, Wish, card_of, chosen, preview_seed, specimen
from web.assets import Assets
from web.downloads import attachment
from web.i18n import LANGUAGES, Words
from web.render import Display, Pages
from web.security import FRAME_HEADERS, PAGE_HEADERS, QUESTION_POLICY
from web.serving import static_routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler
    from aiohttp.web import StreamResponse

    from exam.items import Item

BANK = AppKey("bank", Bank)
PAGES = AppKey("pages", Pages)
_HEADERS = {**PAGE_HEADERS, "Content-Security-Policy": QUESTION_POLICY}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def build_preview(bank: Bank) -> Application:
    """Return the application."""
    app = Application(middlewares=[_this_machine_only])
    app[BANK] = bank
    app[PAGES] = Pages(Words.load(), Assets(), {"site_name": bank.title["fr"]})
    app.router.add_routes(
        [
            get("/", _sheet),
            get("/items/{id}", _item),
            get("/items/{id}/documents/{name}", _document),
            get("/tutorials/{id}", _tutorial),
            get("/simulators/{name}", _simulator),
            *static_routes(app[PAGES].assets),
        ]
    )
    return app


@middleware
async def _this_machine_only(request: Request, handler: Handler) -> StreamResponse:
    if request.host.rpartition(":")[0] not in _LOOPBACK:
        raise HTTPForbidden(text="This preview answers on this machine only.")
    return await handler(request)


def _bank(request: Request) -> Bank:
    return request.app[BANK]


def _lang(request: Request) -> str:
    asked = request.query.get("lang", "")
    return asked if asked in LANGUAGES and asked in _bank(request).languages else "fr"


def _seed(request: Request) -> str:
    asked = request.query.get("seed", "")
    return asked if asked in SEEDS else SEEDS[0]


def _wanted(request: Request) -> Item:
    item = _bank(request).items.get(request.match_info["id"])
    if item is None:
        raise HTTPNotFound
    return item


def _page(
    request: Request, template: str, headers: Mapping[str, str] = _HEADERS, **context: object
) -> Response:
    known = {"person": None, "path": request.path_qs, "seed": _seed(request), "bank": _bank(request)}
    html = request.app[PAGES].html(template, lang=_lang(request), display=Display(), **{**known, **context})
    return Response(text=html, content_type="text/html", headers=headers)


async def _sheet(request: Request) -> StreamResponse:
    bank, wish = _bank(request), Wish.read(request.query)
    items = chosen(bank, wish)
    asked = request.query.get("page", "")
    last = max(1, -(-len(items) // PER_PAGE))
    number = min(last, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    shown = items[(number - 1) * PER_PAGE : number * PER_PAGE]
    lang, seed = _lang(request), _seed(request)

    def address(page: int) -> str:
        kept = {name: value for name, value in request.query.items() if name != "page"}
        return "/?" + urlencode({**kept, "page": page})

    return _page(
        request,
        "preview/sheet.html",
        cards=[(card_of(bank, item), [specimen(bank, item.id, lang, seed)]) for item in shown],
        wish=wish,
        competences=COMPETENCES,
        kinds=sorted(KINDS),
        seeds=SEEDS,
        found=len(items),
        number=number,
        last=last,
        before=address(number - 1) if number > 1 else None,
        after=address(number + 1) if number < last else None,
    )


async def _item(request: Request) -> StreamResponse:
    bank, item = _bank(request), _wanted(request)
    shown = [specimen(bank, item.id, lang, seed) for seed in SEEDS for lang in bank.languages]
    return _page(
        request, "preview/item.html", card=card_of(bank, item), specimens=shown, competences=COMPETENCES
    )


async def _document(request: Request) -> StreamResponse:
    bank, item = _bank(request), _wanted(request)
    seed = preview_seed(_seed(request))
    try:
        found = make_document(bank, item.id, seed, _lang(request), request.match_info["name"])
    except UnknownDocument:
        raise HTTPNotFound from None
    headers = {**_HEADERS, "Content-Type": found.media_type, "Content-Disposition": attachment(found.name)}
    return Response(body=found.data, headers=headers)


async def _tutorial(request: Request) -> StreamResponse:
    tutorial = _bank(request).tutorials.get(request.match_info["id"])
    if tutorial is None:
        raise HTTPNotFound
    return _page(request, "preview/tutorial.html", tutorial=tutorial)


async def _simulator(request: Request) -> StreamResponse:
    name = request.match_info["name"]
    if name not in SIMULATORS:
        raise HTTPNotFound
    return _page(request, "pupil/simulator.html", FRAME_HEADERS, tool=name)
