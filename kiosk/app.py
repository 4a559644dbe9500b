"""Builds a kiosk from its parts and starts and stops them in order.

`open_kiosk` gives the parts without any socket: commands and tests use it. `build_app` puts the table of routes and
the one middleware around them.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp.web import AbstractRoute, Application

from kiosk.actions.courses import load_made
from kiosk.actions.files import FileMaker
from kiosk.banks import Banks
from kiosk.daily import daily
from kiosk.enrolment_drafts import DRAFTS, Drafts
from kiosk.exam_access import PassCache
from kiosk.guarding import add_guarding
from kiosk.handovers import HANDOVERS, Handovers
from kiosk.health import reports
from kiosk.importing import add_importing
from kiosk.keys import EXPORTING, KIOSK, RULES, Kiosk
from kiosk.live import Hub
from kiosk.logins import LoginCache
from kiosk.mail import postman
from kiosk.metrics import Metrics
from kiosk.middleware import guard
from kiosk.opening import open_log
from kiosk.passages import Passages
from kiosk.passwords import Hasher
from kiosk.places import PlacesCount
from kiosk.profile_runner import profile_runner
from kiosk.questions import Questions
from kiosk.room_keeper import keeper
from kiosk.rooms import Rooms
from kiosk.route import BODY, Route
from kiosk.routes import ROUTES
from kiosk.sealed_shelf import SealedShelf
from kiosk.served_bank import Served, served_bank
from kiosk.sittings import Sittings
from kiosk.statement_runner import statement_runner
from kiosk.store import machines, people
from kiosk.store.places import counted
from sync.identity import Identity
from web.assets import Assets
from web.i18n import Words
from web.render import Pages
from web.serving import static_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from exam.bank import Bank
    from kiosk.clock import Clock
    from kiosk.config import Config


@asynccontextmanager
async def open_kiosk(
    config: Config, clock: Clock, *, secure: bool, bank: Bank | None = None
) -> AsyncIterator[Kiosk]:
    """Open the home's database and everything that stands on it; close it all at the end.

    The bank is that of the settings unless one is given.
    """
    identity = Identity.load(config.home)
    served = served_bank(config) if bank is None else Served(bank)
    db, log = open_log(config.home, identity, clock.now_ms)
    hasher, files = Hasher(), FileMaker()
    try:
        banks = Banks(config.banks, served.bank, served.sealed)
        db.read_sync(lambda conn: load_made(conn, banks))
        if served.signed is not None:
            # A session may be led by it, now or once another bundle is served.
            SealedShelf(config.banks).add(*served.signed)
        del served  # the bytes of a bundle: megabytes that nothing reads again
        rooms = Rooms(config.banks)
        kiosk = Kiosk(
            config=config,
            identity=identity,
            clock=clock,
            db=db,
            log=log,
            banks=banks,
            sittings=Sittings(banks, log, config.sittings_in_memory),
            rooms=rooms,
            passages=Passages(rooms, log),
            passes=PassCache(lambda digest: db.read(lambda conn: machines.pass_by_digest(conn, digest))),
            questions=Questions(),
            files=files,
            hub=Hub(config.listeners),
            hasher=hasher,
            logins=LoginCache(lambda digest: db.read(lambda conn: people.login_by_digest(conn, digest))),
            metrics=Metrics(),
            pages=Pages(Words.load(), Assets(), {"site_name": identity.name}),
            places=PlacesCount(
                lambda organisation, now: db.read(lambda conn: counted(conn, organisation, now))
            ),
            secure=secure,
        )
        yield kiosk
    finally:
        hasher.close()
        files.close()
        await db.close()


def build_app(kiosk: Kiosk) -> Application:
    """Return the application: every route of the table, static files, and the middleware around them."""
    app = Application(middlewares=[guard], client_max_size=BODY)
    app[KIOSK] = kiosk
    app[EXPORTING] = asyncio.Semaphore(1)
    app[HANDOVERS] = Handovers()
    app[DRAFTS] = Drafts()
    rules: dict[AbstractRoute, Route] = {}
    for row in ROUTES:
        rules[app.router.add_route(row.method, row.path, row.handler)] = row
        # Pages alone: a stream has no head, and a script of the API asks for what it wants.
        if row.method == "GET" and not row.path.startswith(("/api/", "/live/")):
            rules[app.router.add_route("HEAD", row.path, row.handler)] = row
    app[RULES] = rules
    app.router.add_routes(static_routes(kiosk.pages.assets))
    app.cleanup_ctx.append(reports)
    app.cleanup_ctx.append(postman)
    add_importing(app)
    add_guarding(app)
    app.cleanup_ctx.append(daily)
    app.cleanup_ctx.append(profile_runner)
    app.cleanup_ctx.append(statement_runner)
    app.cleanup_ctx.append(keeper)
    app.on_shutdown.append(_end_streams)
    return app


async def _end_streams(app: Application) -> None:
    app[KIOSK].hub.close()
