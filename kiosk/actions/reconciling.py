"""Acts that tie an account to a pupil of the list: the pupil says who they are, once, at the first campaign.

Refusals are returned from the writer's job rather than raised in it, so that a wrong guess is counted with the same
commit that refuses it. A refusal says which way in an existing account has, by halves, and never anything of a
pupil whose names and birth date were not typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import guesses
from kiosk.errors import Conflict, KioskError, NotFound, Refused
from kiosk.reconciling import NOT_YOURS, OTHER_PUPIL, Typed, found_among, read_date, short_code
from kiosk.store import organisations
from kiosk.store import reconciling as store

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.organisations import Organisation
    from kiosk.people import Person
    from kiosk.reconciling import Listed, Moment
    from kiosk.store.base import Reader
    from sync.db import Tx

NAME_MOST = 255
KIND = "reconcile"


def checked(typed: Typed, organisation: Organisation) -> Typed:
    """Return what was typed, its date as YYYY-MM-DD; raises Refused naming the field."""
    first, last = typed.first_name.strip()[:NAME_MOST], typed.last_name.strip()[:NAME_MOST]
    if not first or not last:
        raise Refused("learner.name_required", field="last_name" if first else "first_name")
    born = read_date(typed.birth_date)
    if born is None:
        raise Refused("learner.bad_date", field="birth_date")
    number = typed.student_number.strip()[:NAME_MOST]
    if by_number(organisation) and not number:
        raise Refused("learner.number_required", field="student_number")
    return Typed(first, last, born, number)


def by_number(organisation: Organisation) -> bool:
    """Say whether a pupil of this organisation also gives a student number."""
    return organisation.kind == "higher"


def organisation_of(conn: Reader, organisation: str) -> Organisation:
    """Return an organisation, or raise NotFound."""
    found = organisations.by_id(conn, organisation)
    if found is None:
        raise NotFound("page.unknown")
    return found


def matching(conn: Reader, organisation: Organisation, typed: Typed) -> Listed:
    """Return the pupil of the list who is surely meant; raises NotFound."""
    listed = store.born_on(conn, organisation.id, typed.birth_date)
    found = found_among(listed, typed, by_number=by_number(organisation))
    if found is None:
        raise NotFound("learner.not_found", field="last_name")
    return found


def has_account(conn: Reader, person: str, moment: Moment, *, same_organisation: bool) -> Conflict:
    """Return the refusal for a pupil whose account exists: its code, and its way in by halves."""
    methods = store.methods_of(conn, person)
    if methods is None:
        return Conflict("learner.not_found")
    short = short_code(moment, methods.shown, same_organisation=same_organisation)
    return Conflict(f"learner.has_{methods.shown}", params={"short": short, "hint": methods.hint})


def free_for_newcomer(conn: Reader, organisation: Organisation, typed: Typed) -> Listed:
    """Return the pupil an account may be made for; raises NotFound, or Conflict when they have one somewhere."""
    found = matching(conn, organisation, typed)
    if found.person is not None:
        raise has_account(conn, found.person, "registering", same_organisation=True)
    elsewhere = store.account_elsewhere(conn, found, organisation.id, typed.birth_date)
    if elsewhere is not None:
        raise has_account(conn, elsewhere, "registering", same_organisation=False)
    return found


def free_for(conn: Reader, organisation: Organisation, typed: Typed, person: str) -> Listed:
    """Return the pupil that this account may be linked to; raises NotFound or Conflict with its short code."""
    already = store.learner_here(conn, organisation.id, person)
    found = matching(conn, organisation, typed)
    if found.person == person:
        return found
    if found.person is not None:
        raise has_account(conn, found.person, "reconciling", same_organisation=True)
    if already is not None:
        raise Conflict("learner.other_pupil", params={"short": OTHER_PUPIL})
    elsewhere = store.account_elsewhere(conn, found, organisation.id, typed.birth_date)
    if elsewhere is not None and elsewhere != person:
        raise has_account(conn, elsewhere, "reconciling", same_organisation=False)
    for ine, born in store.others_of(conn, person, organisation.id):
        if born not in {None, typed.birth_date} or (ine and found.ine and ine != found.ine):
            raise Conflict("learner.not_yours", params={"short": NOT_YOURS})
    return found


async def link(kiosk: Kiosk, person: Person, organisation: str, typed: Typed, address: str) -> None:
    """Link the account signed in to the pupil its owner says they are; raises as `free_for`, or TooMany."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> KioskError | None:
        check_tries(tx, now, address, person.id)
        here = organisation_of(tx, organisation)
        said = checked(typed, here)
        try:
            found = free_for(tx, here, said, person.id)
        except (NotFound, Conflict) as refusal:
            count_try(tx, now, address, person.id)
            return refusal
        if found.person is None and not store.link(tx, found.id, person.id, now):
            return Conflict("learner.has_account")
        return None

    refusal = await kiosk.db.write(job)
    if refusal is not None:
        raise refusal


def check_tries(conn: Reader, now_ms: int, *who: str) -> None:
    """Raise TooMany while one of these must wait before saying who they are again."""
    for name in who:
        guesses.check(conn, KIND, name, now_ms, "learner.throttled")


def count_try(tx: Reader, now_ms: int, *who: str) -> None:
    """Count a try that linked nobody."""
    for name in who:
        guesses.count(tx, KIND, name, now_ms)
