"""What a person says of a tutorial: kept for later, useful."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import NotFound
from kiosk.store import tutorials as store

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Person


async def mark_saved(kiosk: Kiosk, person: Person, tutorial: str, *, saved: bool) -> None:
    """Keep a tutorial of the bank, or keep it no more; raises NotFound."""
    _check(kiosk, tutorial)
    now = kiosk.clock.now_ms() if saved else None
    await kiosk.db.write(lambda tx: store.set_saved(tx, person.id, tutorial, now))


async def mark_useful(kiosk: Kiosk, person: Person, tutorial: str, *, useful: bool) -> None:
    """Note that a tutorial of the bank was useful, or take it back; raises NotFound."""
    _check(kiosk, tutorial)
    now = kiosk.clock.now_ms() if useful else None
    await kiosk.db.write(lambda tx: store.set_useful(tx, person.id, tutorial, now))


def _check(kiosk: Kiosk, tutorial: str) -> None:
    if tutorial not in kiosk.banks.current.tutorials:
        raise NotFound("tutorial.unknown")
