"""Runs the central instance until told to stop: one socket, plain HTTP only where nobody else can listen in."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import signal
import ssl
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp.web import AppRunner, TCPSite

from sync.central.app import build_app
from sync.central.commands import clock
from sync.central.errors import WrongSetting
from sync.notify import Notifier

if TYPE_CHECKING:
    import argparse

    from sync.central.config import Config

STOP_S = 10


def serve(config: Config, args: argparse.Namespace, port: int) -> int:
    """Serve until SIGTERM or SIGINT and return 0. Raises `WrongSetting` when it cannot begin."""
    tls = _tls(args)
    if tls is None and not args.behind_proxy and not _loopback(args.host):
        raise WrongSetting(
            "host",
            "beyond this machine, give --tls-cert and --tls-key, or --behind-proxy when a proxy speaks HTTPS",
        )
    config = replace(config, secure=tls is not None or args.behind_proxy, behind_proxy=args.behind_proxy)
    return asyncio.run(_serve(config, args.host, port, tls))


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(args: argparse.Namespace) -> ssl.SSLContext | None:
    if args.tls_cert is None and args.tls_key is None:
        return None
    if args.tls_cert is None or args.tls_key is None:
        raise WrongSetting("tls", "--tls-cert and --tls-key go together")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(args.tls_cert, args.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise WrongSetting("tls", f"the certificate cannot be used: {error.strerror or error}") from error
    return context


async def _serve(config: Config, host: str, port: int, tls: ssl.SSLContext | None) -> int:
    # Bodies come as they were sent: `sync.central.body` unpacks them under its own limits.
    runner = AppRunner(
        build_app(config, clock), auto_decompress=False, access_log=None, shutdown_timeout=STOP_S
    )
    notifier = Notifier()
    try:
        await runner.setup()
        try:
            await TCPSite(runner, host, port, ssl_context=tls).start()
        except OSError as error:
            raise WrongSetting("port", _unusable(host, port, error)) from error
        scheme = "http" if tls is None else "https"
        print(f"Central instance on {scheme}://{host}:{port}", file=sys.stderr, flush=True)  # noqa: T201 - says where
        notifier.ready(f"serving on port {port}")
        await _told_to_stop(notifier)
        notifier.stopping()
    finally:
        await runner.cleanup()
    return 0


def _unusable(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is already taken: stop what uses it, or choose another with --port"
    return f"port {port} on {host} cannot be used: {error.strerror}"


async def _told_to_stop(notifier: Notifier) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, told.set)
    while not told.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), notifier.watchdog_s)
        notifier.alive()
