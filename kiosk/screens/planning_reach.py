"""What every planning page begins with: the session of the address, when it is this principal's, and how it is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from kiosk.actors import authorised, principal
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.page import language
from kiosk.screens.planning_views import SessionView, session_view
from kiosk.store import planning

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.errors import KioskError
    from kiosk.store.planning import Filling
    from kiosk.store.sessions import Session

HOME = "/staff/sessions"
SPACE = "certification"


def today_of(request: Request) -> date:
    """Return the day it is at the school."""
    now_ms = request.app[KIOSK].clock.now_ms()
    return datetime.fromtimestamp(now_ms // 1000, UTC).astimezone().date()


async def session_of(request: Request) -> Session:
    """Return the session the address names; raises NotFound when it is not of this principal's organisation."""
    kiosk, actor = request.app[KIOSK], principal(signed_in(request))
    wanted = request.match_info["id"]
    return await kiosk.db.read(lambda conn: authorised(conn, actor, wanted))


async def view_of(request: Request, session: Session) -> SessionView:
    """Return a session as pages show it."""
    filled: dict[str, Filling] = await request.app[KIOSK].db.read(
        lambda conn: planning.fillings(conn, session.organisation)
    )
    return session_view(session, filled.get(session.id), today_of(request))


def words_of(request: Request, refusal: KioskError) -> str:
    """Return a refusal's sentence, and what to do after it."""
    pages, lang = request.app[KIOSK].pages, language(request)
    key = f"errors.{refusal.code}"
    said = pages.t(lang, key, **refusal.params)
    following = f"{key}_next"
    return f"{said} {pages.t(lang, following, **refusal.params)}" if pages.words.has(following) else said
