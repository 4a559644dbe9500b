"""What people type on certification day: access codes, supervisors' passwords, and names as they are compared."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date

from kiosk.codes import DIGITS, LETTERS
from sync.words import WORDS

_PASSWORD = "23456789bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ!*?"  # noqa: S105 - the signs one is made of
_EARLIEST = "1900-01-01"


def new_access_code() -> str:
    """Return a fresh access code: four letters, two digits."""
    return "".join(secrets.choice(LETTERS) for _ in range(4)) + "".join(
        secrets.choice(DIGITS) for _ in range(2)
    )


def new_password() -> str:
    """Return a fresh password for supervisors, six signs; it is shown and typed after C-."""
    return "".join(secrets.choice(_PASSWORD) for _ in range(6))


def name_key(first_name: str, last_name: str) -> str:
    """Return both names as they are compared: letters and digits only, without case or accents."""
    return f"{bare_name(first_name)}|{bare_name(last_name)}"


def bare_name(name: str) -> str:
    """Return a name as it is compared: letters and digits only, without case or accents."""
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name[:200]).casefold())
    return "".join(sign for sign in flat if sign.isalnum())


def head_words(head: str) -> list[str]:
    """Return four words for the head of a chain (64 hex digits), to be copied on paper and compared."""
    return [WORDS[byte] for byte in bytes.fromhex(head)[:4]]


def sound_date(text: str) -> bool:
    """Return whether this is a day written YYYY-MM-DD, after 1900."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) or text < _EARLIEST:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def sound_time(text: str) -> bool:
    """Return whether this is an hour written HH:MM."""
    return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None
