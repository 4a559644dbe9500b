"""A certification trail: the events of one sitting, in order, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.certification.events import Event
from exam.errors import BadTrail

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_TRAIL: msgspec.json.Decoder[list[Event]] = msgspec.json.Decoder(list[Event])
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
