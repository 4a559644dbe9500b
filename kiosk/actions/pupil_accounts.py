"""What staff do to the accounts of their pupils: passwords for one use, usernames, links, confirmed addresses.

Any member of an organisation may help any of its pupils; nobody may touch this way an account that also belongs to a
member of a staff, or helping a pupil would be a way into somebody's work. A password is returned once, to be handed
over, and only its hash is kept.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import throttle
from kiosk.actions.mailbox import new_recovery
from kiosk.actions.registering import free_name
from kiosk.errors import Conflict, Forbidden, NotFound, Refused
from kiosk.logins import digest_of, new_secret
from kiosk.passwords import one_time_password
from kiosk.people import Display, Person
from kiosk.store import credentials, recoveries
from kiosk.store import people as people_store
from kiosk.store import pupil_accounts as store
from kiosk.store import reconciling as links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.keys import Kiosk
    from kiosk.store.base import Reader
    from kiosk.store.pupil_accounts import Holder
    from sync.db import Tx

AT_ONCE = 200
"""Accounts changed in one act: hashing them takes a few seconds of the threads that sign people in."""


class Handed(msgspec.Struct, frozen=True):
    """What is handed over to one pupil, once. `password` is None when theirs did not change."""

    group: str
    last_name: str
    first_name: str
    username: str
    password: str | None


def organisation_of(staff: Person) -> str:
    """Return the organisation a member of the staff acts for; raises Forbidden when none."""
    if not staff.is_staff or staff.organisation is None:
        raise Forbidden("role.wrong")
    return staff.organisation


def pupils(conn: Reader, staff: Person, learners: Sequence[str]) -> list[Holder]:
    """Return these pupils of the staff's own organisation; those of another do not exist. Raises Refused, NotFound."""
    wanted = list(dict.fromkeys(learners))
    if not wanted:
        raise Refused("learner.none_chosen")
    if len(wanted) > AT_ONCE:
        raise Refused("learner.too_many_chosen", params={"most": AT_ONCE})
    found = store.chosen(conn, organisation_of(staff), wanted)
    if len(found) != len(wanted):
        raise NotFound("learner.unknown")
    return found


def with_account(conn: Reader, staff: Person, learner: str) -> tuple[Holder, Person]:
    """Return one pupil and their account, which the staff may change; raises NotFound, Conflict or Forbidden."""
    (holder,) = pupils(conn, staff, [learner])
    if holder.person is None:
        raise Conflict("learner.no_account")
    if holder.staff:
        raise Forbidden("account.is_staff")
    person = people_store.person_by_id(conn, holder.person)
    if person is None:
        raise Conflict("learner.no_account")
    return holder, person


def is_resettable(kiosk: Kiosk, holder: Holder) -> bool:
    """Say whether a bulk reset gives this pupil a password: those with a username, and never staff.

    Where an identity provider signs pupils in, an account that has no username is given one on the way.
    """
    named = holder.username is not None or (holder.person is not None and bool(kiosk.config.providers))
    return named and not holder.staff


async def reset(kiosk: Kiosk, staff: Person, learners: Sequence[str]) -> list[Handed]:
    """Give each of these pupils that `is_resettable` a password for one use; the others are left as they are."""
    found = await kiosk.db.read(lambda conn: pupils(conn, staff, learners))
    drawn = {one.learner: one_time_password() for one in found if is_resettable(kiosk, one)}
    hashed = {learner: await kiosk.hasher.hash(password) for learner, password in drawn.items()}

    def job(tx: Tx) -> list[Handed]:
        handed = []
        for holder in pupils(tx, staff, learners):
            if holder.learner in hashed and holder.person is not None and is_resettable(kiosk, holder):
                username = holder.username or _name(tx, holder, holder.person)
                _reset(tx, holder.person, hashed[holder.learner])
                handed.append(_handed(holder, username, drawn[holder.learner]))
        return handed

    handed = await kiosk.db.write(job)
    _forget(kiosk, found)
    return handed


def _name(tx: Tx, holder: Holder, person: str) -> str:
    """Give an account a username, and return it."""
    username = free_name(tx, holder.first_name, holder.last_name, holder.birth_date)
    credentials.set_username(tx, person, username)
    return username


