"""`preau bank preview`: serve a contact sheet of every item on this machine, until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING

from aiohttp.web import AppRunner, TCPSite

from kiosk.cli import CommandError
from kiosk.preview.app import build_preview

if TYPE_CHECKING:
    import argparse

    from exam.bank import Bank

HOST = "127.0.0.1"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `preview`."""
    parser.add_argument("--port", type=int, default=8090, help="port of 127.0.0.1 to listen on (8090)")


def preview(bank: Bank, args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_serve(bank, args.port))
    return 0


async def _serve(bank: Bank, port: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runner = AppRunner(build_preview(bank), access_log=None)
    await runner.setup()
    try:
        await TCPSite(runner, HOST, port).start()
        print(f"{len(bank.items)} items at http://{HOST}:{port}/ (Ctrl-C ends it)", flush=True)
        await stop.wait()
    except OSError as error:
        raise CommandError(
            f"port {port} cannot be used: {error.strerror}. Give another with --port"
        ) from error
    finally:
        await runner.cleanup()
