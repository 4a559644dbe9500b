"""The day key of an open session, wrapped on disk for this school's box, so that a killed server goes on by itself.

The clear key is in memory alone. What is on disk opens with `keys/school-box.key` and nothing else; it is removed when the
session closes. See decision 0021 for what this gives away.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sync.box_keys import box_path, load_box, load_or_make_box
from sync.sealed import lock_for_school, unlock_for_school

if TYPE_CHECKING:
    from pathlib import Path


def _path(home: Path, session: str) -> Path:
    return home / "keys" / f"day-{session}.key"


def keep(home: Path, session: str, bundle: str, day_key: bytes) -> None:
    """Keep the day key of a session, wrapped, on disk before this returns."""
    wrapped = lock_for_school(day_key, bundle, load_or_make_box(home).public)
    path = _path(home, session)
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(wrapped)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read(home: Path, session: str, bundle: str) -> bytes | None:
    """Return the day key kept for a session, None when there is none; raises sync.sealed.SealError when it is not ours."""
    path = _path(home, session)
    if not path.exists() or not box_path(home).exists():
        return None
    return unlock_for_school(path.read_bytes(), bundle, load_box(box_path(home)))


def forget(home: Path, session: str) -> None:
    """Remove the day key of a session: written over first, for what that is worth on this disk."""
    path = _path(home, session)
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
