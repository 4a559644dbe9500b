"""The demo's certification: its sealed bank and one planned session, with the pupils of the demo on its list.

The bank is sealed once, untuned: nobody is kept from meeting an item here. Its day code is public, like the passwords; a real
one is told to principals on the morning of the day.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.actions import candidates, planning
from kiosk.actions.planning import Plan
from kiosk.bank_building import Order, build
from kiosk.bank_files import load_whole, starter_bank
from kiosk.demo.cast import DAY_CODE, PRINCIPAL, SCHOOL
from kiosk.store import learners, people
from sync.keys import load_or_make, replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.keys import Kiosk
    from kiosk.store.sessions import Session

BUNDLE, KEY, PUBLIC = "demo-certification.bundle", "demo-bank.key", "demo-bank.pub"


def seal_bank(home: Path) -> None:
    """Seal the starter bank's certification items under the public day code, the first time."""
    if (home / BUNDLE).exists():
        return
    signer = load_or_make(home / "keys" / KEY)
    made = build(load_whole(starter_bank()), signer, Order(DAY_CODE, (), rough=True, tuned=False))
    replace_file(home / "keys" / PUBLIC, f"{signer.public_hex}\n".encode(), 0o644)
    replace_file(home / BUNDLE, made.data, 0o600)


async def plan_session(kiosk: Kiosk, home: Path) -> Session:
    """Return the principal's first session, planning one for today when there is none."""
    signer = load_or_make(home / "keys" / KEY)
    kiosk.rooms.shelf.add((home / BUNDLE).read_bytes(), signer.public)
    found = await kiosk.db.read(lambda conn: people.person_by_username(conn, PRINCIPAL.username))
    if found is None:
        raise LookupError(PRINCIPAL.username)
    chief = found[0]
    planned = await planning.listed(kiosk, chief)
    if planned:
        return planned[0]
    today = datetime.fromtimestamp(kiosk.clock.now_ms() / 1000).astimezone().date().isoformat()
    plan = Plan(SCHOOL, "Salle 12", today, "09:00", "Claire Lemaire", gate=False)
    session = await planning.create(kiosk, chief, plan)
    pupils = await kiosk.db.read(lambda conn: learners.of_organisation(conn, session.organisation))
    await candidates.enrol_learners(kiosk, chief, session.id, [pupil.id for pupil in pupils])
    return session
