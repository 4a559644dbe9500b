"""Lead a candidate's whole chain again: the certification by its own replay, the room by the decisions of this package.

The two kinds of events are taken apart. The certification's must be as its rules decide; then the whole chain is walked once
more and each event of the room must be possible where it stands: no answer while something stops the candidate, every
question's time as the ledger gives it, the clock never backward, epochs one by one, no credit beyond what was lost. Nothing
in the log is trusted and nothing is raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.certification.events import Alerted, Answered, Ended, Opened, Ruled, Withdrawn
from exam.certification.replay import MAX_EVENTS, CertificationReplay
from exam.certification.replay import replay as replay_certification
from exam.errors import ExamError
from exam.session.attempt import OF_CERTIFICATION
from exam.session.events import CheckedIn, Closed, Served, Started
from exam.session.passage import Passage
from exam.session.replay_acts import fault_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.certification.engine import CertificationEngine
    from exam.certification.events import Event
    from exam.certification.paper import Paper
    from exam.certification.scale import Scale
    from exam.session.attempt import ChainEvent


class PassageReplay(NamedTuple):
    """The result: `step` is the question at the first difference, `event` its index in the whole chain.

    `certification` is what its own replay found; `used_ms` and `total_ms` are the candidate's time as the log gives it.
    """

    identical: bool
    certification: CertificationReplay
    step: int | None = None
    event: int | None = None
    code: str = ""
    expected: str = ""
    found: str = ""
    used_ms: int = 0
    total_ms: int = 0


def replay(
    engine: CertificationEngine, scale: Scale, paper: Paper, events: Sequence[ChainEvent]
) -> PassageReplay:
    """Return how the chain compares with the rules; never raises on what the chain says."""
    places = [place for place, event in enumerate(events) if isinstance(event, OF_CERTIFICATION)]
    certified = replay_certification(engine, scale, paper, [_certified(events[place]) for place in places])
    if not certified.identical:
        place = certified.event if certified.event is not None else 0
        return PassageReplay(
            identical=False,
            certification=certified,
            step=certified.step,
            event=places[place] if place < len(places) else len(events),
            code=certified.code,
            expected=certified.expected,
            found=certified.found,
        )
    return _walk(certified, events)


def replay_room(events: Sequence[ChainEvent]) -> PassageReplay:
    """Return how the room's events alone compare with the rules, for who has no bank: a candidate who never began."""
    return _walk(CertificationReplay(identical=True, questions=0), events)


def _certified(event: ChainEvent) -> Event:
    if not isinstance(event, OF_CERTIFICATION):
        raise TypeError(type(event).__name__)
    certified: Event = event
    return certified


def _walk(certified: CertificationReplay, events: Sequence[ChainEvent]) -> PassageReplay:
    passage = Passage()
    last = 0
    if len(events) > MAX_EVENTS or not events or not isinstance(events[0], CheckedIn):
        return _differs(certified, passage, 0, "wrong_opening", "checked_in", repr(events[:1]))
    for place, event in enumerate(events):
        t = getattr(event, "t", last)
        if not isinstance(t, int) or t < last:
            return _differs(certified, passage, place, "clock_went_back", str(last), str(t))
        fault = _fault(passage, events, place, t)
        if fault:
            return _differs(certified, passage, place, *fault)
        passage.apply(event)
        last = t
    ledger = passage.ledger
    return PassageReplay(
        identical=True,
        certification=certified,
        used_ms=ledger.used_ms(last),
        total_ms=ledger.total_ms,
    )


def _fault(passage: Passage, events: Sequence[ChainEvent], place: int, t: int) -> tuple[str, str, str] | None:
    """Return what is wrong with an event where it stands: code, expected, found."""
    event = events[place]
    try:
        match event:
            case Opened():
                before = events[place - 1] if place else None
                return None if isinstance(before, Started) else ("not_started", "started", repr(before))
            case Answered(number=number, spent_ms=spent):
                return _answered(passage, events, place, number, spent)
            case Alerted() | Ruled() | Withdrawn() | Ended():
                return _paired(events, place)
            case _:
                return fault_of(passage, event, t)
    except ExamError as refusal:
        return "refused", refusal.code, repr(event)


def _answered(
    passage: Passage, events: Sequence[ChainEvent], place: int, number: int, spent: int
) -> tuple[str, str, str] | None:
    """Return why an answer could not be taken then, or was not given the time it took."""
    if not passage.may_answer:
        return "refused", "in_progress", passage.state
    following = next(
        (event for event in events[place : place + 5] if isinstance(event, Served | Closed)), None
    )
    if following is None:
        return "missing_event", "question_served", ""
    taken = passage.spent_ms(number, following.t)
    return None if taken == spent else ("wrong_spent_ms", str(taken), str(spent))


def _paired(events: Sequence[ChainEvent], place: int) -> tuple[str, str, str] | None:
    """Return what the room must add to an event of the certification and did not."""
    wanted = {Alerted: "stopped", Ruled: "resumed", Withdrawn: "resumed", Ended: "closed"}[
        type(events[place])
    ]
    after = events[place + 1] if place + 1 < len(events) else None
    tag = type(after).__struct_config__.tag if after is not None else ""
    return None if tag == wanted else ("missing_event", wanted, repr(after))


def _differs(  # noqa: PLR0913, PLR0917 - a difference has these parts
    certified: CertificationReplay, passage: Passage, place: int, code: str, expected: str, found: str
) -> PassageReplay:
    return PassageReplay(
        identical=False,
        certification=certified,
        step=passage.served,
        event=place,
        code=code,
        expected=expected[:500],
        found=found[:500],
    )
