"""`preau doctor`: whether this machine is ready, one line a check, go or no-go at the end; with --session, for that session too.

It only looks: a running server may hold the home meanwhile.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from kiosk.checks import CHECKS, Finding, Level, Subject
from kiosk.cli import CommandError
from kiosk.config import load_config
from kiosk.opening import open_database
from kiosk.readiness.look import Place, known_of, look
from kiosk.readiness.notes import told
from kiosk.sealed_shelf import SealedShelf
from kiosk.store import sessions
from sync.identity import now_ms
from web.i18n import Words

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from kiosk.readiness.examine import Known
    from kiosk.store.base import Reader

HELP = "check that this machine is ready"
LANG = "en"
_SIGNS: dict[Level, str] = {"ok": "ok  ", "warning": "warn", "problem": "NO  "}


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--json", action="store_true", help="say the result as one JSON object")
    parser.add_argument("--session", type=int, metavar="N", help="number of a certification session to check")
    parser.add_argument(
        "--day-code-stdin", action="store_true", help="try the spoken day code read from standard input"
    )


def run(args: argparse.Namespace) -> int:
    """Run every check; 1 when one of them says no-go."""
    subject = Subject(args.home, now_ms())
    findings: list[Finding] = []
    for check in CHECKS:
        findings += check(subject)
    if args.session is not None:
        code = sys.stdin.readline(400).strip() if args.day_code_stdin else None
        findings += session_findings(args.home, args.session, code, subject.now_ms)
    ready = all(finding.level != "problem" for finding in findings)
    if args.json:
        print(json.dumps({"go": ready, "checks": [asdict(f) for f in findings]}, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{_SIGNS[finding.level]}  {finding.name:<12} {finding.message}")
            if finding.next:
                print(f"                    → {finding.next}")
        print("GO: this machine is ready." if ready else "NO-GO: see the lines above.")
    return 0 if ready else 1


def session_findings(home: Path, number: int, code: str | None, at_ms: int) -> list[Finding]:
    """Return what the go / no-go list of a session says, every sealed question tried; raises CommandError for no such session."""
    place = Place(home, SealedShelf(load_config(home).banks), at_ms, secure=True)

    def read(conn: Reader) -> Known | None:
        found = sessions.by_number(conn, number)
        return known_of(conn, place, found) if found else None

    db = open_database(home)
    try:
        known = db.read_sync(read)
    finally:
        db.close_sync()
    if known is None:
        raise CommandError(f"no session has the number {number}; see `preau session list`")
    notes = told(Words.load(), LANG, look(known, place, code, questions=True))
    return [Finding(f"session.{one.check}", one.level, one.message, one.next) for one in notes]
