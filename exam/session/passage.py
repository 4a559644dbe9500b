"""Where a candidate stands in the room, folded from the events of their chain, the certification's among them.

It never decides: `exam.session.decisions` does. What is not in the log (a machine that falls silent) is not here either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from exam.certification.events import Alerted, Ended, Graded, Ruled, Withdrawn
from exam.session.events import (
    AdmissionCancelled,
    Admitted,
    Called,
    CheckedIn,
    Closed,
    Credited,
    Evidence,
    Held,
    Left,
    Moved,
    Ready,
    ResumeAllowed,
    Resumed,
    Returned,
    Served,
    Started,
    Stopped,
    TurnedAway,
)
from exam.session.ledger import Ledger

if TYPE_CHECKING:
    from exam.session.events import Hold

State = Literal[
    "registered",
    "checked_in",
    "waiting",
    "admitted",
    "in_progress",
    "paused",
    "alert",
    "extension_missing",
    "left",
    "resume_allowed",
    "moved",
    "ended",
    "absent",
]
"""`absent`: registered, and the session is over. `left` and `moved` wait for a person; the others say themselves."""

STATES: tuple[State, ...] = get_args(State)
ACTIVE: frozenset[State] = frozenset(
    {"in_progress", "paused", "alert", "extension_missing", "left", "resume_allowed", "moved"}
)
"""Begun and not over."""

_STOPPED: tuple[tuple[Hold, State], ...] = (
    ("lockdown", "extension_missing"),
    ("alert", "alert"),
    ("pause", "paused"),
)


BY_CANDIDATE = "candidate"
"""Whose doing a stop or its end is when it is the candidate's own."""


class TakenBack(NamedTuple):
    """A report that the candidate took back themselves: of which question, after how many milliseconds of stopped clock."""

    number: int
    after_ms: int


class Passage:
    """One candidate; change it only with `apply`. `machine` is where they sit, `epoch` which page holds the sitting."""

    __slots__ = (
        "alert",
        "alert_at",
        "answered",
        "away",
        "called",
        "checked_in",
        "credits",
        "ended",
        "epoch",
        "evidence",
        "ledger",
        "let_in",
        "machine",
        "moving",
        "ready",
        "served",
        "served_at",
        "serves",
        "taken_back",
    )

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.checked_in = self.ready = self.let_in = False
        self.machine = ""
        self.epoch = 0
        self.away: Literal["", "left", "resume_allowed"] = ""
        self.moving = False
        self.alert = self.called = False
        self.alert_at = 0
        self.taken_back: list[TakenBack] = []
        self.ended = ""
        self.credits = 0
        self.evidence: dict[str, Evidence] = {}
        self.served = 0
        self.serves = 0  # questions served so far, replaced ones too: what tells two of the same number apart
        self.served_at: dict[int, int] = {}  # when each question, by number, was served first
        self.answered = 0

    @property
    def state(self) -> State:
        """Where the candidate stands; what stops them comes first."""
        if self.ledger.closed is not None:
            return "ended"
        if self.ledger.started is None:
            return self._before
        for why, state in _STOPPED:
            if why in self.ledger.stopped:
                return state
        return "moved" if self.moving else self.away or "in_progress"

    @property
    def _before(self) -> State:
        if not self.checked_in:
            return "registered"
        if self.let_in:
            return "admitted"
        return "waiting" if self.ready else "checked_in"

    @property
    def may_answer(self) -> bool:
        """Whether an answer is taken now."""
        return self.state == "in_progress"

    def spent_ms(self, number: int, t: int) -> int:
        """Return the candidate's own time on a question since it was first served: stops and losses are not theirs."""
        since = self.served_at.get(number)
        return 0 if since is None else self.ledger.used_ms(t) - self.ledger.used_ms(since)

    def apply(self, event: object) -> None:
        """Add what happened."""
        self.ledger.apply(event)
        match event:
            case Served(t, number):
                self.served, self.served_at[number] = number, t
                self.serves += 1
            case Held(_, epoch, machine):
                self.epoch, self.machine, self.moving = epoch, machine, False
            case Stopped(t, "alert"):
                self.alert, self.alert_at = True, t
            case Resumed(t, "alert", "candidate"):
                self.taken_back.append(TakenBack(self.served, t - self.alert_at))
            case Alerted():
                self.alert = True
            case Ruled() | Withdrawn():
                self.alert = False
            case Graded():
                self.answered += 1
            case Ended(reason=reason):
                self.ended, self.alert = reason, False
            case Credited(credit=credit):
                self.credits = max(self.credits, credit)
            case _:
                self._apply_seat(event)

    def _apply_seat(self, event: object) -> None:
        match event:
            case Moved(machine=machine):
                self.machine, self.moving, self.epoch = machine, True, self.epoch + 1
            case Left():
                self.away = "left"
            case ResumeAllowed():
                self.away = "resume_allowed"
            case Returned():
                self.away = ""
            case Called(wanted=wanted):
                self.called = wanted
            case Evidence(source=source):
                self.evidence[source] = event
            case Closed():
                self.away, self.moving, self.called = "", False, False
            case _:
                self._apply_door(event)

    def _apply_door(self, event: object) -> None:
        """Add what happens before the first question."""
        match event:
            case CheckedIn(machine=machine):
                self.checked_in, self.ready, self.let_in, self.machine = True, False, False, machine
            case TurnedAway():
                self.checked_in = self.ready = self.let_in = False
            case Ready():
                self.ready = True
            case Admitted():
                self.let_in = True
            case AdmissionCancelled():
                self.let_in = False
            case Started():
                self.let_in = False
            case _:
                pass
