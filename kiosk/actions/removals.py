"""What the staff takes away for good: a participation, or whole campaigns. Nothing signed is ever rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions.campaigns import of_staff
from kiosk.errors import Forbidden, NotFound, Refused
from kiosk.store import attempts, participations
from kiosk.store import campaigns as store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from sync.db import Tx

MOST = 200
"""Campaigns deleted by one act."""


async def remove_participation(kiosk: Kiosk, person: Person, participation: str) -> int:
    """Delete a participation and every other of that learner in its campaign; return how many went.

    The campaign's owner and the principal may. The pupil may finish, and neither send nor join again.
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> int:
        row = participations.by_id(tx, participation)
        if row is None or row.campaign is None or row.trial or row.deleted:
            raise NotFound("participation.unknown")
        campaign = of_staff(tx, row.campaign, person)
        if person.id != campaign.owner and person.role != "principal":
            raise Forbidden("campaign.not_owner")
        gone = attempts.delete_of_learner(tx, campaign.id, row.pupil, row.learner, (person.id, now))
        kiosk.sittings.forget(participation)
        return gone

    return await kiosk.db.write(job)


async def delete_campaigns(kiosk: Kiosk, person: Person, campaigns: Sequence[str], *, sure: bool) -> int:
    """Delete campaigns and all their participations; return how many.

    The principal deletes any of the organisation, a teacher their own; all or none. Raises Refused unless `sure`.
    """
    now = kiosk.clock.now_ms()
    wanted = list(dict.fromkeys(campaigns))
    if not wanted or len(wanted) > MOST:
        raise Refused("campaign.none_chosen", field="campaigns")
    if not sure:
        raise Refused("campaign.not_confirmed", field="sure")

    def job(tx: Tx) -> int:
        for campaign in wanted:
            found = of_staff(tx, campaign, person)
            if person.id != found.owner and person.role != "principal":
                raise Forbidden("campaign.delete_own_only")
            store.delete(tx, campaign, person.id, now)
            attempts.delete_of_campaign(tx, campaign, person.id, now)
        return len(wanted)

    return await kiosk.db.write(job)
