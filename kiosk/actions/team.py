"""Acts on a team: change what a member is, take them out, leave, give a one-time password, accept the terms of use.

An administrator acts on the members of the organisation they act for, never on themselves; an organisation always
keeps an administrator. Each act looks again, inside its job, at what the person asking is: their page may be old.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import throttle
from kiosk.errors import Conflict, Forbidden, NotFound
from kiosk.passwords import one_time_password
from kiosk.store import memberships, recoveries
from kiosk.store import people as people_store

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import MemberRole, Person
    from kiosk.store.base import Reader
    from kiosk.store.memberships import Member
    from sync.db import Tx


def administered(conn: Reader, person: Person) -> str:
    """Return the organisation this person administers at this moment; raises Forbidden."""
    organisation = person.organisation
    if organisation is None or memberships.role_in(conn, organisation, person.id) != "admin":
        raise Forbidden("role.wrong")
    return organisation


def colleague(conn: Reader, person: Person, member: str) -> Member:
    """Return another member of the team this person administers; raises Forbidden, NotFound, Conflict (oneself)."""
    organisation = administered(conn, person)
    found = memberships.one(conn, organisation, member)
    if found is None:
        raise NotFound("team.unknown_member")
    if member == person.id:
        raise Conflict("team.oneself")
    return found


async def change_role(kiosk: Kiosk, person: Person, member: str, role: MemberRole) -> None:
    """Make a colleague an administrator or a member."""

    def job(tx: Tx) -> None:
        colleague(tx, person, member)
        memberships.set_role(tx, administered(tx, person), member, role)

    await kiosk.db.write(job)
    kiosk.logins.forget_person(member)


async def remove(kiosk: Kiosk, person: Person, member: str) -> None:
    """Take a colleague out of the team; their campaigns stay, and the administrators may change them."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        colleague(tx, person, member)
        memberships.end(tx, administered(tx, person), member, now)

    await kiosk.db.write(job)
    kiosk.logins.forget_person(member)


async def leave(kiosk: Kiosk, person: Person) -> None:
    """Leave the team; raises Conflict for its last administrator."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        organisation = person.organisation
        role = memberships.role_in(tx, organisation, person.id) if organisation else None
        if organisation is None or role is None:
            raise Forbidden("role.wrong")
        if role == "admin" and memberships.count_admins(tx, organisation) <= 1:
            raise Conflict("team.last_admin")
        memberships.end(tx, organisation, person.id, now)

    await kiosk.db.write(job)
    kiosk.logins.forget_person(person.id)


async def give_password(kiosk: Kiosk, person: Person, member: str) -> str:
    """Give a colleague a one-time password and end their logins; return it, to be handed over.

    Raises Conflict for one who also works elsewhere: another organisation's door is not ours to open.
    """
    once = one_time_password()
    phc = await kiosk.hasher.hash(once)

    def job(tx: Tx) -> None:
        colleague(tx, person, member)
        if len(memberships.workplaces_of(tx, member)) > 1:
            raise Conflict("team.works_elsewhere")
        people_store.reset_password(tx, member, phc)
        recoveries.drop_of(tx, member)
        account = people_store.person_by_id(tx, member)
        if account is not None:
            throttle.lift(tx, account)

    await kiosk.db.write(job)
    kiosk.logins.forget_person(member)
    return once


async def accept_terms(kiosk: Kiosk, person: Person) -> None:
    """Note that this member accepts the terms of use of the organisation they act for."""
    now, organisation = kiosk.clock.now_ms(), person.organisation
    if organisation is None:
        raise Forbidden("role.wrong")
    await kiosk.db.write(lambda tx: memberships.accept_terms(tx, organisation, person.id, now))
    kiosk.logins.forget_person(person.id)
