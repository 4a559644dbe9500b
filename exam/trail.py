"""A trail: the events of one sitting, in order, as JSON.

The signed bytes of each event are made elsewhere; this is how events are read back from them, and how a whole trail is
kept in a file. Unknown fields are ignored, so that a later version may add some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.errors import BadTrail
from exam.events import Event

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_TRAIL = msgspec.json.Decoder(list[Event])
_ENCODER = msgspec.json.Encoder(order="sorted")


def read_event(data: bytes | msgspec.Raw) -> Event:
    """Return one event from its JSON; raises `BadTrail`."""
    try:
        return _EVENT.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadTrail(detail=str(error)) from error


def read_trail(data: bytes) -> list[Event]:
    """Return the events of a JSON list; raises `BadTrail`."""
    try:
        return _TRAIL.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadTrail(detail=str(error)) from error


def write_trail(events: Sequence[Event]) -> bytes:
    """Return the events as a JSON list, one event a line."""
    lines = b",\n".join(_ENCODER.encode(event) for event in events)
    return b"[\n" + lines + b"\n]\n"
