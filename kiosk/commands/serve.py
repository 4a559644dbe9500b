"""`preau serve`: the server of the room, over HTTPS unless it speaks to this machine alone."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

import structlog
from aiohttp.web import AppRunner, TCPSite

from kiosk import setup_code
from kiosk.actions.first_run import is_waiting
from kiosk.app import build_app, open_kiosk
from kiosk.cli import CommandError
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.homes import held, make_home
from kiosk.lan.addresses import lan_addresses
from kiosk.lan.ca import ensure_tls, host_label
from kiosk.lan.presence import Presence, present
from kiosk.logs import set_up_logs
from kiosk.setup_code import grouped
from sync.identity import Identity
from sync.notify import Notifier

if TYPE_CHECKING:
    import argparse
    import ssl
    from collections.abc import AsyncIterator

    from kiosk.config import Config
    from kiosk.keys import Kiosk

HELP = "run the server of the room"
SWITCH_S = 0.002
"""How long the writer's thread and the event loop may keep the interpreter from each other: below the default of
5 ms, because every pupil waits for the commit; not shorter, because each exchange costs both of them."""
CYCLES_AFTER = 50_000
"""New objects before cycles are looked for. A request leaves next to none, and at the default of 700 the search, which
walks the sittings in memory again and again, took a fifth of the processor."""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--port", type=int, help="port to listen on (PREAU_KIOSK_PORT, 8080)")
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument(
        "--plain-http",
        action="store_true",
        help="speak HTTP, for this machine alone (127.0.0.1): demo and tests",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    host = args.host or ("127.0.0.1" if args.plain_http else None)
    config = load_config(args.home, port=args.port, host=host)
    if args.plain_http and not _is_loopback(config.host):
        raise CommandError("--plain-http is for 127.0.0.1 only: pupils' answers do not travel in clear")
    set_up_logs()
    sys.setswitchinterval(SWITCH_S)
    Identity.load(config.home)  # a folder that is no home is left as it is
    make_home(config.home)
    with held(config.home), contextlib.suppress(asyncio.CancelledError):
        return asyncio.run(_serve(config, secure=not args.plain_http))
    return 0


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(config: Config) -> ssl.SSLContext:
    return ensure_tls(config.home, _names(config), lan_addresses(), datetime.now(UTC))


def _names(config: Config) -> list[str]:
    return [host_label(Identity.load(config.home).name), *config.names]


async def _serve(config: Config, *, secure: bool) -> int:
    context = _tls(config) if secure else None
    async with open_kiosk(config, SystemClock(), secure=secure) as kiosk:
        await _tell_setup_code(kiosk)
        runner = AppRunner(build_app(kiosk), access_log=None, keepalive_timeout=75)
        await runner.setup()
        _set_memory_aside()
        try:
            await _listen(runner, config, context)
            async with _present(kiosk, context):
                await _until_told(kiosk, secure=secure)
        finally:
            await runner.cleanup()
    return 0


async def _tell_setup_code(kiosk: Kiosk) -> None:
    """Say how to name the first administrator: the code at a terminal only, for a journal is read by others."""
    if not await kiosk.db.read(is_waiting):
        setup_code.drop(kiosk.config.home)
        return
    code = setup_code.load_or_make(kiosk.config.home)
    if sys.stderr.isatty():
        print(f"No administrator yet. Set-up code for the page /first-run: {grouped(code)}", file=sys.stderr)
    else:
        structlog.get_logger().info("no administrator yet: preau init shows the set-up code again")


def _set_memory_aside() -> None:
    """Keep what lives as long as the server (code, bank, pages) out of every later search for cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(CYCLES_AFTER, 20, 20)


@contextlib.asynccontextmanager
async def _present(kiosk: Kiosk, context: ssl.SSLContext | None) -> AsyncIterator[None]:
    """Keep the certificate and the announcement true to the room's network, when the server is there for it."""
    if context is None:
        yield
        return
    config = kiosk.config
    announce = config.announce and not _is_loopback(config.host)
    async with present(Presence(config.home, _names(config), config.port, context, announce=announce)):
        yield


async def _listen(runner: AppRunner, config: Config, context: ssl.SSLContext | None) -> None:
    site = TCPSite(runner, config.host, config.port, ssl_context=context, backlog=1024)
    try:
        await site.start()
    except OSError as problem:
        raise CommandError(
            f"port {config.port} of {config.host} cannot be used ({problem.strerror or problem}): "
            "stop what uses it, or give another with --port or PREAU_KIOSK_PORT"
        ) from None


async def _until_told(kiosk: Kiosk, *, secure: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    config = kiosk.config
    scheme = "https" if secure else "http"
    structlog.get_logger().info(
        "serving", address=f"{scheme}://{config.host}:{config.port}", school=kiosk.identity.uai
    )
    notifier = Notifier()
    notifier.ready(f"{scheme} on port {config.port}")
    watch = asyncio.create_task(_stay_alive(kiosk, notifier))
    await stop.wait()
    structlog.get_logger().info("stopping")
    notifier.stopping()
    watch.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watch


async def _stay_alive(kiosk: Kiosk, notifier: Notifier) -> None:
    """Tell the watchdog that the server lives, each time a job has gone through the writer."""
    period = notifier.watchdog_s
    while period is not None:
        await kiosk.db.write(lambda tx: tx.execute("SELECT 1").fetchone())
        notifier.alive()
        await asyncio.sleep(period)
