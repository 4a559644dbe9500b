"""Acts on accounts: sign in and out, make one, change a password or how pages look."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import throttle
from kiosk.errors import Conflict, NotSignedIn, Refused
from kiosk.logins import Login, digest_of, new_secret
from kiosk.passwords import check_new_password, one_time_password
from kiosk.people import Display, Lang, Person, Role
from kiosk.store import people as store

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from sync.db import Tx

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
NAME_LIMIT = 255


class NewPerson(msgspec.Struct, frozen=True):
    """What making an account asks for."""

    username: str
    first_name: str
    last_name: str
    role: Role
    division: str | None = None
    lang: Lang = "fr"


async def sign_in(kiosk: Kiosk, username: str, password: str, address: str) -> tuple[Login, str]:
    """Return a new login and its secret; raises NotSignedIn or TooMany, the same whether the account exists or not."""
    name = username.strip().lower()
    now = kiosk.clock.now_ms()
    found = await kiosk.db.write(lambda tx: _count_try(tx, name, address, now))
    person, phc = found if found is not None and not found[0].disabled else (None, None)
    if not await kiosk.hasher.matches(password, phc) or person is None:
        raise NotSignedIn("login.wrong", field="password")
    secret = new_secret()
    expires = now + kiosk.config.login_hours * 3_600_000
    login = Login(id=secrets.token_hex(4), digest=digest_of(secret), person=person, expires_ms=expires)

    def job(tx: Tx) -> None:
        throttle.forgive(tx, name, address)
        store.add_login(tx, login, now)

    await kiosk.db.write(job)
    kiosk.logins.keep(login, now)
    return login, secret


def _count_try(tx: Tx, name: str, address: str, now_ms: int) -> tuple[Person, str] | None:
    """Count a try as a failure before it is hashed, so that a hundred at once count as a hundred.

    The right password forgives it. Returns the account and its hash; raises TooMany.
    """
    throttle.check(tx, name, address, now_ms)
    throttle.count_failure(tx, name, address, now_ms)
    return store.person_by_username(tx, name)


async def sign_out(kiosk: Kiosk, login: Login) -> None:
    """End this login."""
    await kiosk.db.write(lambda tx: store.drop_login(tx, login.digest))
    kiosk.logins.forget(login.digest)


async def change_password(kiosk: Kiosk, login: Login, current: str, new: str, address: str) -> None:
    """Replace one's own password and end one's other logins; the current one is asked for and throttled."""
    person = login.person
    now = kiosk.clock.now_ms()
    found = await kiosk.db.write(lambda tx: _count_try(tx, person.username, address, now))
    if not await kiosk.hasher.matches(current, found[1] if found else None):
        raise Refused("password.wrong_current", field="current")
    await kiosk.db.write(lambda tx: throttle.forgive(tx, person.username, address))
    check_new_password(new, person.username)
    if new == current:
        raise Refused("password.unchanged", field="new")
    phc = await kiosk.hasher.hash(new)

    def job(tx: Tx) -> None:
        store.set_password(tx, person.id, phc, must_change=False)
        store.drop_other_logins(tx, person.id, login.digest)

    await kiosk.db.write(job)
    kiosk.logins.forget_person(person.id)


async def change_display(kiosk: Kiosk, login: Login, lang: Lang, display: Display) -> Person:
    """Keep how this person wants pages to look; return the person as they are now."""
    await kiosk.db.write(lambda tx: store.set_display(tx, login.person.id, lang, display))
    kiosk.logins.forget_person(login.person.id)
    return msgspec.structs.replace(login.person, lang=lang, display=display)


def checked_person(new: NewPerson, *, must_change: bool) -> Person:
    """Return the account `new` asks for, with an id; raises Refused when a field breaks a rule."""
    username = new.username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise Refused("account.bad_username", field="username")
    for field in ("first_name", "last_name"):
        value = getattr(new, field).strip()
        if not value or len(value) > NAME_LIMIT:
            raise Refused("account.bad_name", field=field, params={"limit": NAME_LIMIT})
    return Person(
        id=secrets.token_hex(8),
        username=username,
        first_name=new.first_name.strip(),
        last_name=new.last_name.strip(),
        role=new.role,
        division=(new.division or "").strip() or None,
        lang=new.lang,
        display=Display(),
        must_change=must_change,
        disabled=False,
    )


async def add_account(kiosk: Kiosk, new: NewPerson, password: str | None = None) -> tuple[Person, str | None]:
    """Make an account; with no password, also return a one-time one, to be changed at the first sign-in."""
    person = checked_person(new, must_change=password is None)
    if password is not None:
        check_new_password(password, person.username)
    once = one_time_password() if password is None else None
    phc = await kiosk.hasher.hash(password if password is not None else once or "")
    now = kiosk.clock.now_ms()
    if not await kiosk.db.write(lambda tx: store.add_person(tx, person, phc, now)):
        raise Conflict("account.username_taken", field="username", params={"username": person.username})
    return person, once
