"""`preau demo`: a school, a central instance and the daemon between them, on this machine, with nothing to prepare.

The first start makes everything by the same acts and commands as a real installation; the next ones find it as it
was. It speaks plain HTTP on loopback, needs no network and never needs to be root.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.cli import CommandError
from kiosk.demo.cast import SCHOOL, UAI
from kiosk.demo.central import make_central
from kiosk.demo.children import Child, http_session
from kiosk.demo.ports import HOST, choose
from kiosk.demo.school import fill_school, make_school
from kiosk.demo.table import Ready, as_object, as_text
from kiosk.homes import held
from sync.enrol import EnrolError, enrol

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

HELP = "run a demo school and central instance on this machine"
KIOSK_PORT = 8080
CENTRAL_PORT = 8090


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--port", type=int, help=f"port of the school (PREAU_KIOSK_PORT, {KIOSK_PORT})")
    parser.add_argument(
        "--central-port", type=int, help=f"port of the central instance (PREAU_CENTRAL_PORT, {CENTRAL_PORT})"
    )
    parser.add_argument("--any-port", action="store_true", help="take other ports when these are taken")
    parser.add_argument(
        "--json", action="store_true", help="once ready, one JSON object on standard output and nothing else"
    )


def run(args: argparse.Namespace) -> int:
    """Make what is missing, run the three servers until interrupted, stop them; 0 when all went well."""
    home: Path = args.home.resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with held(home):
        school, central = _ports(args)
        _say(
            "Preparing the demo..."
            if (home / "school").exists()
            else "Preparing the demo for the first time..."
        )
        make_school(home / "school")
        filled = asyncio.run(fill_school(home / "school"))
        invitation = make_central(home / "central", home / "school")
        ready = Ready(home, f"http://{HOST}:{school}", f"http://{HOST}:{central}", filled, {})
        return asyncio.run(_live(ready, school, central, invitation, as_json=args.json))


def _ports(args: argparse.Namespace) -> tuple[int, int]:
    """Return the ports of the school and of the central instance; raises CommandError when one is taken."""
    wanted = args.port or _from_environment("PREAU_KIOSK_PORT", KIOSK_PORT)
    school = choose(wanted, "--port", "the school", any_port=args.any_port, taken=frozenset())
    wanted = args.central_port or _from_environment("PREAU_CENTRAL_PORT", CENTRAL_PORT)
    central = choose(
        wanted, "--central-port", "the central instance", any_port=args.any_port, taken=frozenset({school})
    )
    return school, central


def _from_environment(name: str, otherwise: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CommandError(f"{name} must be a port from 1 to 65535, not {text!r}")
    return int(text)


def _say(text: str) -> None:
    """Tell the person at the terminal; standard output is kept for the answer."""
    print(text, file=sys.stderr, flush=True)


def _children(ready: Ready, school: int, central: int) -> list[Child]:
    journals = ready.home / "journals"
    at = ["--home", str(ready.home / "school")]
    return [
        Child(
            "The central instance",
            ["--home", str(ready.home / "central"), "central", "serve", "--port", str(central)],
            journals / "central.log",
            f"{ready.central}/health",
        ),
        Child(
            "The school's server",
            [*at, "serve", "--plain-http", "--port", str(school)],
            journals / "school.log",
            f"{ready.school}/health",
        ),
        Child("The sync daemon", [*at, "sync"], journals / "sync.log", None),
    ]


async def _live(ready: Ready, school: int, central: int, invitation: str | None, *, as_json: bool) -> int:
    """Run the servers from ready to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as ending:
        children = _children(ready, school, central)
        for child in children:
            ending.push_async_callback(child.stop)
            await child.start()
        starting = asyncio.create_task(_get_ready(ready, children, invitation))
        if not await _first(starting, stop):
            return 0
        pids = {child.journal.stem: child.process.pid for child in children if child.process}
        ready = replace(ready, processes=pids)
        print(json.dumps(as_object(ready)) if as_json else as_text(ready), flush=True)
        watching = [asyncio.create_task(child.watch(_say)) for child in children]
        await stop.wait()
        _say("Stopping...")
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    _say("Stopped. Everything is kept.")
    return 0


async def _get_ready(ready: Ready, children: list[Child], invitation: str | None) -> None:
    async with http_session() as session:
        await asyncio.gather(*(child.ready(session) for child in children))
    if invitation is not None:
        try:
            await enrol(ready.home / "school", ready.central, invitation, UAI, SCHOOL)
        except EnrolError as error:
            raise CommandError(f"the school could not be enrolled: {error}") from error


async def _first(starting: asyncio.Task[None], stop: asyncio.Event) -> bool:
    """Wait until ready (True) or told to stop (False); raises what prevented the start."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (starting, stopping):
        if not task.done():
            task.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
    if starting.cancelled() or not starting.done():
        await asyncio.gather(starting, return_exceptions=True)
        return False
    starting.result()
    return not stop.is_set()
