"""What an administrator of a higher establishment corrects in the list itself: a student number, a learner to delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kiosk.actions.pupil_accounts import organisation_of, pupils
from kiosk.actions.reconciling import organisation_of as existing_organisation
from kiosk.errors import Conflict, Forbidden, Refused
from kiosk.store import pupil_accounts as store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from sync.db import Tx

_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,255}", re.ASCII)


def check_may(conn: Reader, staff: Person) -> None:
    """Raise Forbidden unless this is an administrator of a higher establishment."""
    here = existing_organisation(conn, organisation_of(staff))
    if staff.role != "principal":
        raise Forbidden("role.wrong")
    if here.kind != "higher":
        raise Forbidden("learner.not_higher")


async def set_number(kiosk: Kiosk, staff: Person, learner: str, number: str) -> None:
    """Correct a student number; raises Refused when it is malformed, Conflict when it is another's."""
    wanted, now = number.strip(), kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        check_may(tx, staff)
        pupils(tx, staff, [learner])
        if not _NUMBER.fullmatch(wanted):
            raise Refused("learner.bad_number", field="student_number")
        if not store.set_student_number(tx, learner, wanted, now):
            raise Conflict("learner.number_taken", field="student_number")

    await kiosk.db.write(job)


async def delete(kiosk: Kiosk, staff: Person, learners: Sequence[str]) -> int:
    """Delete learners with their participations; return how many. Their accounts stay theirs."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> int:
        check_may(tx, staff)
        found = pupils(tx, staff, learners)
        store.delete(tx, [one.learner for one in found], staff.id, now)
        return len(found)

    return await kiosk.db.write(job)
