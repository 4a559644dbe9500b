"""How often anybody may say who they are: names and birth dates are easily known, so trying many is made slow.

What is counted is a try that found nobody, or found somebody who already has an account, from one browser address or one
account. From the 10th, a block of two minutes that doubles with each further one, up to a day; a try that links the
right account forgives nothing, so that one success does not pay for nine guesses.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kiosk.actions.throttle import FORGET_MS, block_ms
from kiosk.errors import TooMany
from kiosk.store import people as store

if TYPE_CHECKING:
    from kiosk.store.base import Reader

FREE = 10


def check(conn: Reader, kind: str, who: str, now_ms: int, code: str) -> None:
    """Raise TooMany with `code` while `who` (an address or an account) must wait."""
    until = store.attempts_of(conn, _subject(kind, who))[1]
    if until > now_ms:
        seconds = -(-(until - now_ms) // 1000)
        raise TooMany(code, params={"count": -(-seconds // 60)}, retry_after=seconds)


def count(tx: Reader, kind: str, who: str, now_ms: int) -> None:
    """Count one try."""
    subject = _subject(kind, who)
    failures = store.attempts_of(tx, subject)[0] + 1
    store.keep_attempts(tx, subject, failures, now_ms + block_ms(failures, FREE), now_ms)
    store.sweep_attempts(tx, now_ms - FORGET_MS)


def _subject(kind: str, who: str) -> str:
    return hashlib.blake2b(
        f"guess\0{kind}\0{who}".encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()
