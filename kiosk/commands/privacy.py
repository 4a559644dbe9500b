"""`preau privacy`: what is kept and what is past its time; purge it now rather than at the day's pass."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

from kiosk.actions import retention
from kiosk.app import open_kiosk
from kiosk.cli import CommandError
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.homes import held
from kiosk.opening import FILE
from sync.connections import connect_reader

if TYPE_CHECKING:
    import argparse

    from kiosk.actions.retention import Line

HELP = "say what is kept and for how long, and purge what is past its time"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    report = acts.add_parser("report", help="say what would be purged; nothing is changed")
    purge = acts.add_parser("purge", help="purge it now (no server may be running on the home)")
    for act in (report, purge):
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do one act."""
    told, lines = _reported(args) if args.act == "report" else _purged(args)
    print(json.dumps(told, ensure_ascii=False) if args.json else "\n".join(lines))
    return 0


def _reported(args: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    config, path = load_config(args.home), args.home / FILE
    if not path.exists():
        raise CommandError(f"{path} is not there yet: start `preau serve` first")
    with contextlib.closing(connect_reader(path)) as conn:
        found = retention.report(conn, config, SystemClock().now_ms())
    return {"kept": [one._asdict() for one in found]}, [_line(one) for one in found]


def _line(one: Line) -> str:
    kept = f"kept {one.kept} {one.unit}" if one.kept else "kept always"
    return f"{one.kind}: {one.held}, {kept} ({one.setting}), {one.due} to purge"


def _purged(args: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    async def purge() -> dict[str, int]:
        async with open_kiosk(load_config(args.home), SystemClock(), secure=False) as kiosk:
            return await retention.apply(kiosk)

    with held(args.home):
        done = asyncio.run(purge())
    return {"purged": done}, [f"{kind}: {count} purged" for kind, count in done.items()]
