"""Who may take part in a campaign, decided when they join: a learner of its organisation, or its staff to try it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions.accounts import new_learner
from kiosk.errors import Conflict, Forbidden, NotFound
from kiosk.store import learners, memberships, organisations, people

if TYPE_CHECKING:
    from kiosk.people import Person
    from kiosk.store.campaigns import Campaign
    from sync.db import Tx


class Seat(NamedTuple):
    """As whom somebody takes part: a learner, or a member of the staff on trial."""

    organisation: str
    learner: str | None
    trial: bool


def seat_in(tx: Tx, campaign: Campaign, person: Person, now_ms: int) -> Seat:
    """Return as whom this person takes part in a campaign.

    Staff acting for its organisation try it. An open organisation makes a learner of whoever comes; the others only
    know those whose account is linked. Raises Conflict("learner.unlinked").
    """
    known = people.person_by_id(tx, person.id)
    if known is None or known.disabled:
        raise Forbidden("account.disabled")
    organisation = campaign.organisation
    if person.organisation == organisation and memberships.role_in(tx, organisation, person.id) is not None:
        return Seat(organisation, None, trial=True)
    learner = learners.of_person(tx, organisation, person.id)
    if learner is not None:
        return Seat(organisation, learner.id, trial=False)
    found = organisations.by_id(tx, organisation)
    if found is None:
        raise NotFound("campaign.unknown_code", field="code")
    if found.manages_learners:
        raise Conflict("learner.unlinked", field="code")
    made = new_learner(organisation, known, now_ms)
    if not learners.add(tx, made):
        raise Conflict(
            "learner.unlinked", field="code"
        )  # this account's learner was disabled: the staff decides
    return Seat(organisation, made.id, trial=False)
