"""One candidate whole: the certification sitting and the passage through the room, folded from one chain.

The chain holds the events of both; a reader takes either kind by its tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import msgspec

from exam.certification.events import Event as CertificationEvent
from exam.certification.sitting import CertificationSitting
from exam.errors import BadTrail
from exam.session.events import SessionEvent
from exam.session.passage import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.certification.engine import CertificationEngine
    from exam.certification.scale import Scale

ChainEvent = CertificationEvent | SessionEvent
"""What may stand in a candidate's chain."""

OF_CERTIFICATION = get_args(CertificationEvent)

_EVENT: msgspec.json.Decoder[ChainEvent] = msgspec.json.Decoder(ChainEvent)


class Attempt:
    """The state of one candidate; change it only with `apply`."""

    __slots__ = ("passage", "sitting")

    def __init__(self, engine: CertificationEngine, scale: Scale) -> None:
        self.sitting = CertificationSitting(engine, scale)
        self.passage = Passage()

    def apply(self, event: ChainEvent) -> None:
        """Add what happened; raises `exam.errors.WrongBank` when the opening is of another bank."""
        if isinstance(event, OF_CERTIFICATION):
            self.sitting.apply(event)
        self.passage.apply(event)

    @property
    def number(self) -> int:
        """The question asked last."""
        return self.sitting.number


def fold(engine: CertificationEngine, scale: Scale, events: Iterable[ChainEvent]) -> Attempt:
    """Return what these events, our own and already decided, add up to; raises `WrongBank`."""
    attempt = Attempt(engine, scale)
    for event in events:
        attempt.apply(event)
    return attempt


def fold_passage(events: Iterable[ChainEvent]) -> Passage:
    """Return the passage alone, for who has no key to the bank: lists, finalisation."""
    passage = Passage()
    for event in events:
        passage.apply(event)
    return passage


def read_event(data: bytes | msgspec.Raw) -> ChainEvent:
    """Return one event of a candidate's chain from its JSON; raises `BadTrail`."""
    try:
        return _EVENT.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadTrail(detail=str(error)) from error
