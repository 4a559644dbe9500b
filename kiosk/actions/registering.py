"""Making one's own account on entering a code: a username proposed by the rule or an e-mail, and a chosen password.

In an organisation that manages its pupils, an account is made for a pupil of its list and linked to them at once; an
open organisation takes whoever comes. Only what was typed is ever shown: the username proposed is worked out from it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.actions.entering import open_login
from kiosk.actions.mailbox import ask_to_confirm, read_email
from kiosk.actions.reconciling import (
    check_tries,
    checked,
    count_try,
    free_for_newcomer,
    organisation_of,
)
from kiosk.errors import Conflict, KioskError, NotFound, Refused
from kiosk.logins import new_secret
from kiosk.passwords import check_new_password
from kiosk.people import Display, Lang, Person
from kiosk.reconciling import USERNAME_EXISTS, Typed
from kiosk.store import credentials
from kiosk.store import people as store
from kiosk.store import reconciling as links
from kiosk.usernames import NoFreeUsernameError, belongs_to, free_username

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.logins import Login
    from kiosk.organisations import Organisation
    from kiosk.store.base import Reader
    from sync.db import Tx


class NewAccount(msgspec.Struct, frozen=True):
    """What a person who has no account asks for: either the username proposed to them, or an e-mail."""

    typed: Typed
    username: str
    email: str
    password: str
    lang: Lang


async def propose(kiosk: Kiosk, organisation: str, typed: Typed, address: str) -> str:
    """Return the username this person would have; raises when the list has no such pupil without account, or TooMany."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> str | KioskError:
        check_tries(tx, now, address)
        here = organisation_of(tx, organisation)
        said = checked(typed, here)
        try:
            _meant(tx, here, said)
        except (NotFound, Conflict) as refusal:
            count_try(tx, now, address)
            return refusal
        return free_name(tx, said.first_name, said.last_name, said.birth_date)

    found = await kiosk.db.write(job)
    if isinstance(found, KioskError):
        raise found
    return found


def _meant(conn: Reader, organisation: Organisation, typed: Typed) -> str | None:
    """Return the pupil the account is for, None in an open organisation."""
    if not organisation.manages_learners:
        return None
    return free_for_newcomer(conn, organisation, typed).id


def free_name(conn: Reader, first_name: str, last_name: str, birth_date: str | None) -> str:
    """Return a username nobody has for these names; raises Conflict when hundreds are taken."""
    try:
        return free_username(
            first_name, last_name, birth_date, lambda name: credentials.is_username_taken(conn, name)
        )
    except NoFreeUsernameError:
        raise Conflict("account.no_free_username") from None


async def register(kiosk: Kiosk, organisation: str, new: NewAccount, address: str) -> tuple[Login, str]:
    """Make the account, link it to its pupil, and sign it in; raises as `propose`, or Refused naming the field."""
    email = read_email(new.email) if new.email.strip() else None
    check_new_password(new.password, new.username, email)
    phc = await kiosk.hasher.hash(new.password)
    secret, now = new_secret(), kiosk.clock.now_ms()

    def job(tx: Tx) -> Login | KioskError:
        check_tries(tx, now, address)
        here = organisation_of(tx, organisation)
        said = checked(new.typed, here)
        try:
            learner = _meant(tx, here, said)
        except (NotFound, Conflict) as refusal:
            count_try(tx, now, address)
            return refusal
        person = _person(new, said, email)
        if not store.add_person(tx, person, phc, now):
            raise _taken(tx, person)
        if learner is not None and not links.link(tx, learner, person.id, now):
            raise Conflict("learner.has_account")
        if email is not None and kiosk.config.mail_ready:
            ask_to_confirm(kiosk, tx, person, email, now)
        return open_login(kiosk, tx, person, secret, now)

    login = await kiosk.db.write(job)
    if isinstance(login, KioskError):
        raise login
    kiosk.logins.keep(login, now)
    return login, secret


def _person(new: NewAccount, typed: Typed, email: str | None) -> Person:
    username = None if email else new.username.strip().lower()
    if username is not None and not belongs_to(username, typed.first_name, typed.last_name):
        raise Refused("account.bad_username", field="username")
    return Person(
        id=secrets.token_hex(8),
        username=username,
        email=email,
        first_name=typed.first_name,
        last_name=typed.last_name,
        role="pupil",
        organisation=None,
        lang=new.lang,
        display=Display(),
        must_change=False,
        disabled=False,
    )


def _taken(conn: Reader, person: Person) -> Conflict:
    if person.email is not None and credentials.is_email_taken(conn, person.email):
        return Conflict("account.email_taken", field="email")
    return Conflict("learner.username_exists", field="username", params={"short": USERNAME_EXISTS})
