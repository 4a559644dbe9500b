"""What a pupil's other sittings leave to this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.priors import Past, prior_from
from kiosk.store import participations as store

if TYPE_CHECKING:
    from exam.events import Known
    from kiosk.keys import Kiosk
    from sync.db import Tx


def known_elsewhere(kiosk: Kiosk, tx: Tx, pupil: str, here: str, now_ms: int) -> list[Known]:
    """Return what the pupil's sittings other than `here` settled themselves, as it counts at `now_ms`."""
    pasts = [
        Past(kiosk.sittings.get(tx, row.id).sitting.settled_here(), row.last_ms)
        for row in store.of_pupil(tx, pupil)
        if row.id != here and row.answered > 0
    ]
    return prior_from(pasts, now_ms)
