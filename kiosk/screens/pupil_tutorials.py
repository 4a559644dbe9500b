"""Tutorials: one to read, those a person keeps, those recommended from what they failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.actions.profiles import history
from kiosk.actions.tutorials import mark_saved, mark_useful
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go, local_address
from kiosk.screens.page import language, page
from kiosk.store import tutorials as store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp.web import Request, StreamResponse

    from exam.bank import Bank
    from kiosk.people import Lang

RECOMMENDED_MOST = 20


@dataclass(frozen=True)
class TutorialView:
    """A tutorial in a list."""

    id: str
    title: str
    minutes: int
    topic: str
    useful: bool


async def tutorial(request: Request) -> StreamResponse:
    """Show one tutorial of the current bank."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    found = kiosk.banks.current.tutorials.get(request.match_info["id"])
    if found is None:
        raise NotFound("tutorial.unknown")
    saved, useful = await kiosk.db.read(
        lambda conn: (store.saved(conn, person.id), store.useful(conn, person.id))
    )
    return page(
        request,
        "pupil/tutorial.html",
        tutorial={
            "id": found.id,
            "title": found.title[lang],
            "minutes": found.minutes,
            "text": found.text[lang],
        },
        saved=found.id in saved,
        useful=found.id in useful,
        back=local_address(request.query.get("back", "/")),
    )


async def tutorials(request: Request) -> StreamResponse:
    """Show the tutorials somebody keeps, and those recommended from what they failed."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    bank = kiosk.banks.current
    past = await history(kiosk, person)
    saved, useful = await kiosk.db.read(
        lambda conn: (store.saved(conn, person.id), store.useful(conn, person.id))
    )
    recommended = [one for one in recommended_for(bank, past.failed()) if one not in saved]
    return page(
        request,
        "pupil/tutorials.html",
        saved=_views(bank, saved, lang, useful),
        recommended=_views(bank, recommended[:RECOMMENDED_MOST], lang, useful),
    )


def recommended_for(bank: Bank, failed: Iterable[str]) -> list[str]:
    """Return the tutorials of these skills, each once, those of the first skills first."""
    found = [name for skill in failed if skill in bank.skills for name in bank.skills[skill].tutorials]
    return list(dict.fromkeys(found))


def _views(bank: Bank, names: Iterable[str], lang: Lang, useful: set[str]) -> list[TutorialView]:
    return [
        TutorialView(
            id=one.id,
            title=one.title[lang],
            minutes=one.minutes,
            topic=bank.topics[one.topic].name[lang],
            useful=one.id in useful,
        )
        for one in (bank.tutorials[name] for name in names if name in bank.tutorials)
    ]


async def mark(request: Request) -> StreamResponse:
    """Keep a tutorial or say it was useful, or take either back."""
    kiosk, person, name = request.app[KIOSK], signed_in(request), request.match_info["id"]
    form = await form_of(request)
    if "saved" in form:
        await mark_saved(kiosk, person, name, saved=form["saved"] == "yes")
    if "useful" in form:
        await mark_useful(kiosk, person, name, useful=form["useful"] == "yes")
    return go(local_address(form.get("next", "/tutorials")))
