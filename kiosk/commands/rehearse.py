"""`preau rehearse`: say whether this machine can lead a session, by leading one with invented candidates and cutting it short.

It touches nothing of the school. A rehearsal with real pupils on the room's machines is a session planned with
`preau session create --rehearsal`: its results are worth nothing and are never published.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from typing import TYPE_CHECKING

from kiosk.bench.rehearsal import run_rehearsal
from kiosk.cli import CommandError, WrongUse
from kiosk.config import load_config
from kiosk.store import sessions
from sync.identity import Identity

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

HELP = "lead a session with invented candidates on this machine, with a power cut in its middle"
NEXT = {
    "refused": "some candidates were refused: run it again with the server's log open, and report it",
    "lost": "an acknowledged answer is not in the log: this is a fault, please report it",
    "doubled": "an answer is in the log twice: this is a fault, please report it",
    "log": "the log does not verify: check the disk with `preau doctor`",
    "slow_back": "the server took more than 10 s to come back: use a faster disk",
    "slow_start": "first questions took more than 2 s: enrol fewer candidates at once, or use a faster machine",
    "slow_answers": "answers took more than half a second: check the disk with `preau doctor`",
    "slow_screens": "supervisors' screens lag by more than a second: use a faster machine",
    "silent": "nobody answered anything: give more seconds",
}


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--candidates", type=int, default=30, help="invented candidates (30)")
    parser.add_argument("--seconds", type=float, default=60, help="how long their 32 questions take (60)")
    parser.add_argument("--screens", type=int, default=2, help="supervisors' screens open (2)")
    parser.add_argument("--no-cut", action="store_true", help="do not kill the server half-way")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Rehearse; 0 when a session can be led here, 1 with what is not good enough."""
    if not (1 <= args.candidates <= 1000 and 5 <= args.seconds <= 3600 and 1 <= args.screens <= 50):
        raise WrongUse("give 1 to 1000 candidates, 5 to 3600 seconds and 1 to 50 screens")
    Identity.load(args.home)
    if _session_open(args.home):
        raise CommandError("a session is open on this server: rehearse before it opens or after it closed")
    done = run_rehearsal(args.home, args.candidates, args.seconds, args.screens, kill=not args.no_cut)
    if args.json:
        print(json.dumps({"ready": not done.problems, **done.figures, "problems": done.problems}))
    else:
        for name, value in done.figures.items():
            print(f"{name.replace('_', ' '):<24}{value}")
        for code in done.problems:
            print(f"not ready: {NEXT[code]}")
        if not done.problems:
            print("ready: a session of this size can be led on this machine")
    return 1 if done.problems else 0


def _session_open(home: Path) -> bool:
    database = load_config(home).database
    if not database.exists():
        return False
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return bool(sessions.opened(connection))
        except sqlite3.OperationalError:
            return False  # a home no server has opened yet has no sessions
