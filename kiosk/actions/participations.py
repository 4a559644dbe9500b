"""Acts that open and close a participation: join with a code, share the results."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.decisions import decide_share
from exam.errors import ExamError
from exam.events import Opened
from kiosk.actions.campaigns import existing, with_code
from kiosk.actions.certifiability import refresh
from kiosk.actions.openings import Start, new_opening, open_collection, open_sitting
from kiosk.actions.results import note_shared
from kiosk.actions.sittings import own_passage
from kiosk.actions.taking_part import seat_in
from kiosk.campaign_rules import external_id_of
from kiosk.errors import Conflict, NotFound, Refused
from kiosk.pasts import known_elsewhere
from kiosk.refused_by_exam import as_refusal
from kiosk.sittings import read_events
from kiosk.store import attempts
from kiosk.store import participations as store
from sync.chain import head_of
from sync.records import ParticipationShared

if TYPE_CHECKING:
    from exam.events import Shared
    from kiosk.actions.taking_part import Seat
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.sittings import Passage
    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation
    from sync.db import Tx


class NoConsent(Refused):
    """The pupil did not say that results may be sent."""

    def __init__(self) -> None:
        super().__init__("share.no_consent", field="consent")


class Joined(NamedTuple):
    """A participation, and whether it has just been opened."""

    participation: Participation
    campaign: Campaign
    new: bool


async def join(kiosk: Kiosk, person: Person, code: str, external_id: str | None = None) -> Joined:
    """Open this person's participation in the campaign of a code, or return the last they have.

    `external_id` is what the campaign asks for besides, if it does. Raises NotFound (unknown code), Conflict (archived,
    deleted before, taken through another account, learner not linked), Refused (external id), Forbidden (closed account).
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Joined:
        campaign = with_code(tx, code)
        before = store.of_pupil_in(tx, person.id, campaign.id)
        if before is not None:
            return Joined(before, campaign, new=False)
        if campaign.archived:
            raise Conflict("campaign.archived", field="code")
        seat = seat_in(tx, campaign, person, now)
        attempt = 1 + _refuse_earlier(tx, campaign, person, seat)
        given = None if seat.trial else external_id_of(campaign, external_id)
        opening = new_opening(campaign, person, seat, now)._replace(attempt=attempt, external_id=given)
        if campaign.kind == "collection":
            return Joined(open_collection(tx, opening), campaign, new=True)
        engine = kiosk.banks.engine(campaign.bank, campaign.course)
        prior = () if seat.trial else known_elsewhere(kiosk, tx, person.id, "", now)
        row = open_sitting(kiosk, tx, engine, opening, Start(prior, person.lang))
        return Joined(row, campaign, new=True)

    return await kiosk.db.write(job)


def _refuse_earlier(conn: Reader, campaign: Campaign, person: Person, seat: Seat) -> int:
    """Raise Conflict when the staff deleted this pupil's participation, or the learner took part through another account.

    Returns the number of the last attempt, 0 when there was none.
    """
    mine = attempts.of_pupil(conn, person.id, campaign.id)
    ours = attempts.of_learner(conn, seat.learner, campaign.id) if seat.learner is not None else []
    if any(one.deleted for one in (*mine, *ours)):
        raise Conflict("participation.deleted", field="code")
    if any(one.pupil != person.id for one in ours):
        raise Conflict("participation.other_account", field="code")
    return max((one.attempt for one in mine), default=0)


async def share(kiosk: Kiosk, person: Person, participation: str) -> Shared:
    """Send the results: fix them in the chain and sign the whole sitting as one record that travels.

    Raises Conflict (not finished, already shared, superseded, deleted, a trial, campaign archived), NotFound (a practice).
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Shared:
        passage = own_passage(kiosk, tx, participation, person)
        try:
            events = decide_share(passage.sitting)
        except ExamError as refusal:
            raise as_refusal(refusal) from None
        row = own_participation(tx, participation, person)
        _check_sending(row, campaign_of(tx, row.campaign))
        kiosk.sittings.append(tx, passage, events, now)
        body = _record_of(kiosk, tx, passage, row.attempt)
        record = kiosk.log.append_record(tx, "participation.shared", body, now)
        shared = passage.sitting.shared
        if shared is None:
            raise NotFound("participation.unknown")
        store.keep_shared(tx, participation, msgspec.json.encode(shared).decode(), record, now)
        note_shared(kiosk, tx, participation, passage.sitting, now)
        return shared

    shared = await kiosk.db.write(job)
    await refresh(kiosk, person.id)
    return shared


def _check_sending(row: Participation, campaign: Campaign) -> None:
    if row.trial:
        raise Conflict("share.trial")
    if row.deleted:
        raise Conflict("participation.deleted")
    if not row.current:
        raise Conflict("participation.superseded")
    if campaign.archived:
        raise Conflict("campaign.archived")


def _record_of(kiosk: Kiosk, tx: Tx, passage: Passage, attempt: int) -> ParticipationShared:
    lines = kiosk.log.events_in(tx, passage.id)
    sitting = passage.sitting
    opened = read_events(lines[:1])[0]
    if not isinstance(opened, Opened):
        raise NotFound("participation.unknown")
    return ParticipationShared(
        participation=passage.id,
        campaign=passage.campaign or "",
        course=sitting.course,
        bank=opened.bank,
        engine=opened.engine,
        pupil=passage.pupil,
        head=head_of(lines),
        events=[msgspec.Raw(line) for line in lines],
        attempt=attempt,
    )


def campaign_of(conn: Reader, campaign: str | None) -> Campaign:
    """Return the campaign of a participation; raises NotFound for one in free practice."""
    if campaign is None:
        raise NotFound("campaign.unknown")
    return existing(conn, campaign)


def existing_participation(conn: Reader, participation: str) -> Participation:
    """Return a participation, or raise NotFound; a deleted one says so."""
    found = store.by_id(conn, participation)
    if found is None:
        raise NotFound("participation.unknown")
    return found


def own_participation(conn: Reader, participation: str, person: Person) -> Participation:
    """Return this pupil's participation; somebody else's does not exist for them."""
    found = existing_participation(conn, participation)
    if found.pupil != person.id:
        raise NotFound("participation.unknown")
    return found
