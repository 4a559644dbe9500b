"""Which events follow from an act on a passage: nothing is changed here, and what cannot be is refused by an `ExamError`.

Acts on questions go through `exam.certification.decisions`, and what the room adds (times, stops) is put around what they
decide, so that replay can take both apart. `t` is the session's clock, `by` the key of who acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.certification import decisions as rules
from exam.certification.events import Abandoned, Asked, Ended
from exam.certification.rules import LENGTH
from exam.errors import AlreadyFinished, BadReport, NotFinished
from exam.session.acts import check_act
from exam.session.events import (
    AdmissionCancelled,
    Admitted,
    Called,
    CheckedIn,
    Closed,
    Held,
    Left,
    Moved,
    Ready,
    ResumeAllowed,
    Returned,
    Served,
    Started,
    TurnedAway,
)
from exam.session.passage import BY_CANDIDATE
from exam.session.time_decisions import decide_resume, decide_stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.certification.events import EndReason, Event, Ruling
    from exam.certification.paper import Paper
    from exam.certification.results import Abandonment
    from exam.events import Answer
    from exam.session.attempt import Attempt, ChainEvent
    from exam.session.passage import Passage

LONGEST_REASON = 300


def decide_check_in(passage: Passage, candidate: str, session: str, machine: str, t: int) -> list[ChainEvent]:
    """Return the candidate's arrival; from another machine before admission, the latest arrival counts."""
    check_act(passage, "check_in")
    return [CheckedIn(t, candidate, session, machine)]


def decide_turn_away(passage: Passage, by: str, reason: str, t: int) -> list[ChainEvent]:
    """Return that this is not the candidate, or not yet."""
    check_act(passage, "turn_away", reason)
    return [TurnedAway(t, by, reason[:LONGEST_REASON])]


def decide_ready(passage: Passage, t: int) -> list[ChainEvent]:
    """Return that the candidate waits at the door; nothing when they do already."""
    check_act(passage, "ready")
    return [] if passage.state == "waiting" else [Ready(t)]


def decide_admit(passage: Passage, by: str, t: int) -> list[ChainEvent]:
    """Return the admission."""
    check_act(passage, "admit")
    return [Admitted(t, by)]


def decide_cancel_admission(passage: Passage, by: str, t: int) -> list[ChainEvent]:
    """Return that the admission is taken back."""
    check_act(passage, "cancel_admission")
    return [AdmissionCancelled(t, by)]


def decide_start(  # noqa: PLR0913 - a start has these parts
    attempt: Attempt,
    participation: str,
    session: str,
    t: int,
    *,
    allowance_ms: int,
    extra_percent: int,
    adjusted: bool,
    lang: str,
) -> list[ChainEvent]:
    """Return the start of the clock, the opening of the certification and its first question."""
    check_act(attempt.passage, "start")
    sitting = attempt.sitting
    opening = rules.decide_open(
        sitting.engine, sitting.scale, participation, session, lang, adjusted=adjusted
    )
    return [Started(t, allowance_ms, extra_percent), *_timed(opening, t)]


def decide_hold(passage: Passage, machine: str, page: str, t: int) -> list[ChainEvent]:
    """Return that a page takes the sitting."""
    check_act(passage, "hold")
    return [Held(t, passage.epoch + 1, machine, page)]


def decide_answer(  # noqa: PLR0913, PLR0917 - an answer has these parts, and callers give them in the API's order
    attempt: Attempt,
    paper: Paper,
    number: int,
    key: str,
    answer: Answer | None,
    t: int,
    lang: str,
    *,
    left: bool = False,
) -> list[ChainEvent]:
    """Return the answer, its grade, and the next question served or the end; raises as `exam.certification.decisions`."""
    check_act(attempt.passage, "answer")
    spent = attempt.passage.spent_ms(number, t)
    return _timed(rules.decide_answer(attempt.sitting, paper, number, key, answer, spent, lang, left=left), t)


def decide_left_window(attempt: Attempt, number: int) -> list[ChainEvent]:
    """Return that the question's window was left; nothing when it is known."""
    check_act(attempt.passage, "answer")
    return [*rules.decide_left(attempt.sitting, number)]


