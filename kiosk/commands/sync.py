"""`preau sync`: send what is signed to the central instance, for ever or once."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import msgspec

from kiosk.cli import CommandError
from kiosk.logs import set_up_logs
from sync.daemon import NothingToRead, run_once
from sync.daemon import run as run_daemon
from sync.enrolment import NotEnrolled
from sync.identity import now_ms
from sync.notify import Notifier

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

HELP = "send what is signed to the central instance"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--once", action="store_true", help="send what is pending now, then stop")
    parser.add_argument(
        "--again",
        action="store_true",
        help="with --once: send everything, for a central instance put back from an old backup (it keeps each once)",
    )
    parser.add_argument("--json", action="store_true", help="with --once: one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Run the daemon until interrupted (0), or send once: 0 when nothing is left to send, else 1."""
    if not args.home.is_dir():
        raise CommandError(f"{args.home} is not the home of a server: run `preau init --uai UAI --name NAME`")
    if args.again and not args.once:
        raise CommandError("--again goes with --once: it sends everything one more time, then stops")
    if not args.once:
        set_up_logs()
        asyncio.run(_serve(args.home))
        return 0
    try:
        report = asyncio.run(run_once(args.home, now_ms, again=args.again))
    except (NotEnrolled, NothingToRead) as error:
        raise CommandError(str(error)) from error
    if args.json:
        print(msgspec.json.encode(report).decode())
    else:
        print(
            f"{report.sent} sent, {report.refused} refused, {report.pending} pending. {report.detail}".strip()
        )
    return 0 if report.state == "ok" and not report.pending else 1


async def _serve(home: Path) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run_daemon(home, now_ms, Notifier(), stop)
