"""Who may do what, and when: one table of acts, read by decisions, by screens that offer buttons, and by the documentation.

An act that is not possible in a state is refused with the state; what an act needs to say (a reason) is in the table too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from exam.errors import ExamError
from exam.session.passage import ACTIVE

if TYPE_CHECKING:
    from exam.session.passage import Passage, State

Who = Literal["candidate", "supervisor", "server"]
"""The principal may do what a supervisor may. `server`: follows from what it sees, without anybody."""

CandidateAct = Literal[
    "check_in",
    "turn_away",
    "ready",
    "admit",
    "cancel_admission",
    "start",
    "hold",
    "answer",
    "report",
    "withdraw_report",
    "rule",
    "pause",
    "resume",
    "add_time",
    "credit",
    "veto",
    "reinstate",
    "leave",
    "allow_resume",
    "return",
    "move",
    "raise_lockdown",
    "clear_lockdown",
    "call",
    "end",
    "rule_leftover",
]


class Rule(NamedTuple):
    """When and by whom an act is possible; `reason` says that it must be given one."""

    states: frozenset[State]
    who: frozenset[Who]
    reason: bool = False


def _rule(states: tuple[State, ...] | frozenset[State], *who: Who, reason: bool = False) -> Rule:
    return Rule(frozenset(states), frozenset(who), reason)


_WORKING: frozenset[State] = frozenset({"in_progress", "paused", "alert", "extension_missing"})
_BEFORE: tuple[State, ...] = ("checked_in", "waiting", "admitted")

ACTS: dict[CandidateAct, Rule] = {
    "check_in": _rule(("registered", *_BEFORE), "candidate"),
    "turn_away": _rule(_BEFORE, "supervisor", reason=True),
    "ready": _rule(("checked_in", "waiting"), "candidate"),
    "admit": _rule(("waiting",), "supervisor"),
    "cancel_admission": _rule(("admitted",), "supervisor"),
    "start": _rule(("admitted",), "candidate"),
    "hold": _rule(ACTIVE, "candidate"),
    "answer": _rule(("in_progress",), "candidate"),
    "report": _rule(("in_progress", "alert"), "candidate"),
    "withdraw_report": _rule(("alert",), "candidate"),
    "rule": _rule(ACTIVE, "supervisor"),
    "pause": _rule(ACTIVE, "supervisor"),
    "resume": _rule(ACTIVE, "supervisor"),
    "add_time": _rule(ACTIVE, "supervisor", reason=True),
    "credit": _rule(ACTIVE, "server", "supervisor"),
    "veto": _rule(ACTIVE, "supervisor", reason=True),
    "reinstate": _rule(ACTIVE, "supervisor"),
    "leave": _rule(("in_progress", "left", "paused"), "candidate"),
    "allow_resume": _rule(("left",), "supervisor"),
    "return": _rule(("resume_allowed",), "candidate"),
    "move": _rule(ACTIVE, "supervisor", reason=True),
    "raise_lockdown": _rule(ACTIVE, "server"),
    "clear_lockdown": _rule(ACTIVE, "supervisor", reason=True),
    "call": _rule(ACTIVE | {"checked_in", "waiting", "admitted"}, "candidate", "supervisor"),
    "end": _rule(ACTIVE, "supervisor", "server", reason=True),
    "rule_leftover": _rule(ACTIVE | {"ended"}, "supervisor"),
}


class NotNow(ExamError):
    """The act is not possible where the candidate stands; `detail` is the state."""

    code = "session.not_now"


class NeedsReason(ExamError):
    """The act must say why."""

    code = "session.needs_reason"


def check_act(passage: Passage, act: CandidateAct, reason: str = "") -> None:
    """Raise `NotNow` unless the act is possible in this state, `NeedsReason` when it must say why and does not."""
    rule = ACTS[act]
    if passage.state not in rule.states:
        raise NotNow(detail=passage.state)
    if rule.reason and not reason.strip():
        raise NeedsReason(detail=act)


def offered(passage: Passage, who: Who) -> list[CandidateAct]:
    """Return the acts that make sense for this candidate now, in the order of the table."""
    found = [act for act, rule in ACTS.items() if who in rule.who and passage.state in rule.states]
    stopped = passage.ledger.stopped
    moot = {
        "pause": "pause" in stopped,
        "resume": "pause" not in stopped,
        "rule": "alert" not in stopped,
        "clear_lockdown": "lockdown" not in stopped,
        "veto": not any(loss.counts for loss in passage.ledger.losses.values()),
        "reinstate": all(loss.counts for loss in passage.ledger.losses.values()),
    }
    return [act for act in found if not moot.get(act, False)]
