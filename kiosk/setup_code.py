"""The set-up code: proof that whoever names the first administrator is at the server's own console.

It is a file of the home, readable by its owner alone, made while the server has no administrator; `preau init` and
`preau serve` show it at a terminal. It opens one page, and nothing once there is an administrator.
"""

from __future__ import annotations

import hmac
import os
import secrets
from typing import TYPE_CHECKING

from kiosk.codes import DIGITS, LETTERS, read_code

if TYPE_CHECKING:
    from pathlib import Path

FILE = "setup-code"
LENGTH = 12


def load_or_make(home: Path) -> str:
    """Return the home's set-up code, made when there is none."""
    path = _path(home)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    code = "".join(secrets.choice(LETTERS + DIGITS) for _ in range(LENGTH))
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(code + "\n")
    return code


def matches(home: Path, typed: str) -> bool:
    """Say whether what was typed is the home's code, in constant time; spaces, dashes and case do not count."""
    try:
        code = _path(home).read_text("ascii").strip()
    except FileNotFoundError:
        return False
    return len(code) == LENGTH and hmac.compare_digest(code.encode(), read_code(typed).encode())


def drop(home: Path) -> None:
    """Forget the code: there is an administrator."""
    _path(home).unlink(missing_ok=True)


def grouped(code: str) -> str:
    """Return a code in groups of four, to be read and typed."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _path(home: Path) -> Path:
    return home / "keys" / FILE
