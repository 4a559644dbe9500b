"""Acts on accounts: sign in and out, make one, change a password or how pages look."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import throttle
from kiosk.actions.entering import open_login
from kiosk.errors import Conflict, NotFound, NotSignedIn, Refused
from kiosk.logins import Login, new_secret
from kiosk.organisations import SCHOOL
from kiosk.passwords import check_new_password, one_time_password
from kiosk.people import Display, Lang, Person, Role, member_role
from kiosk.store import learners, memberships, recoveries
from kiosk.store import people as store
from kiosk.store.learners import Learner

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from sync.db import Tx

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
NAME_LIMIT = 255


class NewPerson(msgspec.Struct, frozen=True):
    """What making an account asks for; `role` is what the person is in the organisation, and its learner's class."""

    username: str
    first_name: str
    last_name: str
    role: Role
    division: str | None = None
    lang: Lang = "fr"
    organisation: str = SCHOOL
    terms: bool = False
    """Whether a member of the staff has accepted the terms of use otherwise: on paper, say."""


async def sign_in(kiosk: Kiosk, username: str, password: str, address: str) -> tuple[Login, str]:
    """Return a new login and its secret; raises NotSignedIn or TooMany, the same whether the account exists or not.

    The name is a username or an e-mail address; tries are counted on the account, whichever of its names is used.
    """
    name = username.strip().lower()
    now, secret = kiosk.clock.now_ms(), new_secret()

    def count(tx: Tx) -> tuple[Person, str | None] | None:
        found = store.person_by_username(tx, name) or store.person_by_email(tx, name)
        _count_try(tx, found[0].id if found else name, address, now)
        return found

    found = await kiosk.db.write(count)
    person, phc = found if found is not None and not found[0].disabled else (None, None)
    if not await kiosk.hasher.matches(password, phc) or person is None:
        raise NotSignedIn("login.wrong", field="password")

    def job(tx: Tx) -> Login:
        if store.password_of(tx, person.id) != phc:  # it changed while this one was hashed
            raise NotSignedIn("login.wrong", field="password")
        throttle.forgive(tx, person.id, address)
        return open_login(kiosk, tx, person, secret, now)

    kept = await kiosk.db.write(job)
    kiosk.logins.keep(kept, now)
    return kept, secret


def _count_try(tx: Tx, name: str, address: str, now_ms: int) -> None:
    """Count a try as a failure before it is hashed, so that a hundred at once count as a hundred.

    The right password forgives it. Raises TooMany.
    """
    throttle.check(tx, name, address, now_ms)
    throttle.count_failure(tx, name, address, now_ms)


async def sign_out(kiosk: Kiosk, login: Login) -> None:
    """End this login."""
    await kiosk.db.write(lambda tx: store.drop_login(tx, login.digest))
    kiosk.logins.forget(login.digest)


async def change_password(kiosk: Kiosk, login: Login, current: str, new: str, address: str) -> None:
    """Replace one's own password, end one's other logins and links; the current one is asked for and throttled."""
    person = login.person
    now = kiosk.clock.now_ms()

    def count(tx: Tx) -> str | None:
        _count_try(tx, person.id, address, now)
        return store.password_of(tx, person.id)

    if not await kiosk.hasher.matches(current, await kiosk.db.write(count)):
        raise Refused("password.wrong_current", field="current")
    await kiosk.db.write(lambda tx: throttle.forgive(tx, person.id, address))
    check_new_password(new, person.username, person.email)
    if new == current:
        raise Refused("password.unchanged", field="new")
    phc = await kiosk.hasher.hash(new)

    def job(tx: Tx) -> None:
        store.set_password(tx, person.id, phc, must_change=False)
        store.drop_other_logins(tx, person.id, login.digest)
        recoveries.drop_of(tx, person.id)

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
        email=None,
        first_name=new.first_name.strip(),
        last_name=new.last_name.strip(),
        role=new.role,
        organisation=None if new.role == "pupil" else new.organisation,
        lang=new.lang,
        display=Display(),
        must_change=must_change,
        disabled=False,
    )


async def add_account(kiosk: Kiosk, new: NewPerson, password: str | None = None) -> tuple[Person, str | None]:
    """Make an account; with no password, also return a one-time one, to be changed at the first sign-in."""
    person = checked_person(new, must_change=password is None)
    if password is not None:
        check_new_password(password, new.username)
    once = one_time_password() if password is None else None
    phc = await kiosk.hasher.hash(password if password is not None else once or "")
    now = kiosk.clock.now_ms()
    if not await kiosk.db.write(lambda tx: keep_account(tx, person, new, phc, now)):
        raise Conflict("account.username_taken", field="username", params={"username": person.username or ""})
    return person, once


def keep_account(tx: Tx, person: Person, new: NewPerson, phc: str | None, now_ms: int) -> bool:
    """Add an account and what makes its role: a membership, or a learner with a class; False when the name is taken."""
    if not store.add_person(tx, person, phc, now_ms):
        return False
    member = member_role(new.role)
    if member is not None:
        memberships.add(tx, new.organisation, person.id, member, now_ms)
        if new.terms:
            memberships.accept_terms(tx, new.organisation, person.id, now_ms)
    else:
        division = (new.division or "").strip() or None
        learners.add(tx, new_learner(new.organisation, person, now_ms, division))
    return True


def new_learner(organisation: str, person: Person, now_ms: int, division: str | None = None) -> Learner:
    """Return a learner of an organisation named after an account and linked to it."""
    return Learner(
        id=secrets.token_hex(8),
        organisation=organisation,
        first_name=person.first_name,
        last_name=person.last_name,
        created_ms=now_ms,
        updated_ms=now_ms,
        person=person.id,
        division=division,
    )


async def choose_organisation(kiosk: Kiosk, login: Login, organisation: str | None) -> None:
    """Act for another organisation in this browser, or for nobody: one's own courses; raises NotFound."""

    def job(tx: Tx) -> None:
        if organisation is not None and memberships.role_in(tx, organisation, login.person.id) is None:
            raise NotFound("organisation.unknown")
        store.choose_organisation(tx, login, organisation)

    await kiosk.db.write(job)
    kiosk.logins.forget(login.digest)
