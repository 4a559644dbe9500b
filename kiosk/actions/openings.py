"""Opening a sitting: the one way a participation begins, in a campaign, once more, or in free practice."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from exam.decisions import decide_open
from exam.scoring import mastery, progress
from exam.sitting import Sitting
from kiosk.actions.sittings import status_of
from kiosk.errors import NotFound
from kiosk.store import attempts
from kiosk.store import participations as store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.campaign.engine import CampaignEngine
    from exam.events import Known
    from kiosk.actions.taking_part import Seat
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation
    from sync.db import Tx


class Start(NamedTuple):
    """What a sitting begins with: what is known already, and the language of its first question."""

    prior: Iterable[Known]
    lang: str


PRACTICE = "practice"
"""What the log names as the campaign of a free practice."""


def new_opening(campaign: Campaign, person: Person, seat: Seat, now_ms: int) -> store.Opening:
    """Return the first attempt of a person in a campaign, as whom they take part."""
    return store.Opening(
        participation=secrets.token_hex(8),
        campaign=campaign.id,
        pupil=person.id,
        targeted=0,
        at_ms=now_ms,
        organisation=seat.organisation,
        learner=seat.learner,
        trial=seat.trial,
    )


def open_sitting(
    kiosk: Kiosk, tx: Tx, engine: CampaignEngine, opening: store.Opening, start: Start
) -> Participation:
    """Open a sitting on a course, with what is known already; it may end at once, when nothing is left to ask."""
    campaign = opening.campaign or PRACTICE
    events = decide_open(engine, opening.participation, campaign, start.prior, start.lang)
    sitting = Sitting(engine)
    store.add(tx, opening._replace(targeted=mastery(sitting).targeted))
    participant = store.player(tx, opening.participation)
    if participant is None:
        raise NotFound("participation.unknown")
    passage = kiosk.sittings.add(tx, participant, sitting)
    kiosk.sittings.append(tx, passage, events, opening.at_ms)
    ended = opening.at_ms if sitting.finished else None
    summary = store.Summary(
        status_of(sitting), 0, mastery(sitting).validated, progress(sitting), opening.at_ms, ended
    )
    store.keep_summary(tx, opening.participation, summary)
    return opened(tx, opening.participation)


def open_collection(tx: Tx, opening: store.Opening) -> Participation:
    """Open a participation that asks nothing: the profile is there to be sent."""
    store.add(tx, opening)
    attempts.set_to_share(tx, opening.participation, opening.at_ms)
    return opened(tx, opening.participation)


def opened(conn: Reader, participation: str) -> Participation:
    """Return the row of a participation, or raise NotFound."""
    found = store.by_id(conn, participation)
    if found is None:
        raise NotFound("participation.unknown")
    return found
