"""How a supervisor names a machine: the code on its screen, read by the camera or typed, or the label stuck on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kiosk.store import machines

if TYPE_CHECKING:
    from kiosk.keys import Kiosk

_BARE = re.compile(r"[^A-Z0-9]", re.ASCII)


async def code_of(kiosk: Kiosk, typed: str) -> str:
    """Return the code of the machine named: `typed` is a label, a code, or the address its square holds."""
    bare = _BARE.sub("", typed.rsplit("#", 1)[-1].upper())
    known = await kiosk.db.read(machines.listed)
    named = [one for one in known if _BARE.sub("", one.label.upper()) == bare]
    return kiosk.rooms.code_of(named[0].id, kiosk.clock.now_ms()) if named else bare
