"""`preau bench`: measure this machine, each figure beside its floor or per core."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from kiosk.bench.answers import run_answers
from kiosk.bench.imports import run_imports
from kiosk.bench.ingest import run_ingest
from kiosk.bench.pages import run_pages
from kiosk.bench.replay import run_replay
from kiosk.bench.school import Size
from kiosk.bench.session_run import run_room
from kiosk.bench.step import run_certification, run_step
from kiosk.cli import CommandError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

HELP = "measure this machine"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the benches and their arguments."""
    benches = parser.add_subparsers(dest="bench", required=True, metavar="BENCH")
    answers = benches.add_parser("answers", help="answers saved per second, whole stack against the floor")
    answers.add_argument("--candidates", type=int, default=200, help="pupils answering at once (200)")
    answers.add_argument("--seconds", type=float, default=20, help="how long to count, after a warm-up (20)")
    answers.add_argument("--pace", type=float, default=0, help="seconds each pupil thinks (0: none)")
    replay = benches.add_parser("replay", help="participations replayed per second on one core")
    replay.add_argument("--sittings", type=int, default=2000, help="how many to replay (2000)")
    ingest = benches.add_parser("ingest", help="sittings taken in and replayed by the central instance")
    ingest.add_argument("--sittings", type=int, default=2000, help="how many to send (2000)")
    step = benches.add_parser("step", help="one certification step on 800 items: grade, learn, choose")
    step.add_argument("--sittings", type=int, default=1000, help="how many sittings to answer (1000)")
    certification = benches.add_parser(
        "certification", help="certifications led again from their chains, alerts and early ends included"
    )
    certification.add_argument("--sittings", type=int, default=2000, help="how many to replay (2000)")
    imports = benches.add_parser("imports", help="files of pupils imported, and how long the writer is held")
    imports.add_argument("--pupils", type=int, default=20_000, help="pupils in each file (20000)")
    pages = benches.add_parser(
        "pages", help="staff pages of a large school, and answers while teachers export"
    )
    pages.add_argument("--pupils", type=int, default=2000, help="pupils of the school (2000)")
    pages.add_argument("--campaigns", type=int, default=300, help="its campaigns (300)")
    pages.add_argument("--participations", type=int, default=60_000, help="its participations (60000)")
    pages.add_argument("--rounds", type=int, default=30, help="times each page is asked for (30)")
    room = benches.add_parser(
        "room", help="a certification session: all start at once, then answer, screens open"
    )
    room.add_argument("--candidates", type=int, default=300, help="candidates (300)")
    room.add_argument("--seconds", type=float, default=600, help="how long their 32 questions take (600)")
    room.add_argument("--screens", type=int, default=6, help="supervisors' screens open (6)")
    every = benches.add_parser("all", help="every bench, one after another")
    for bench in (answers, replay, ingest, step, certification, imports, pages, room, every):
        bench.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Run one bench, or all; print its figures."""
    if args.bench == "all":
        figures: dict[str, object] = {
            "answers": run_answers(200, 20, 0),
            "exam_pace": run_answers(200, 20, 5),
            "replay": run_replay(2000),
            "ingest": run_ingest(2000),
            "step": run_step(1000),
            "certification": run_certification(2000),
            "imports": run_imports(20_000),
            "pages": run_pages(Size(), 30),
        }
    elif args.bench == "room":
        if not (1 <= args.candidates <= 2000 and 5 <= args.seconds <= 3600 and 0 < args.screens <= 50):
            raise CommandError("give 1 to 2000 candidates, 5 to 3600 seconds and 1 to 50 screens")
        figures = dict(run_room(args.candidates, args.seconds, args.screens))
    elif args.bench == "pages":
        figures = run_pages(_size(args), args.rounds)
    elif args.bench == "imports":
        if not 10 <= args.pupils <= 50_000:
            raise CommandError("--pupils: give 10 to 50000")
        figures = run_imports(args.pupils)
    else:
        figures = dict(_measures(args)[args.bench]())
    if args.json:
        print(json.dumps(figures))
    else:
        _print(figures)
    return 1 if _lost(figures) else 0


def _measures(args: argparse.Namespace) -> dict[str, Callable[[], dict[str, float | int]]]:
    if args.bench == "answers" and not (
        0 < args.candidates <= 2000 and 0 < args.seconds <= 3600 and 0 <= args.pace <= 60
    ):
        raise CommandError("give 1 to 2000 candidates, up to 3600 seconds and a pace of 0 to 60 seconds")
    if args.bench != "answers" and not 1 <= args.sittings <= 10_000_000:
        raise CommandError("--sittings: give 1 to 10000000")
    return {
        "answers": lambda: run_answers(args.candidates, args.seconds, args.pace),
        "replay": lambda: run_replay(args.sittings),
        "ingest": lambda: run_ingest(args.sittings),
        "step": lambda: run_step(args.sittings),
        "certification": lambda: run_certification(args.sittings),
    }


def _size(args: argparse.Namespace) -> Size:
    if not (
        1 <= args.pupils <= 20_000
        and 2 <= args.campaigns <= 2000
        and 1 <= args.participations <= min(200_000, args.pupils * args.campaigns)
        and 1 <= args.rounds <= 1000
    ):
        raise CommandError(
            "give 1 to 20000 pupils, 2 to 2000 campaigns, up to 200000 participations, 1 to 1000 rounds"
        )
    return Size(args.pupils, args.campaigns, args.participations)


def _lost(figures: dict[str, object]) -> bool:
    parts = [part for part in figures.values() if isinstance(part, dict)] or [figures]
    lost = [part for part in parts if part.get("lost")]
    if lost:
        print("an acknowledged answer is not in the log: this is a fault, please report it", file=sys.stderr)
    return bool(lost)


def _print(figures: dict[str, object], indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _print(value, indent + "  ")
        else:
            print(f"{indent}{name.replace('_', ' '):<24}{value}")