def decide_report(attempt: Attempt, number: int, t: int) -> list[ChainEvent]:
    """Return the candidate's report: the question is frozen and the clock stands still until it is ruled."""
    check_act(attempt.passage, "report")
    found = rules.decide_alert(attempt.sitting, number)
    return [*found, *decide_stop(attempt.passage, "alert", BY_CANDIDATE, "", t)] if found else []


def decide_withdraw_report(attempt: Attempt, number: int, t: int) -> list[ChainEvent]:
    """Return that the candidate takes their report back: the same question and the clock go on."""
    check_act(attempt.passage, "withdraw_report")
    found = rules.decide_withdraw(attempt.sitting, number)
    return [*found, *decide_resume(attempt.passage, "alert", BY_CANDIDATE, "", t)]


def decide_rule(  # noqa: PLR0913, PLR0917 - a ruling has these parts
    attempt: Attempt, number: int, ruling: Ruling, reason: str, by: str, t: int, lang: str
) -> list[ChainEvent]:
    """Return the ruling, the replacement when there is one, and the clock running again."""
    check_act(attempt.passage, "rule")
    found = rules.decide_rule(attempt.sitting, number, ruling, reason, lang)
    going = decide_resume(attempt.passage, "alert", by, reason, t)
    return [found[0], *going, *_timed(found[1:], t)]


def decide_leave(passage: Passage, t: int) -> list[ChainEvent]:
    """Return that the candidate locked the page and left the seat; nothing when it is locked already."""
    check_act(passage, "leave")
    return [] if passage.away == "left" else [Left(t)]


def decide_allow_resume(passage: Passage, by: str, t: int) -> list[ChainEvent]:
    """Return the permission to come back, good for one return."""
    check_act(passage, "allow_resume")
    return [ResumeAllowed(t, by)]


def decide_return(passage: Passage, t: int) -> list[ChainEvent]:
    """Return that the candidate is back."""
    check_act(passage, "return")
    return [Returned(t)]


def decide_back(passage: Passage, by: str, t: int) -> list[ChainEvent]:
    """Return what brings back who had left the seat, for an act that seats them again; nothing for anyone else."""
    if passage.state == "left":
        return [ResumeAllowed(t, by), Returned(t)]
    return [Returned(t)] if passage.state == "resume_allowed" else []


def decide_move(passage: Passage, machine: str, by: str, reason: str, t: int) -> list[ChainEvent]:
    """Return the change of machine: every page of the old one is fenced from now on."""
    check_act(passage, "move", reason)
    return [Moved(t, by, machine, reason[:LONGEST_REASON])]


def decide_call(passage: Passage, *, wanted: bool, t: int) -> list[ChainEvent]:
    """Return that a supervisor is wanted, or no longer; nothing when it is so already."""
    check_act(passage, "call")
    return [] if passage.called is wanted else [Called(t, wanted)]


def decide_end(attempt: Attempt, why: EndReason, by: str, reason: str, t: int) -> list[ChainEvent]:
    """Return the end that someone, or the clock, decided."""
    check_act(attempt.passage, "end", reason)
    found = rules.decide_end(attempt.sitting, why)
    return [*found, Closed(t, by, reason[:LONGEST_REASON])]


def decide_abandon(passage: Passage, reason: Abandonment) -> list[ChainEvent]:
    """Return why an unfinished passage is unfinished, without the bank; raises `NotFinished`, `AlreadyFinished`, `BadReport`.

    As `exam.certification.decisions.decide_abandon`, for who finalises a session whose day key is gone.
    """
    if passage.ledger.closed is None:
        raise NotFinished
    if passage.answered >= LENGTH or passage.ended == "exhausted":
        raise AlreadyFinished
    if reason not in {"technical", "candidate"}:
        raise BadReport
    return [Abandoned(reason)]


def _timed(events: Sequence[Event], t: int) -> list[ChainEvent]:
    """Return what the certification decided, with the instant at which its question is served or its end comes."""
    timed: list[ChainEvent] = []
    for event in events:
        timed.append(event)
        if isinstance(event, Asked):
            timed.append(Served(t, event.number))
        elif isinstance(event, Ended):
            timed.append(Closed(t, "server", event.reason))
    return timed
