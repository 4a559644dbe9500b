"""A home folder: made once, private to its owner, and served by one process at a time."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kiosk.cli import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDERS = ("keys", "tls", "uploads", "banks")
LOCK = "kiosk.lock"
OWN = frozenset({*FOLDERS, LOCK, "config.toml", "lost+found"})
"""What may be in a folder before it becomes a home."""


def check_own(home: Path) -> None:
    """Raise CommandError when a folder holds other things: it would be closed to everybody else."""
    if not home.is_dir() or (home / "site.json").exists():
        return
    other = sorted(path.name for path in home.iterdir() if path.name not in OWN)
    if other:
        raise CommandError(f"{home} holds other things ({other[0]}): give a folder of its own")


def make_home(home: Path) -> None:
    """Make the folder and those inside it, readable by their owner alone."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for name in FOLDERS:
        (home / name).mkdir(mode=0o700, exist_ok=True)


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the home for this process; raises CommandError when a server already serves it.

    The log has one writer: a second process that appended to it would fork the school's chain.
    """
    try:
        handle = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise CommandError(f"{home} cannot be used: {problem.strerror}") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"a server is already running on {home}: use its pages or its API, or stop it first"
            ) from None
        yield
    finally:
        os.close(handle)
