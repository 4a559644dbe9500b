"""Opening a login for somebody who has just proved who they are: by a password, a link, or an identity provider."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.errors import NotSignedIn
from kiosk.logins import Login, digest_of, new_secret
from kiosk.store import memberships
from kiosk.store import people as store

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from sync.db import Tx


async def enter(kiosk: Kiosk, person: str) -> tuple[Login, str]:
    """Return a new login of this account and its secret; raises NotSignedIn when the account is closed."""
    secret, now = new_secret(), kiosk.clock.now_ms()
    kept = await kiosk.db.write(lambda tx: open_login(kiosk, tx, existing(tx, person), secret, now))
    kiosk.logins.keep(kept, now)
    return kept, secret


def existing(tx: Tx, person: str) -> Person:
    """Return an open account, or raise NotSignedIn."""
    found = store.person_by_id(tx, person)
    if found is None or found.disabled:
        raise NotSignedIn("login.needed")
    return found


def open_login(kiosk: Kiosk, tx: Tx, person: Person, secret: str, now_ms: int) -> Login:
    """Keep a login of this person for this secret, inside the job that proves who they are."""
    login = Login(
        id=secrets.token_hex(4),
        digest=digest_of(secret),
        person=person,
        expires_ms=now_ms + kiosk.config.login_hours * 3_600_000,
    )
    store.add_login(tx, login, now_ms)
    return msgspec.structs.replace(login, workplaces=memberships.workplaces_of(tx, person.id))
