"""Acts on invitations: make them, send them again, take them back, come in with one.

Making or sending again returns the code, the only time it is known; with mail it also leaves by mail. An invitation
serves once, whoever holds it: signed in already, or making an account then and there.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kiosk.actions.accounts import NewPerson, checked_person
from kiosk.actions.entering import existing, open_login
from kiosk.actions.mailbox import read_email
from kiosk.actions.team import administered
from kiosk.errors import Conflict, NotFound, Refused
from kiosk.invitations import (
    AT_ONCE,
    LASTS_MS,
    PENDING_MOST,
    Invitation,
    InvitationRole,
    role_given,
    typed_addresses,
)
from kiosk.logins import digest_of, new_secret
from kiosk.passwords import check_new_password
from kiosk.store import invitations as store
from kiosk.store import mails, memberships, organisations
from kiosk.store import people as people_store
from kiosk.store.mails import Mail

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.logins import Login
    from kiosk.organisations import Organisation
    from kiosk.people import Lang, MemberRole, Person
    from kiosk.store.base import Reader
    from sync.db import Tx

_LINK = "%LINK%"


class Handed(NamedTuple):
    """An invitation and its code, to be handed over now: the code is kept nowhere."""

    invitation: Invitation
    code: str


class Welcome(NamedTuple):
    """What somebody holding a code is told."""

    organisation: Organisation
    invitation: Invitation


async def invite(kiosk: Kiosk, person: Person, typed: str, role: InvitationRole) -> list[Handed]:
    """Invite each address typed, or nobody in particular when none is; an address that waits gets another code.

    Raises Refused naming the field, Conflict when one is a member already or too many wait.
    """
    addresses: list[str | None] = [_address(one) for one in typed_addresses(typed)] or [None]
    if len(addresses) > AT_ONCE:
        raise Refused("team.too_many_addresses", field="emails", params={"most": AT_ONCE})
    now, codes = kiosk.clock.now_ms(), [new_secret() for _ in addresses]

    def job(tx: Tx) -> list[Handed]:
        organisation = administered(tx, person)
        if len(store.pending(tx, organisation)) + len(addresses) > PENDING_MOST:
            raise Conflict("team.too_many_pending")
        made = [_invite(tx, organisation, email, role, now) for email in addresses]
        handed = [Handed(one, code) for one, code in zip(made, codes, strict=True)]
        for one in handed:
            _keep(kiosk, tx, one, person.lang)
        return handed

    return await kiosk.db.write(job)


def _address(text: str) -> str:
    try:
        return read_email(text)
    except Refused:
        raise Refused("team.bad_address", field="emails", params={"address": text[:80]}) from None


def _invite(
    conn: Reader, organisation: str, email: str | None, role: InvitationRole, now_ms: int
) -> Invitation:
    if email is not None and memberships.is_member_email(conn, organisation, email):
        raise Conflict("team.already_member", field="emails", params={"address": email})
    waiting = store.pending_for(conn, organisation, email) if email is not None else None
    if waiting is not None:
        return _again(waiting, now_ms, role)
    return Invitation(
        secrets.token_hex(8), organisation, role, email, "pending", now_ms, now_ms, now_ms + LASTS_MS
    )


def _again(waiting: Invitation, now_ms: int, role: InvitationRole) -> Invitation:
    return msgspec.structs.replace(waiting, role=role, sent_ms=now_ms, expires_ms=now_ms + LASTS_MS)


def _keep(kiosk: Kiosk, tx: Tx, handed: Handed, lang: Lang) -> None:
    one, digest = handed.invitation, digest_of(handed.code)
    if store.one_pending(tx, one.organisation, one.id) is None:
        store.add(tx, one, digest)
    else:
        store.renew(tx, one, digest)
    if one.email is not None and kiosk.config.mail_ready:
        mails.add(tx, _letter(kiosk, tx, handed, one.email, lang), one.sent_ms)


def _letter(kiosk: Kiosk, conn: Reader, handed: Handed, to: str, lang: Lang) -> Mail:
    found = organisations.by_id(conn, handed.invitation.organisation)
    known = {"organisation": found.name if found else "", "link": _LINK}
    link = f"{kiosk.config.public_address.rstrip('/')}/invitation/{handed.code}"
    # The link is put in last, so that no typographic rule touches it.
    text = kiosk.pages.t(lang, "team.mail.text", **known).replace(_LINK, link)
    return Mail(to, kiosk.pages.t(lang, "team.mail.subject", **known), text)


async def send_again(kiosk: Kiosk, person: Person, invitation: str) -> Handed:
    """Give a waiting invitation another code and another fortnight; raises NotFound."""
    now, code = kiosk.clock.now_ms(), new_secret()

    def job(tx: Tx) -> Handed:
        waiting = _waiting(tx, person, invitation)
        handed = Handed(_again(waiting, now, waiting.role), code)
        _keep(kiosk, tx, handed, person.lang)
        return handed

    return await kiosk.db.write(job)


async def cancel(kiosk: Kiosk, person: Person, invitation: str) -> None:
    """Take an invitation back; raises NotFound."""
    await kiosk.db.write(lambda tx: store.cancel(tx, _waiting(tx, person, invitation).id))


def _waiting(conn: Reader, person: Person, invitation: str) -> Invitation:
    found = store.one_pending(conn, administered(conn, person), invitation)
    if found is None:
        raise NotFound("team.unknown_invitation")
    return found


def opened_by(conn: Reader, code: str, now_ms: int) -> Welcome:
    """Return what a code opens; raises NotFound when it is unknown, spent, taken back or too old."""
    found = store.by_digest(conn, digest_of(code))
    organisation = organisations.by_id(conn, found.organisation) if found else None
    if found is None or organisation is None or not found.is_usable(now_ms):
        raise NotFound("team.invitation_gone")
    return Welcome(organisation, found)


def _come_in(tx: Tx, code: str, person: str, now_ms: int) -> str:
    """Make a person a member and spend the invitation; who is a member already only ever gains by it."""
    invitation = opened_by(tx, code, now_ms).invitation
    organisation = invitation.organisation
    role = role_given(invitation.role, memberships.count_admins(tx, organisation))
    present: MemberRole | None = memberships.role_in(tx, organisation, person)
    if present is None:
        memberships.add(tx, organisation, person, role, now_ms)
    elif role == "admin":
        memberships.set_role(tx, organisation, person, role)
    store.keep_accepted(tx, invitation.id, person)
    return organisation


async def accept(kiosk: Kiosk, login: Login, code: str) -> None:
    """Join the team with the account one is signed in with, and act for it at once; raises NotFound."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        existing(tx, login.person.id)
        people_store.choose_organisation(tx, login, _come_in(tx, code, login.person.id, now))

    await kiosk.db.write(job)
    kiosk.logins.forget_person(login.person.id)


async def register(kiosk: Kiosk, code: str, new: NewPerson, email: str, password: str) -> tuple[Login, str]:
    """Make an account with an invitation, join the team and sign in; raises NotFound, Refused or Conflict."""
    now, secret = kiosk.clock.now_ms(), new_secret()
    await kiosk.db.read(lambda conn: opened_by(conn, code, now))
    person = checked_person(new, must_change=False)
    address = read_email(email) if email.strip() else None
    person = msgspec.structs.replace(person, email=address, role="pupil", organisation=None)
    check_new_password(password, new.username, address)
    phc = await kiosk.hasher.hash(password)

    def job(tx: Tx) -> Login:
        if not people_store.add_person(tx, person, phc, now):
            raise Conflict("account.username_taken", field="username", params={"username": new.username})
        _come_in(tx, code, person.id, now)
        return open_login(kiosk, tx, existing(tx, person.id), secret, now)

    login = await kiosk.db.write(job)
    kiosk.logins.keep(login, now)
    return login, secret
