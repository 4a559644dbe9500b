"""Getting one's account back: a pupil who has left school, or anyone holding a link, chooses how to sign in from now on.

Somebody who has left proves who they are by the number the school system knows them by (INE or INA), their birth date
and their names. With mail the link goes to the address they give; without, the request waits for a member of the
staff, who hands the link over as a square to aim at. The answer to a request is the same whoever was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import guesses, throttle
from kiosk.actions.entering import existing, open_login
from kiosk.actions.mailbox import letter, link_of, new_recovery, read_email
from kiosk.errors import Conflict, NotFound, Refused
from kiosk.logins import digest_of, new_secret
from kiosk.passwords import check_new_password
from kiosk.people import Lang
from kiosk.reconciling import Typed, found_among, read_date
from kiosk.store import credentials, mails, memberships, reconciling
from kiosk.store import people as people_store
from kiosk.store import recoveries as store

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.logins import Login
    from kiosk.store.base import Reader
    from kiosk.store.recoveries import Recovery
    from sync.db import Tx

INE_MOST = 20
REQUEST_MS = 30 * 86_400_000
"""How long a request waits for a member of the staff."""


class Leaver(msgspec.Struct, frozen=True):
    """What somebody who has left school says; `email` is where the link should go."""

    ine: str
    typed: Typed
    email: str
    lang: Lang


async def ask(kiosk: Kiosk, leaver: Leaver, address: str) -> None:
    """Send the link, or keep the request for the staff; raises Refused (a field), TooMany; silent on who was found."""
    typed = _checked(leaver.typed)
    ine = leaver.ine.strip().upper()[:INE_MOST]
    email = read_email(leaver.email) if kiosk.config.mail_ready else None
    now, secret = kiosk.clock.now_ms(), new_secret()

    def job(tx: Tx) -> None:
        for who in (address, ine):
            guesses.check(tx, "leaving", who, now, "recovery.throttled")
            guesses.count(tx, "leaving", who, now)
        found = found_among(reconciling.with_ine(tx, ine, typed.birth_date), typed, by_number=False)
        if found is None or found.person is None or memberships.workplaces_of(tx, found.person):
            return
        made = new_recovery("leaving", found.person, now, learner=found.id, email=email)
        if email is None:  # it waits for the staff, who make the link when they hand it over
            store.add(tx, msgspec.structs.replace(made, expires_ms=now + REQUEST_MS), None)
            return
        store.add(tx, made, digest_of(secret))
        mails.add(tx, letter(kiosk, leaver.lang, "leaving", email, link_of(kiosk, secret)), now)

    await kiosk.db.write(job)


def _checked(typed: Typed) -> Typed:
    if not typed.first_name.strip() or not typed.last_name.strip():
        raise Refused("learner.name_required", field="last_name")
    born = read_date(typed.birth_date)
    if born is None:
        raise Refused("learner.bad_date", field="birth_date")
    return msgspec.structs.replace(typed, birth_date=born)


async def spend(kiosk: Kiosk, secret: str, email: str, password: str) -> tuple[Login, str]:
    """Give the account behind a link a new password, and an address when it was asked; sign it in.

    Every other login ends and the account is no longer blocked. Raises NotFound, Refused or Conflict; the link then
    still serves.
    """
    now, cookie = kiosk.clock.now_ms(), new_secret()
    digest = digest_of(secret)
    found = await kiosk.db.read(lambda conn: _usable(conn, digest, now))
    own = read_email(email) if found.purpose == "leaving" and found.email is None else found.email
    names = await kiosk.db.read(lambda conn: reconciling.methods_of(conn, found.person))
    check_new_password(password, own, names.username if names else None)
    phc = await kiosk.hasher.hash(password)

    def job(tx: Tx) -> Login:
        link = _usable(tx, digest, now)
        person = existing(tx, link.person)
        if own is not None:
            _keep_address(tx, link, own, now)
        people_store.reset_password(tx, person.id, phc)
        people_store.set_password(tx, person.id, phc, must_change=False)
        throttle.lift(tx, person)
        # This one has served; any other would take the account back from its owner.
        store.drop_of(tx, person.id)
        return open_login(kiosk, tx, existing(tx, person.id), cookie, now)

    login = await kiosk.db.write(job)
    kiosk.logins.forget_person(login.person.id)
    kiosk.logins.keep(login, now)
    return login, cookie


def _usable(conn: Reader, digest: bytes, now_ms: int) -> Recovery:
    found = store.by_digest(conn, digest, now_ms)
    if found is None or found.purpose == "email":
        raise NotFound("recovery.unknown")
    # A pupil's teachers hand these over: they open nothing of who has joined a staff since.
    if found.purpose == "leaving" and memberships.workplaces_of(conn, found.person):
        raise NotFound("recovery.unknown")
    return found


def _keep_address(tx: Tx, link: Recovery, email: str, now_ms: int) -> None:
    if not credentials.set_email(tx, link.person, email):
        raise Conflict("account.email_taken", field="email")
    if link.email is not None:  # the link itself came to this address
        credentials.confirm_email(tx, link.person, email, None, now_ms)
