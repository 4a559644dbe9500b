"""Disk kept for answers: taken as a file before a session opens, given back bit by bit when everything else has filled the disk."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from kiosk.errors import Full

if TYPE_CHECKING:
    from pathlib import Path

A_CANDIDATE = 1024 * 1024
"""A passage's chain, its record, the write-ahead log and a file handed back or two."""
AT_LEAST = 64 * 1024 * 1024
STEP = 16 * 1024 * 1024
LOW = 32 * 1024 * 1024
"""Free space under which the reserve gives way."""
ENOUGH = 128 * 1024 * 1024
"""Free space from which nobody need be told."""
FINE, LITTLE, RESERVE, LAST = 0, 1, 2, 3
"""How full the disk is: room for everything; little left; answers live on their reserve; and that is ending."""
_NAME = "answers.reserve"


def take(home: Path, candidates: int) -> int:
    """Reserve room for this many candidates and return its bytes; raises Full when the disk does not have it."""
    size = max(AT_LEAST, candidates * A_CANDIDATE)
    path = home / _NAME
    kept = path.stat().st_size if path.exists() else 0
    if shutil.disk_usage(home).free + kept < size + LOW:
        raise Full("session.no_room")
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if kept < size:
            os.posix_fallocate(handle, 0, size)
    except OSError:
        raise Full("session.no_room") from None
    finally:
        os.close(handle)
    return max(size, kept)


def kept(home: Path) -> int:
    """Return the bytes reserved now."""
    path = home / _NAME
    return path.stat().st_size if path.exists() else 0


def give_way(home: Path) -> int:
    """Give a step of the reserve back when little else is free; return the bytes still reserved."""
    path = home / _NAME
    if not path.exists():
        return 0
    size = path.stat().st_size
    if size and shutil.disk_usage(home).free < LOW:
        size = max(0, size - STEP)
        os.truncate(path, size)
    return size


def take_again(home: Path) -> None:
    """Reserve again what gave way, once somebody has freed the disk."""
    path = home / _NAME
    given_way = path.exists() and path.stat().st_size < AT_LEAST
    if given_way and shutil.disk_usage(home).free >= AT_LEAST + ENOUGH:
        with contextlib.suppress(Full):  # somebody else was faster
            take(home, 0)


def level(home: Path) -> int:
    """Return how full the disk is, one of `FINE`, `LITTLE`, `RESERVE`, `LAST`."""
    free = shutil.disk_usage(home).free
    if free >= ENOUGH:
        return FINE
    if free >= LOW + STEP:
        return LITTLE
    return RESERVE if free + kept(home) >= LOW else LAST


def release(home: Path) -> None:
    """Give the whole reserve back."""
    (home / _NAME).unlink(missing_ok=True)
