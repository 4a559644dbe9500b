"""The central instance as an aiohttp application: its parts opened at start, closed at the end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from aiohttp.web import Application

from sync.central.appkeys import INSTANCE, PAGES, ROUTES
from sync.central.body import BODY_MAX
from sync.central.instance import open_instance
from sync.central.middleware import guard
from sync.central.routes import ROUTES as TABLE
from web.assets import Assets
from web.i18n import Words
from web.render import Pages
from web.serving import static_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sync.central.config import Config
    from sync.central.instance import Instance

LOOK_AGAIN_S = 60
_log = structlog.get_logger()


def build_app(config: Config, clock: Callable[[], int]) -> Application:
    """Return the application; `clock` gives UTC milliseconds. The database opens when it starts."""
    app = Application(middlewares=[guard], client_max_size=BODY_MAX + 1)
    assets = Assets()
    app[PAGES] = Pages(Words.load(), assets, {"site_name": config.name})
    app[ROUTES] = {app.router.add_route(row.method, row.path, row.handler): row for row in TABLE}
    app.router.add_routes(static_routes(assets))
    app.cleanup_ctx.append(lambda running: _running(running, config, clock))
    return app


async def _running(app: Application, config: Config, clock: Callable[[], int]) -> AsyncIterator[None]:
    async with open_instance(config, clock) as instance:
        app[INSTANCE] = instance
        looking = asyncio.create_task(_look_again(instance))
        yield
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _look_again(instance: Instance) -> None:
    """Now and then, judge what waited for a bank that was added meanwhile, by whichever process added it."""
    while True:
        try:
            await instance.reverify.run(instance.clock())
            await instance.certify.run(instance.clock())
        except Exception as error:  # noqa: BLE001 - a look that fails is logged, and the next one comes
            _log.warning("central.look_again_failed", kind=type(error).__name__)
        await asyncio.sleep(LOOK_AGAIN_S)
