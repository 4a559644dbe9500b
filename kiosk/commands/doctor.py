"""`preau doctor`: whether this machine is ready, one line a check, go or no-go at the end."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from kiosk.checks import CHECKS, Finding, Level, Subject
from sync.identity import now_ms

if TYPE_CHECKING:
    import argparse

HELP = "check that this machine is ready"
_SIGNS: dict[Level, str] = {"ok": "ok  ", "warning": "warn", "problem": "NO  "}


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Run every check; 1 when one of them says no-go."""
    subject = Subject(args.home, now_ms())
    findings: list[Finding] = []
    for check in CHECKS:
        findings += check(subject)
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
