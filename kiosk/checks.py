"""The checks of `preau doctor`: each looks at one thing and says what it found and what to do.

A check never changes anything and never raises for what it looks for: a broken machine is what it is made to describe.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from exam.bundle import BankError
from kiosk.config import BadConfig, load_config
from kiosk.lan.ca import TlsError, leaf_end
from kiosk.opening import FILE
from kiosk.served_bank import served_bank
from sync.connections import connect_reader
from sync.exchange import status
from sync.identity import HomeError, Identity
from sync.keys import KeyFileError
from sync.log_store import load_tail

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Level = Literal["ok", "warning", "problem"]
FREE_WARNING = 5 * 1024**3
FREE_PROBLEM = 1024**3
OLDEST = datetime(2026, 1, 1, tzinfo=UTC)
SILENT = timedelta(days=7)


@dataclass(frozen=True)
class Subject:
    """What is checked: a home folder, at an instant (wall clock, ms)."""

    home: Path
    now_ms: int

    @property
    def now(self) -> datetime:
        """The instant as a date."""
        return datetime.fromtimestamp(self.now_ms / 1000, UTC)


@dataclass(frozen=True)
class Finding:
    """What one check found: ok, a warning, or a problem that forbids opening; `next` says what to do."""

    name: str
    level: Level
    message: str
    next: str = ""


def check_home(subject: Subject) -> list[Finding]:
    """Look at the folder, its identity and its settings."""
    try:
        identity = Identity.load(subject.home)
        load_config(subject.home)
    except (HomeError, KeyFileError, BadConfig) as problem:
        return [Finding("home", "problem", str(problem))]
    found = [Finding("home", "ok", f"{identity.name} ({identity.uai}), {subject.home}")]
    mode = stat.S_IMODE(subject.home.stat().st_mode)
    if mode & 0o077:
        found.append(
            Finding(
                "permissions", "problem", f"others can look into it (mode {mode:o})", "chmod 700 the home"
            )
        )
    else:
        found.append(Finding("permissions", "ok", "only its owner can look into it"))
    return found


def check_disk(subject: Subject) -> list[Finding]:
    """Look at the room left on the disk."""
    if not subject.home.exists():
        return []
    free = shutil.disk_usage(subject.home).free
    words = f"{free // 1024**2} MiB free"
    if free < FREE_PROBLEM:
        return [Finding("disk", "problem", words, "free at least 1 GiB before pupils come")]
    if free < FREE_WARNING:
        return [Finding("disk", "warning", words, "5 GiB or more is comfortable")]
    return [Finding("disk", "ok", words)]


def check_database(subject: Subject) -> list[Finding]:
    """Read the whole database once, and the end of the log."""
    path = subject.home / FILE
    if not path.exists():
        return [Finding("database", "problem", "there is none", "preau init")]
    try:
        with contextlib.closing(connect_reader(path)) as conn:
            verdict = str(conn.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as problem:
        verdict = str(problem)
    if verdict != "ok":
        return [Finding("database", "problem", verdict, "preau restore the last backup in another folder")]
    return [Finding("database", "ok", "sound"), _check_log(subject)]


def _check_log(subject: Subject) -> Finding:
    try:
        identity = Identity.load(subject.home)
        with contextlib.closing(connect_reader(subject.home / FILE)) as conn:
            tail = load_tail(conn, identity.site)
    except (HomeError, KeyFileError, sqlite3.Error, ValueError) as problem:
        return Finding("log", "problem", str(problem), "preau restore the last backup in another folder")
    return Finding("log", "ok", f"{tail.record_seq} signed records, {tail.seal_seq} seals")


def check_bank(subject: Subject) -> list[Finding]:
    """Load the bank of questions as the server would, and look whether a sealed part is there."""
    try:
        bank, sealed, _ = served_bank(load_config(subject.home))
    except (BankError, KeyFileError, OSError, BadConfig) as problem:
        words = f"{problem.code}: {problem}" if isinstance(problem, BankError) else str(problem)
        return [
            Finding("bank", "problem", words, "preau bank check FOLDER, or docs/settings.md for a bundle")
        ]
    words = f"{bank.id} {bank.version}: {len(bank.items)} questions, {len(bank.courses)} courses"
    found = [Finding("bank", "ok", f"{words}, digest {bank.digest[:16]}")]
    if sealed is None:
        return [*found, Finding("sealed", "ok", "no sealed part: campaigns only, no certification")]
    ways = [f"{len(sealed.head.schools)} schools"] if sealed.head.schools else []
    ways += ["a day code"] if sealed.head.code else []
    words = f"{len(sealed.head.items)} sealed items in {sealed.head.bundle}, for {' and '.join(ways)}"
    return [*found, Finding("sealed", "ok", words)]


def check_tls(subject: Subject) -> list[Finding]:
    """Look at the server's certificate."""
    try:
        end = leaf_end(subject.home)
    except (TlsError, ValueError, OSError) as problem:
        return [Finding("tls", "problem", str(problem))]
    if end is None:
        return [Finding("tls", "ok", "no certificate yet: `preau serve` makes one")]
    if end <= subject.now:
        words = f"the certificate ended on {end:%Y-%m-%d}"
        return [Finding("tls", "warning", words, "restart `preau serve`: it makes another")]
    return [Finding("tls", "ok", f"certificate good until {end:%Y-%m-%d}")]


def check_central(subject: Subject) -> list[Finding]:
    """Look at the link with the central instance; without one, the room still works."""
    exchange = status(subject.home)
    if not exchange.enrolled:
        return [Finding("central", "warning", "this school is not enrolled", "preau enrol")]
    waiting = f"{exchange.receipts} receipts, {exchange.waiting} waiting"
    last = exchange.last_contact_ms
    if last is None or subject.now_ms - last > SILENT / timedelta(milliseconds=1):
        return [Finding("central", "warning", f"not reached for a week; {waiting}", "preau sync")]
    return [Finding("central", "ok", waiting)]


def check_clock(subject: Subject) -> list[Finding]:
    """Look at the machine's clock: it dates records, and certificates need it right."""
    if subject.now < OLDEST:
        words = f"the clock says {subject.now:%Y-%m-%d}"
        return [Finding("clock", "problem", words, "set the date and time of this machine")]
    return [Finding("clock", "ok", f"{subject.now:%Y-%m-%d %H:%M} UTC")]


CHECKS: tuple[Callable[[Subject], list[Finding]], ...] = (
    check_home,
    check_disk,
    check_database,
    check_bank,
    check_tls,
    check_central,
    check_clock,
)