def _reset(tx: Tx, person: str, phc: str) -> None:
    people_store.reset_password(tx, person, phc)
    recoveries.drop_of(tx, person)
    known = people_store.person_by_id(tx, person)
    if known is not None:
        throttle.lift(tx, known)


def _handed(holder: Holder, username: str, password: str | None) -> Handed:
    return Handed(holder.group or "", holder.last_name, holder.first_name, username, password)


def _forget(kiosk: Kiosk, found: Sequence[Holder]) -> None:
    for holder in found:
        if holder.person is not None:
            kiosk.logins.forget_person(holder.person)


async def reset_one(kiosk: Kiosk, staff: Person, learner: str) -> Handed:
    """Give one pupil a password for one use; raises Conflict when they have neither username nor e-mail."""
    password = one_time_password()
    phc = await kiosk.hasher.hash(password)

    def job(tx: Tx) -> tuple[Handed, str]:
        holder, person = with_account(tx, staff, learner)
        name = person.username or person.email
        if name is None:
            raise Conflict("account.no_username")
        _reset(tx, person.id, phc)
        return _handed(holder, name, password), person.id

    return _told(kiosk, await kiosk.db.write(job))


def _told(kiosk: Kiosk, done: tuple[Handed, str]) -> Handed:
    """Return what to hand over, once the account's logins have been forgotten."""
    kiosk.logins.forget_person(done[1])
    return done[0]


async def add_username(kiosk: Kiosk, staff: Person, learner: str) -> Handed:
    """Give an account a username: with its own password when it has one, else with one for a single use."""
    password = one_time_password()
    phc = await kiosk.hasher.hash(password)

    def job(tx: Tx) -> tuple[Handed, str]:
        holder, person = with_account(tx, staff, learner)
        if person.username is not None:
            raise Conflict("account.has_username")
        username = _name(tx, holder, person.id)
        had = credentials.has_password(tx, person.id)
        if not had:
            people_store.set_password(tx, person.id, phc, must_change=True)
        return _handed(holder, username, None if had else password), person.id

    return _told(kiosk, await kiosk.db.write(job))


async def create_missing(kiosk: Kiosk, staff: Person, group: str) -> list[Handed]:
    """Make an account for each pupil of a class or group who has none, at most `AT_ONCE` at a time."""
    here = organisation_of(staff)
    found = await kiosk.db.read(lambda conn: store.without_account(conn, here, group))
    drawn = {one.learner: one_time_password() for one in found[:AT_ONCE]}
    hashed = {learner: await kiosk.hasher.hash(password) for learner, password in drawn.items()}
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> list[Handed]:
        wanted = [one for one in store.without_account(tx, here, group) if one.learner in hashed]
        return [_create(tx, one, hashed[one.learner], drawn[one.learner], now) for one in wanted]

    return await kiosk.db.write(job)


def _create(tx: Tx, holder: Holder, phc: str, password: str, now_ms: int) -> Handed:
    username = free_name(tx, holder.first_name, holder.last_name, holder.birth_date)
    person = Person(
        id=secrets.token_hex(8),
        username=username,
        email=None,
        first_name=holder.first_name,
        last_name=holder.last_name,
        role="pupil",
        organisation=None,
        lang="fr",
        display=Display(),
        must_change=True,
        disabled=False,
    )
    if not people_store.add_person(tx, person, phc, now_ms) or not links.link(
        tx, holder.learner, person.id, now_ms
    ):
        raise Conflict("learner.has_account")
    return _handed(holder, username, password)


async def hand_over(kiosk: Kiosk, staff: Person, learner: str) -> str:
    """Return the secret of a link that gives this pupil's account back, good for a day, to hand over in person."""
    secret, now = new_secret(), kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        holder, person = with_account(tx, staff, learner)
        recoveries.add(tx, new_recovery("leaving", person.id, now, learner=holder.learner), digest_of(secret))

    await kiosk.db.write(job)
    return secret


async def confirm_email(kiosk: Kiosk, staff: Person, learner: str) -> None:
    """Say, as a member of the staff, that the address of an account is its pupil's."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        _, person = with_account(tx, staff, learner)
        if person.email is None:
            raise Conflict("account.no_email")
        credentials.confirm_email(tx, person.id, person.email, staff.id, now)

    await kiosk.db.write(job)
