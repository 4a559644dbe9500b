"""What a supervisor's page shows of a session that is over: its head in four words, and whether this phone signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions.signing import signing_of
from kiosk.keys import KIOSK
from kiosk.screens.page import language
from kiosk.session_codes import head_words
from kiosk.supervisor_access import supervisor_of

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.actors import Actor
    from kiosk.store.sessions import Session


class ToSign(NamedTuple):
    """What is to be signed, `done` once this phone did."""

    done: bool
    words: list[str]
    page: dict[str, object]


async def to_sign(request: Request, session: Session, actor: Actor) -> ToSign | None:
    """Return what this supervisor may sign, None for a session that is not over and for the principal."""
    if session.status != "closed" or actor.kind != "supervisor":
        return None
    kiosk, own = request.app[KIOSK], await supervisor_of(request)
    known = await kiosk.db.read(lambda conn: signing_of(kiosk, conn, session.id))
    done = any(one.supervisor.key == actor.key and one.said is not None for one in known.supervisors)
    words = {"lost": kiosk.pages.t(language(request), "supervise.sign.lost")}
    page: dict[str, object] = {
        "session": session.id,
        "signed": own is not None and own.way == "key",
        "api": f"/api/v1/sessions/{session.id}",
        "head": known.head,
        "words": words,
    }
    return ToSign(done, head_words(known.head), page)
