"""Acts that open and close a participation: join with a code, share the results."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.decisions import decide_open, decide_share
from exam.errors import ExamError
from exam.events import Opened
from exam.scoring import mastery, progress
from exam.sitting import Sitting
from kiosk.actions.campaigns import existing, with_code
from kiosk.actions.pasts import known_elsewhere
from kiosk.actions.sittings import own_passage, status_of
from kiosk.actions.taking_part import seat_in
from kiosk.errors import Conflict, NotFound, Refused
from kiosk.refused_by_exam import as_refusal
from kiosk.sittings import read_events
from kiosk.store import participations as store
from sync.records import ParticipationShared

if TYPE_CHECKING:
    from exam.events import Shared
    from kiosk.actions.taking_part import Seat
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.sittings import Passage
    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participant, Participation
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


async def join(kiosk: Kiosk, person: Person, code: str) -> Joined:
    """Open this person's participation in the campaign of a code, or return the one they have.

    Raises NotFound (unknown code), Conflict (archived), Forbidden (no learner of its organisation, a closed account).
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
        return Joined(_open(kiosk, tx, campaign, person, (seat, now)), campaign, new=True)

    return await kiosk.db.write(job)


def _open(
    kiosk: Kiosk, tx: Tx, campaign: Campaign, person: Person, seated: tuple[Seat, int]
) -> Participation:
    seat, now = seated
    made = secrets.token_hex(8)
    engine = kiosk.banks.engine(campaign.bank, campaign.course)
    prior = known_elsewhere(kiosk, tx, person.id, made, now)
    events = decide_open(engine, made, campaign.id, prior, person.lang)
    sitting = Sitting(engine)
    opening = store.Opening(made, campaign.id, person.id, mastery(sitting).targeted, now, *seat)
    store.add(tx, opening)
    passage = kiosk.sittings.add(tx, _participant(tx, made), sitting)
    kiosk.sittings.append(tx, passage, events, now)
    status = status_of(sitting)
    ended = now if sitting.finished else None
    validated = mastery(sitting).validated
    store.keep_summary(tx, made, store.Summary(status, 0, validated, progress(sitting), now, ended))
    return existing_participation(tx, made)


async def share(kiosk: Kiosk, person: Person, participation: str) -> Shared:
    """Send the results: fix them in the chain and sign the whole sitting as one record that travels.

    Raises Conflict (not finished, already shared, campaign archived).
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Shared:
        passage = own_passage(kiosk, tx, participation, person)
        try:
            events = decide_share(passage.sitting)
        except ExamError as refusal:
            raise as_refusal(refusal) from None
        if passage.trial:
            raise Conflict("share.trial")
        if campaign_of(tx, passage.campaign).archived:
            raise Conflict("campaign.archived")
        kiosk.sittings.append(tx, passage, events, now)
        record = kiosk.log.append_record(tx, "participation.shared", _record_of(kiosk, tx, passage), now)
        shared = passage.sitting.shared
        if shared is None:
            raise NotFound("participation.unknown")
        store.keep_shared(tx, participation, msgspec.json.encode(shared).decode(), record, now)
        return shared

    return await kiosk.db.write(job)


def _record_of(kiosk: Kiosk, tx: Tx, passage: Passage) -> ParticipationShared:
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
        head=hashlib.sha256(lines[-1]).hexdigest(),
        events=[msgspec.Raw(line) for line in lines],
    )


def campaign_of(conn: Reader, campaign: str | None) -> Campaign:
    """Return the campaign of a participation; raises NotFound for one in free practice."""
    if campaign is None:
        raise NotFound("campaign.unknown")
    return existing(conn, campaign)


def _participant(conn: Reader, participation: str) -> Participant:
    found = store.participant(conn, participation)
    if found is None:
        raise NotFound("participation.unknown")
    return found


def existing_participation(conn: Reader, participation: str) -> Participation:
    """Return a participation, or raise NotFound."""
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
