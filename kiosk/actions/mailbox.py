"""Acts on one's own e-mail address, and links that give an account back: each for a day, and once.

An address is confirmed by a link sent to it, or, on a server without mail, by a member of the staff; until then it is
kept with the account but nothing that opens the account is ever sent there. Whoever asks for a link gets the same
answer whether the account exists or not.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from kiosk.actions import guesses
from kiosk.errors import Conflict, NotFound, Refused
from kiosk.logins import digest_of, new_secret
from kiosk.store import credentials, mails, reconciling
from kiosk.store import people as people_store
from kiosk.store import recoveries as store
from kiosk.store.mails import Mail
from kiosk.store.recoveries import Purpose, Recovery

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Lang, Person
    from kiosk.store.base import Reader
    from sync.db import Tx

_LINK = "%LINK%"
DAY_MS = 24 * 3_600_000
EMAIL_MOST = 255
_EMAIL = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[^\s@<>,;:\"\\()\[\]]+\.[^\s@<>,;:\"\\()\[\].]{2,}")


def read_email(text: str) -> str:
    """Return an address as it is kept, in lower case; raises Refused when it is none."""
    address = text.strip().lower()
    if len(address) > EMAIL_MOST or not _EMAIL.fullmatch(address) or not address.isprintable():
        raise Refused("account.bad_email", field="email")
    return address


def new_recovery(
    purpose: Purpose, person: str, now_ms: int, *, learner: str | None = None, email: str | None = None
) -> Recovery:
    """Return a link to keep, good for a day."""
    return Recovery(secrets.token_hex(8), purpose, person, learner, email, now_ms, now_ms + DAY_MS)


def link_of(kiosk: Kiosk, secret: str) -> str:
    """Return the address that spends a link, as mails give it."""
    return f"{kiosk.config.public_address.rstrip('/')}/recover?c={secret}"


def letter(kiosk: Kiosk, lang: Lang, name: str, to: str, link: str = "") -> Mail:
    """Return one of our mails in a language: its subject and text are `accounts.mail.<name>`."""
    words, known = kiosk.pages, {"site": kiosk.identity.name, "link": _LINK}
    subject = words.t(lang, f"accounts.mail.{name}.subject", **known)
    # The link is put in last, so that no typographic rule touches it.
    text = words.t(lang, f"accounts.mail.{name}.text", **known).replace(_LINK, link)
    return Mail(to, subject, text)


async def set_email(kiosk: Kiosk, person: Person, text: str) -> bool:
    """Propose an address for one's own account; return whether a link was sent to it, else it is kept unconfirmed.

    With mail, nothing changes until the link is followed, and an address that is another's is not told from a free one.
    """
    email, now = read_email(text), kiosk.clock.now_ms()

    def job(tx: Tx) -> bool:
        guesses.check(tx, "email", person.id, now, "recovery.throttled")
        guesses.count(tx, "email", person.id, now)
        if not kiosk.config.mail_ready:
            if not credentials.set_email(tx, person.id, email):
                raise Conflict("account.email_taken", field="email")
            return False
        taken = credentials.is_email_taken(tx, email) and person.email != email
        if taken:
            mails.add(tx, letter(kiosk, person.lang, "taken", email), now)
        else:
            ask_to_confirm(kiosk, tx, person, email, now)
        return True

    sent = await kiosk.db.write(job)
    kiosk.logins.forget_person(person.id)
    return sent


def ask_to_confirm(kiosk: Kiosk, tx: Tx, person: Person, email: str, now_ms: int) -> None:
    """Send the link that confirms an address, inside the job that proposes it."""
    secret = new_secret()
    store.add(tx, new_recovery("email", person.id, now_ms, email=email), digest_of(secret))
    mails.add(tx, letter(kiosk, person.lang, "confirm", email, link_of(kiosk, secret)), now_ms)


async def drop_email(kiosk: Kiosk, person: Person) -> None:
    """Take the address off one's own account, unless it is the only way into it."""

    def job(tx: Tx) -> None:
        methods = reconciling.methods_of(tx, person.id)
        if methods is None or not (methods.username or methods.provider):
            raise Conflict("account.keep_one_way")
        credentials.set_email(tx, person.id, None)

    await kiosk.db.write(job)
    kiosk.logins.forget_person(person.id)


async def ask_for_password(kiosk: Kiosk, text: str, address: str) -> None:
    """Send a link to whoever has this username or address, if a confirmed address is known; says nothing of it."""
    name, now, secret = text.strip().lower()[:EMAIL_MOST], kiosk.clock.now_ms(), new_secret()

    def job(tx: Tx) -> None:
        guesses.check(tx, "forgotten", address, now, "recovery.throttled")
        guesses.check(tx, "forgotten", name, now, "recovery.throttled")
        guesses.count(tx, "forgotten", address, now)
        guesses.count(tx, "forgotten", name, now)
        person = credentials.person_with_email(tx, name) or credentials.person_with_username(tx, name)
        email = credentials.confirmed_email(tx, person) if person else None
        if person is None or email is None or not kiosk.config.mail_ready:
            return
        store.add(tx, new_recovery("password", person, now), digest_of(secret))
        lang = _lang_of(tx, person)
        mails.add(tx, letter(kiosk, lang, "password", email, link_of(kiosk, secret)), now)

    await kiosk.db.write(job)


def _lang_of(conn: Reader, person: str) -> Lang:
    found = people_store.person_by_id(conn, person)
    return found.lang if found else "fr"


async def link_waiting(kiosk: Kiosk, secret: str) -> Recovery:
    """Return what a link would do; raises NotFound when it no longer serves."""
    now = kiosk.clock.now_ms()
    found = await kiosk.db.read(lambda conn: store.by_digest(conn, digest_of(secret), now))
    if found is None:
        raise NotFound("recovery.unknown")
    return found


async def confirm_email(kiosk: Kiosk, secret: str) -> None:
    """Confirm the address a link was sent to, and put it on the account; raises NotFound or Conflict."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> str:
        found = store.by_digest(tx, digest_of(secret), now)
        if found is None or found.purpose != "email" or found.email is None:
            raise NotFound("recovery.unknown")
        if not credentials.set_email(tx, found.person, found.email):
            raise Conflict("account.email_taken")
        credentials.confirm_email(tx, found.person, found.email, None, now)
        store.keep_used(tx, found.id, now)
        return found.person

    kiosk.logins.forget_person(await kiosk.db.write(job))
