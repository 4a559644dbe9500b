"""Whether learners may enter a certification: found again at each sending, at the end of a practice, and once a day.

The reading is done in a reading thread, so that no answer waits for it; what is written is one short row a learner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.profile import profile
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


async def refresh_stale(kiosk: Kiosk, most: int = CHUNK) -> int:
    """Find it again for one chunk of those who answered since it was last found; return how many that was."""
    people = await kiosk.db.read(lambda conn: store.stale(conn, most))
    if people:
        await _refresh(kiosk, people)
    return len(people)


async def _refresh(kiosk: Kiosk, people: list[str]) -> None:
    now, bank = kiosk.clock.now_ms(), kiosk.banks.current

    def read(conn: sqlite3.Connection) -> dict[str, bool]:
        return {
            person: profile(bank, validated_of(conn, kiosk.banks, kiosk.log, person, now)).certifiable
            for person in people
        }

    found = await kiosk.db.read(read)

    def write(tx: Tx) -> None:
        wanted = {one.id for one in organisations.all_organisations(tx) if one.settings.certifiability}
        for person, certifiable in found.items():
            for learner in store.learners_of(tx, person):
                if learner.organisation in wanted:
                    store.keep_certifiability(tx, learner.id, now, certifiable=certifiable)

    await kiosk.db.write(write)
