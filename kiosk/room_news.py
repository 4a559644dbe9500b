"""What live pages of a session are told after each commit: the supervisors' screens, and the candidate's own pages.

News that nobody listens to is never made. What a stream says is JSON, as the API gives it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.live_news import sse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.keys import Kiosk
    from kiosk.passage_place import Place

_encoder = msgspec.json.Encoder()


def session_topic(session: str) -> str:
    """Return the topic of those in charge of a session."""
    return f"session:{session}"


def passage_topic(candidate: str) -> str:
    """Return the topic of a candidate's own pages."""
    return f"passage:{candidate}"


def tell_place(kiosk: Kiosk, where: Place, *, own: bool = True) -> None:
    """Tell the room where a passage stands now, and its own pages (`own`) that it changed."""
    topic = session_topic(where.room.session.id)
    if kiosk.hub.wanted(topic):
        kiosk.hub.publish(topic, where.candidate, sse("candidate", _encoder.encode(where.view)))
    if own:
        tell_page(kiosk, where.candidate, "changed", {"epoch": where.epoch, "room": where.state})


def tell_places(kiosk: Kiosk, places: Iterable[Place]) -> None:
    """Tell several."""
    for where in places:
        tell_place(kiosk, where)


def tell_page(kiosk: Kiosk, candidate: str, event: str, said: object) -> None:
    """Tell a candidate's own pages something."""
    topic = passage_topic(candidate)
    if kiosk.hub.wanted(topic):
        kiosk.hub.publish(topic, event, sse(event, _encoder.encode(said)))


def tell_room(kiosk: Kiosk, session: str, event: str, key: str, said: object) -> None:
    """Tell those in charge of a session something that is not about one passage."""
    topic = session_topic(session)
    if kiosk.hub.wanted(topic):
        kiosk.hub.publish(topic, f"{event}:{key}", sse(event, _encoder.encode(said)))
