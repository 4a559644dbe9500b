"""A person's profile: as it is now for themselves, and as it was sent to a campaign that collects profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.profile import Profile, profile
from kiosk.actions.campaigns import existing
from kiosk.actions.participations import own_participation
from kiosk.errors import Conflict, NotFound
from kiosk.pasts import history_in, history_of
from kiosk.store import participations as store
from kiosk.store.results import keep_certifiability
from sync.records import ProfileShared

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.pasts import History
    from kiosk.people import Person
    from kiosk.store.participations import Participation
    from sync.db import Tx


class SentProfile(msgspec.Struct, frozen=True):
    """A profile at the instant it was sent: `competences` are (code, level, points), all sixteen."""

    score: int
    certifiable: bool
    competences: list[tuple[str, int, int]]


_sent = msgspec.json.Decoder(SentProfile)


def sent_profile(shared: str | None) -> SentProfile | None:
    """Return the profile that a participation holds, None before it is sent."""
    return None if shared is None else _sent.decode(shared)


def snapshot(found: Profile) -> SentProfile:
    """Return what is sent of a profile."""
    rows = [(one.competence, one.level, one.points) for one in found.competences]
    return SentProfile(found.score, found.certifiable, rows)


async def history(kiosk: Kiosk, person: Person) -> History:
    """Return everything a person settled, read beside the writer so that no answer waits."""
    return await kiosk.db.read(lambda conn: history_of(conn, kiosk.banks, kiosk.log, person.id))


async def profile_now(kiosk: Kiosk, person: Person) -> Profile:
    """Return a person's profile at this instant, on the bank in use."""
    found = await history(kiosk, person)
    return profile(kiosk.banks.current, found.validated(kiosk.clock.now_ms()))


async def send_profile(kiosk: Kiosk, person: Person, participation: str) -> SentProfile:
    """Send one's profile to a campaign that collects them: fixed as it is now, and signed.

    Raises Conflict (already sent, archived, deleted, a trial of the staff), NotFound (not a collection).
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> SentProfile:
        row = own_participation(tx, participation, person)
        campaign = None if row.campaign is None else existing(tx, row.campaign)
        if campaign is None or campaign.kind != "collection":
            raise NotFound("participation.unknown")
        _check_sending(row, archived=campaign.archived)
        validated = history_in(kiosk, tx, person.id).validated(now)
        sent = snapshot(profile(kiosk.banks.current, validated))
        body = ProfileShared(
            participation=row.id,
            campaign=campaign.id,
            pupil=person.id,
            bank=kiosk.banks.current.digest,
            score=sent.score,
            certifiable=sent.certifiable,
            competences=sent.competences,
            attempt=row.attempt,
        )
        record = kiosk.log.append_record(tx, "profile.shared", body, now)
        store.keep_shared(tx, row.id, msgspec.json.encode(sent).decode(), record, now)
        if row.learner is not None:
            keep_certifiability(tx, row.learner, now, certifiable=sent.certifiable)
        return sent

    return await kiosk.db.write(job)


def _check_sending(row: Participation, *, archived: bool) -> None:
    if row.deleted:
        raise Conflict("participation.deleted")
    if row.trial:
        raise Conflict("share.trial")
    if row.shared_ms is not None:
        raise Conflict("sitting.already_shared")
    if archived:
        raise Conflict("campaign.archived")
