"""Invented people, signed in without a password anybody could use: hashing is not what the benches measure."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from kiosk.actions.accounts import checked_person, keep_account
from kiosk.logins import LOOPBACK_COOKIE, Login, digest_of, new_secret
from kiosk.store import people

if TYPE_CHECKING:
    from kiosk.actions.accounts import NewPerson
    from kiosk.keys import Kiosk
    from sync.db import Tx

LASTS_MS = 12 * 3_600_000


async def signed_in(kiosk: Kiosk, new: NewPerson) -> tuple[Login, str]:
    """Add this person; return their login and the cookie header of their browser."""
    person = checked_person(new, must_change=False)
    now, secret = kiosk.clock.now_ms(), new_secret()
    login = Login(secrets.token_hex(4), digest_of(secret), person, now + LASTS_MS)

    def job(tx: Tx) -> None:
        keep_account(tx, person, new, "", now)
        people.add_login(tx, login, now)

    await kiosk.db.write(job)
    return login, f"{LOOPBACK_COOKIE}={secret}"
