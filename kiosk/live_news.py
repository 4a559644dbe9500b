"""What live pages are told: one pupil's progress to the teacher, and to the pupil that another page took over.

Words of the stream are JSON, as the API gives them; nothing is made when nobody listens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.store import participations as store
from kiosk.store.participations import Status

if TYPE_CHECKING:
    from kiosk.actions.sittings import Position
    from kiosk.keys import Kiosk
    from kiosk.store.participations import Participant

_encoder = msgspec.json.Encoder()


class ParticipantView(msgspec.Struct, frozen=True):
    """One pupil in a campaign, as staff follow them; `progress` is a whole percentage."""

    participation: str
    first_name: str
    last_name: str
    division: str | None
    status: Status
    answered: int
    progress: int


class EpochNews(msgspec.Struct, frozen=True):
    """Which epoch holds the sitting now."""

    epoch: int


def view_of(row: Participant) -> ParticipantView:
    """Return a participant as staff see them."""
    p = row.participation
    return ParticipantView(
        p.id, row.first_name, row.last_name, row.division, p.status, p.answered, p.progress // 10
    )


def campaign_topic(campaign: str) -> str:
    """Return the topic of a campaign's followers."""
    return f"campaign:{campaign}"


def participation_topic(participation: str) -> str:
    """Return the topic of a pupil's own pages."""
    return f"participation:{participation}"


def sse(event: str, data: bytes) -> bytes:
    """Return one event of a stream."""
    return b"event: " + event.encode() + b"\ndata: " + data + b"\n\n"


def tell_progress(kiosk: Kiosk, participation: str, where: Position) -> None:
    """Tell who follows the campaign where this pupil is; nobody follows practice or a trial."""
    if where.campaign is None:
        return
    topic = campaign_topic(where.campaign)
    if not kiosk.hub.wanted(topic):
        return
    view = ParticipantView(
        participation,
        *where.player,
        where.status,
        where.answered,
        where.progress // 10,
    )
    kiosk.hub.publish(topic, participation, sse("participation", _encoder.encode(view)))


def tell_row(kiosk: Kiosk, campaign: str, row: Participant) -> None:
    """Tell who follows the campaign that this pupil joined or shared."""
    topic = campaign_topic(campaign)
    if kiosk.hub.wanted(topic):
        kiosk.hub.publish(topic, row.participation.id, sse("participation", _encoder.encode(view_of(row))))


def tell_fenced(kiosk: Kiosk, participation: str, epoch: int) -> None:
    """Tell the pupil's other pages that one of them took the sitting."""
    topic = participation_topic(participation)
    if kiosk.hub.wanted(topic):
        kiosk.hub.publish(topic, "fenced", sse("fenced", _encoder.encode(EpochNews(epoch))))


async def tell(kiosk: Kiosk, participation: str) -> None:
    """Tell who follows the campaign that this pupil joined or sent results."""
    row = await kiosk.db.read(lambda conn: store.participant(conn, participation))
    if row is not None and row.participation.campaign is not None and not row.participation.trial:
        tell_row(kiosk, row.participation.campaign, row)
