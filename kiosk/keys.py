"""The typed places where a handler finds what the server is made of, who is asking and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp.web import AppKey, RequestKey

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from aiohttp.web import AbstractRoute

    from kiosk.actions.files import FileMaker
    from kiosk.banks import Banks
    from kiosk.clock import Clock
    from kiosk.config import Config
    from kiosk.exam_access import PassCache
    from kiosk.live import Hub
    from kiosk.logins import Login, LoginCache
    from kiosk.metrics import Metrics
    from kiosk.passages import Passages
    from kiosk.passwords import Hasher
    from kiosk.people import Lang
    from kiosk.places import Places, PlacesCount
    from kiosk.questions import Questions
    from kiosk.rooms import Rooms
    from kiosk.route import Route
    from kiosk.sittings import Sittings
    from kiosk.store.finalisation import Waiting
    from sync.db import Database
    from sync.identity import Identity
    from sync.log import Log
    from web.render import Pages


@dataclass(frozen=True)
class Kiosk:
    """The parts of one running server, made in `kiosk.app` and closed by it in the reverse order."""

    config: Config
    identity: Identity
    clock: Clock
    db: Database
    log: Log
    banks: Banks
    sittings: Sittings
    rooms: Rooms
    passages: Passages
    passes: PassCache
    questions: Questions
    files: FileMaker
    hub: Hub
    hasher: Hasher
    logins: LoginCache
    metrics: Metrics
    pages: Pages
    places: PlacesCount
    secure: bool
    """Whether pages are served over HTTPS: decides the cookie's name and flags."""


KIOSK: AppKey[Kiosk] = AppKey("kiosk")
EXPORTING: AppKey[asyncio.Semaphore] = AppKey("exporting")
"""Held by the one chunk of an export being worked out: pupils' answers share the interpreter with one, never with ten."""
LOGIN: RequestKey[Login | None] = RequestKey("login")
LANG: RequestKey[Lang] = RequestKey("lang")
PLACES: RequestKey[Places] = RequestKey("places")
UNFINALISED: RequestKey[list[Waiting]] = RequestKey("unfinalised")
RULES: AppKey[Mapping[AbstractRoute, Route]] = AppKey("rules")
