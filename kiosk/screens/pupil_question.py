"""The question page's shell: the first state as data, and the modules that do the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kiosk.actions.sittings import next_question
from kiosk.api.reply import encode
from kiosk.api.state import state_of
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.own_course import own_course
from kiosk.screens.page import page
from web.security import QUESTION_POLICY

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

CATEGORIES = ("picture", "document", "display", "wording", "answer", "other")
"""What a report may be about; the words are in `locales/*/pupil.json`."""

_MODULES = (
    *("question", "answer_store", "connection", "controls", "dom", "fence"),
    *("report", "sender", "view", "words"),
)
_SHARED_BY = {
    "single_choice": "choice_cards",
    "multiple_choice": "choice_cards",
    "fill_blanks": "blanks",
    "dropdowns": "blanks",
}


async def resume(request: Request) -> StreamResponse:
    """Go where this pupil left: the checkpoint that is due, the question, or the end."""
    own = await own_course(request)
    row, base = own.row, f"/participations/{own.row.id}"
    if own.is_collection:
        return go(f"{base}/profile")
    if row.status != "started":
        return go(f"{base}/end")
    where = await next_question(
        request.app[KIOSK], signed_in(request), row.id, row.epoch, after_checkpoint=False
    )
    if where.asked is None:
        return go(f"{base}/end")
    return go(f"{base}/checkpoint" if where.checkpoint else f"{base}/question")


async def question(request: Request) -> StreamResponse:
    """Show the waiting question; the page itself then takes the sitting and sends the answers."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    own = await own_course(request)
    row, base = own.row, f"/participations/{own.row.id}"
    if own.is_collection:
        return go(f"{base}/profile")
    if row.status != "started":
        return go(f"{base}/end")
    where = await next_question(kiosk, person, row.id, row.epoch, after_checkpoint=True)
    if where.asked is None:
        return go(f"{base}/end")
    state = json.loads(encode(state_of(kiosk, where)))
    shown = {
        "participation": row.id,
        "api": f"/api/v1{base}",
        "epoch": where.epoch,
        "urls": {
            "here": f"{base}/question",
            "checkpoint": f"{base}/checkpoint",
            "end": f"{base}/end",
            "leave": f"{base}/leave",
        },
        "state": state,
    }
    modules = _modules(state["question"]["kind"])
    response = page(
        request, "pupil/question.html", title=own.title, page=shown, modules=modules, categories=CATEGORIES
    )
    response.headers["Content-Security-Policy"] = QUESTION_POLICY
    # The login's cookie is SameSite=Strict: no foreign page can make us compress its guesses beside the form's token.
    response.enable_compression()
    return response


def _modules(kind: str) -> list[str]:
    items = [kind, _SHARED_BY[kind]] if kind in _SHARED_BY else [kind]
    return [*(f"{name}.js" for name in _MODULES), *(f"items/{name}.js" for name in items)]
