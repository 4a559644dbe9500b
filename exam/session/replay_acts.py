"""Whether one event of the room is possible where it stands: what its own decision would have allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.session.acts import ACTS
from exam.session.events import (
    AdmissionCancelled,
    Admitted,
    Called,
    CheckedIn,
    Closed,
    Credited,
    Held,
    Left,
    LeftoverRuled,
    Moved,
    Ready,
    Reinstated,
    ResumeAllowed,
    Resumed,
    Returned,
    Served,
    Started,
    Stopped,
    TimeAdded,
    TurnedAway,
    Vetoed,
)
from exam.session.ledger import LARGEST_ADDED_MS

if TYPE_CHECKING:
    from exam.session.acts import CandidateAct
    from exam.session.attempt import ChainEvent
    from exam.session.passage import Passage

Fault = tuple[str, str, str]

_ACT_OF: dict[type, CandidateAct] = {
    CheckedIn: "check_in",
    TurnedAway: "turn_away",
    Ready: "ready",
    Admitted: "admit",
    AdmissionCancelled: "cancel_admission",
    Started: "start",
    Held: "hold",
    Left: "leave",
    ResumeAllowed: "allow_resume",
    Returned: "return",
    Moved: "move",
    Called: "call",
    TimeAdded: "add_time",
    Credited: "credit",
    Vetoed: "veto",
    Reinstated: "reinstate",
    LeftoverRuled: "rule_leftover",
}
_ALLOWANCE_MAX_MS = 24 * 3_600_000


def fault_of(passage: Passage, event: ChainEvent, t: int) -> Fault | None:
    """Return code, expected and found when this event could not follow; None when it could."""
    act = _ACT_OF.get(type(event))
    if act is not None and passage.state not in ACTS[act].states:
        return "refused", act, passage.state
    return _fault_of_clock(passage, event) or _fault_of_credit(passage, event, t)


def _fault_of_clock(passage: Passage, event: ChainEvent) -> Fault | None:
    match event:
        case Started(_, allowance_ms, extra_percent):
            sound = 0 < allowance_ms <= _ALLOWANCE_MAX_MS and 0 <= extra_percent <= 99
            return None if sound else ("wrong_allowance", "", f"{allowance_ms} {extra_percent}")
        case Held(_, epoch):
            return None if epoch == passage.epoch + 1 else ("wrong_epoch", str(passage.epoch + 1), str(epoch))
        case Stopped(why=why):
            return ("already_stopped", "", why) if why in passage.ledger.stopped else None
        case Resumed(why=why):
            return None if why in passage.ledger.stopped else ("not_stopped", "", why)
        case TimeAdded(ms=ms):
            return None if 0 < ms <= LARGEST_ADDED_MS else ("wrong_time", "", str(ms))
        case _:
            return None


def _fault_of_credit(passage: Passage, event: ChainEvent, t: int) -> Fault | None:
    match event:
        case Credited(_, credit, _, start, end):
            if credit != passage.credits + 1:
                return "wrong_credit", str(passage.credits + 1), str(credit)
            return None if 0 <= start < end <= t else ("wrong_loss", f"0 to {t}", f"{start} to {end}")
        case Vetoed(credit=credit) | Reinstated(credit=credit):
            loss = passage.ledger.losses.get(credit)
            sound = loss is not None and loss.counts is isinstance(event, Vetoed)
            return None if sound else ("unknown_credit", "", str(credit))
        case Served(_, number):
            return (
                None if number in {passage.served, passage.served + 1} else ("wrong_number", "", str(number))
            )
        case Closed():
            return None if passage.ended else ("not_ended", "ended", "")
        case _:
            return None
