"""Naming the first administrator of the server's own school, from a page, with the set-up code of its console."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from kiosk import setup_code
from kiosk.actions import guesses
from kiosk.actions.accounts import NewPerson, checked_person, keep_account
from kiosk.actions.entering import existing, open_login
from kiosk.actions.mailbox import read_email
from kiosk.errors import Conflict, NotFound, Refused
from kiosk.logins import new_secret
from kiosk.organisations import SCHOOL
from kiosk.passwords import check_new_password
from kiosk.store import memberships

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.logins import Login
    from kiosk.store.base import Reader
    from sync.db import Tx

EVERYONE = "everyone"


class First(msgspec.Struct, frozen=True):
    """What the form asks for."""

    code: str
    uai: str
    new: NewPerson
    email: str
    password: str


def is_waiting(conn: Reader) -> bool:
    """Say whether the school has no administrator yet."""
    return memberships.count_admins(conn, SCHOOL) == 0


async def name_first(kiosk: Kiosk, first: First, address: str) -> tuple[Login, str]:
    """Make the first administrator and sign them in.

    Raises NotFound once there is one, TooMany after ten wrong codes, Refused naming the field, Conflict.
    """
    now, secret = kiosk.clock.now_ms(), new_secret()
    await kiosk.db.write(lambda tx: _count(tx, address, now))
    home = kiosk.config.home
    if not await asyncio.to_thread(setup_code.matches, home, first.code):
        raise Refused("first_run.wrong_code", field="code")
    if first.uai.strip().upper() != kiosk.identity.uai:
        raise Refused("first_run.wrong_uai", field="uai")
    email = read_email(first.email) if first.email.strip() else None
    person = msgspec.structs.replace(checked_person(first.new, must_change=False), email=email)
    check_new_password(first.password, first.new.username, email)
    phc = await kiosk.hasher.hash(first.password)

    def job(tx: Tx) -> Login:
        _check_waiting(tx)
        if not keep_account(tx, person, first.new, phc, now):
            raise Conflict(
                "account.username_taken", field="username", params={"username": first.new.username}
            )
        return open_login(kiosk, tx, existing(tx, person.id), secret, now)

    login = await kiosk.db.write(job)
    kiosk.logins.keep(login, now)
    await asyncio.to_thread(setup_code.drop, home)
    return login, secret


def _count(tx: Tx, address: str, now_ms: int) -> None:
    """Count a try before it is looked at, from its address and from anywhere."""
    _check_waiting(tx)
    for who in (address, EVERYONE):
        guesses.check(tx, "first_run", who, now_ms, "first_run.throttled")
        guesses.count(tx, "first_run", who, now_ms)


def _check_waiting(conn: Reader) -> None:
    if not is_waiting(conn):
        raise NotFound("page.unknown")
