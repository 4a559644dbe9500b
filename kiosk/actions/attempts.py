"""Going through a campaign's course once more: after sending, from nothing, or before sending; sending a profile again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.retakes import Attempt, days_and_hours, wait_ms, why_not_again, why_not_retried
from exam.scoring import mastery
from kiosk.actions.campaigns import existing
from kiosk.actions.openings import Start, new_opening, open_collection, open_sitting
from kiosk.actions.participations import own_participation
from kiosk.actions.taking_part import seat_in
from kiosk.errors import Conflict, NotFound
from kiosk.pasts import history_in
from kiosk.store import attempts, settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.events import Known
    from exam.sitting import Sitting
    from kiosk.actions.taking_part import Seat
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation
    from sync.db import Tx


class _After(NamedTuple):
    """What a new attempt comes after, and for whom."""

    row: Participation
    campaign: Campaign
    person: Person
    seat: Seat


async def again(kiosk: Kiosk, person: Person, participation: str, *, reset: bool = False) -> Participation:
    """Open a new attempt after a sending: on what is not acquired, or from nothing with `reset`.

    Raises Conflict saying why not: not multiple, not sent, too early (with the days and hours left), everything acquired,
    campaign archived, learner disabled.
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Participation:
        row, campaign = _last(tx, participation, person)
        if campaign.archived:
            raise Conflict("campaign.archived")
        seat = seat_in(tx, campaign, person, now)
        if not row.trial:
            _refuse(why_not_again(_attempt(kiosk, tx, row, campaign, now), now, reset=reset), row, now)
        elif row.status == "started":
            raise Conflict("participation.still_running")
        if campaign.kind == "collection":
            return _open_next(kiosk, tx, _After(row, campaign, person, seat), (), now)
        if reset and not row.trial:
            skills = sorted(kiosk.banks.engine(campaign.bank, campaign.course).map.skills)
            settled.add_restart(tx, person.id, settled.Restart(skills, now, None), campaign.id)
        prior = () if row.trial else history_in(kiosk, tx, person.id).known(now)
        return _open_next(kiosk, tx, _After(row, campaign, person, seat), prior, now)

    return await kiosk.db.write(job)


async def retry(kiosk: Kiosk, person: Person, participation: str) -> Participation:
    """Open a new attempt before sending, on failures old enough to be asked again; raises Conflict saying why not."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Participation:
        row, campaign = _last(tx, participation, person)
        if campaign.archived:
            raise Conflict("campaign.archived")
        if campaign.kind == "collection" or row.trial:
            raise Conflict("participation.nothing_to_retry")
        seat = seat_in(tx, campaign, person, now)
        _refuse(why_not_retried(_attempt(kiosk, tx, row, campaign, now)), row, now)
        prior = history_in(kiosk, tx, person.id).known(now)
        return _open_next(kiosk, tx, _After(row, campaign, person, seat), prior, now)

    return await kiosk.db.write(job)


def _attempt(kiosk: Kiosk, tx: Tx, row: Participation, campaign: Campaign, now_ms: int) -> Attempt:
    if campaign.kind == "collection":
        return sending_of(row, campaign)
    known = history_in(kiosk, tx, row.pupil).known(now_ms)
    return attempt_of(row, campaign, kiosk.sittings.get(tx, row.id).sitting, known)


def sending_of(row: Participation, campaign: Campaign) -> Attempt:
    """Return what decides whether a profile may be sent again: it waits for nothing, being what it is that day."""
    return Attempt(
        multiple=campaign.multiple,
        reset_allowed=False,
        finished=True,
        shared_at=None if row.shared_ms is None else 0,
        complete=False,
        open_skills=True,
    )


def attempt_of(row: Participation, campaign: Campaign, sitting: Sitting, known: Sequence[Known]) -> Attempt:
    """Return what decides whether a course may be taken once more; `known` is all that counts of the pupil now."""
    tally, settled_now = mastery(sitting), {skill for skill, _, _ in known}
    return Attempt(
        multiple=campaign.multiple,
        reset_allowed=campaign.reset_allowed,
        finished=sitting.finished,
        shared_at=row.shared_ms,
        complete=tally.validated == tally.targeted,
        open_skills=any(
            skill.items and skill.id not in settled_now and sitting.knowledge.status(skill) == "invalidated"
            for skill in sitting.engine.map.skills.values()
        ),
    )


def _last(tx: Tx, participation: str, person: Person) -> tuple[Participation, Campaign]:
    """Return one's own last attempt and its campaign; raises Conflict when a later attempt took its place."""
    row = own_participation(tx, participation, person)
    if row.campaign is None:
        raise NotFound("participation.unknown")
    campaign = existing(tx, row.campaign)
    if row.deleted:
        raise Conflict("participation.deleted")
    if not row.current:
        raise Conflict("participation.superseded")
    return row, campaign


def _refuse(code: str, row: Participation, now_ms: int) -> None:
    if not code:
        return
    days, hours = days_and_hours(wait_ms(row.shared_ms or row.last_ms, now_ms))
    raise Conflict(code, params={"days": days, "hours": hours})


def _open_next(kiosk: Kiosk, tx: Tx, after: _After, prior: Sequence[Known], now_ms: int) -> Participation:
    row, campaign, person = after.row, after.campaign, after.person
    opening = new_opening(campaign, person, after.seat, now_ms)._replace(
        attempt=row.attempt + 1, external_id=row.external_id
    )
    attempts.supersede(tx, row.id)
    if campaign.kind == "collection":
        return open_collection(tx, opening)
    engine = kiosk.banks.engine(campaign.bank, campaign.course)
    return open_sitting(kiosk, tx, engine, opening, Start(prior, person.lang))
