"""Whether learners may enter a certification: found again at each sending, at the end of a practice, and once a day.

The reading is done in a reading thread, so that no answer waits for it; what is written is one short row a learner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from exam.profile import profile
from kiosk.actions import profile_states
from kiosk.errors import NotFound
from kiosk.pasts import validated_of
from kiosk.store import organisations
from kiosk.store import results as store

if TYPE_CHECKING:
    import sqlite3

    from kiosk.keys import Kiosk
    from sync.db import Tx

CHUNK = 20
"""People looked at in one reading: well under a second of one reading thread, whatever they did before."""


async def refresh(kiosk: Kiosk, person: str) -> None:
    """Find again whether a person's profile is certifiable, for each organisation that wants it known."""
    await _refresh(kiosk, [person])


async def refresh_stale(kiosk: Kiosk, after: str, most: int = CHUNK) -> str | None:
    """Find it again for one chunk of those who answered since it was last found; return whom to go on after, or None."""
    people = await kiosk.db.read(lambda conn: store.stale(conn, after, most))
    if not people:
        return None
    await _refresh(kiosk, people)
    return people[-1]


async def _refresh(kiosk: Kiosk, people: list[str]) -> None:
    now = kiosk.clock.now_ms()

    def read(conn: sqlite3.Connection) -> dict[str, bool]:
        found = {person: _certifiable(kiosk, conn, person, now) for person in people}
        return {person: known for person, known in found.items() if known is not None}

    found = await kiosk.db.read(read)

    def write(tx: Tx) -> None:
        wanted = {one.id for one in organisations.all_organisations(tx) if one.settings.certifiability}
        for person, certifiable in found.items():
            for learner in store.learners_of(tx, person):
                if learner.organisation in wanted:
                    store.keep_certifiability(tx, learner.id, now, certifiable=certifiable)

    await kiosk.db.write(write)
    await profile_states.refresh(kiosk, people)


def _certifiable(kiosk: Kiosk, conn: sqlite3.Connection, person: str, now: int) -> bool | None:
    """Return whether a profile is certifiable, None when one of its sittings cannot be read (its bank is gone)."""
    try:
        validated = validated_of(conn, kiosk.banks, kiosk.log, person, now)
    except NotFound as problem:
        structlog.get_logger().warning("certifiability not found", person=person, reason=problem.code)
        return None
    return profile(kiosk.banks.current, validated).certifiable
