"""What happens around a certification sitting in its room: the session's own words in a candidate's chain.

They stand among the events of `exam.certification.events`, whose tags they never share. `t` is the session's clock: whole
milliseconds since the session opened, which only goes forward and does not run while the machine is off. `by` is the key of
who acted (a supervisor's, the principal's), never a name. `exam.session.ledger` folds time from them, `passage` the state.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Hold = Literal["pause", "alert", "lockdown"]
"""What can stop a candidate: each stops the clock, which runs again when none is left."""

HOLDS: tuple[Hold, ...] = ("pause", "alert", "lockdown")

Cause = Literal["server", "network", "page", "room"]
"""Why time was lost: this server was down, the machine could not reach it, its page was gone, someone in the room said so."""

Grade = Literal["extension", "seb", "page", "none"]
"""What vouches for the lock-down of a machine, from the strongest down."""


class CheckedIn(msgspec.Struct, frozen=True, tag="checked_in"):
    """The candidate gave an identity that is on the list, at `machine`. First event of the chain."""

    t: int
    candidate: str
    session: str
    machine: str


class TurnedAway(msgspec.Struct, frozen=True, tag="turned_away"):
    """The supervisor looked, and this was not the candidate, or not ready: they may check in again."""

    t: int
    by: str
    reason: str


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The access code was right and the instructions were read: the candidate waits to be admitted."""

    t: int


class Admitted(msgspec.Struct, frozen=True, tag="admitted"):
    """The supervisor lets the candidate begin."""

    t: int
    by: str


class AdmissionCancelled(msgspec.Struct, frozen=True, tag="admission_cancelled"):
    """The supervisor takes back an admission that was not used yet."""

    t: int
    by: str


class Started(msgspec.Struct, frozen=True, tag="started"):
    """The candidate began: the clock runs. `allowance_ms` is for everyone, `extra_percent` is added to it."""

    t: int
    allowance_ms: int
    extra_percent: int


class Held(msgspec.Struct, frozen=True, tag="seat_held"):
    """A page took the sitting at `machine`: pages of an older epoch are fenced. `page` is a short id, never a secret."""

    t: int
    epoch: int
    machine: str
    page: str


class Served(msgspec.Struct, frozen=True, tag="question_served"):
    """Question `number` went to the page for the first time; its time, if it has any, starts here."""

    t: int
    number: int


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """The candidate may not answer and their clock stands still, for `why`."""

    t: int
    why: Hold
    by: str
    reason: str


class Resumed(msgspec.Struct, frozen=True, tag="resumed"):
    """This `why` is over."""

    t: int
    why: Hold
    by: str
    reason: str


class Credited(msgspec.Struct, frozen=True, tag="credited"):
    """The time from `start` to `end` on the session's clock was lost: it does not count, however often it is credited."""

    t: int
    credit: int
    cause: Cause
    start: int
    end: int


class Vetoed(msgspec.Struct, frozen=True, tag="credit_vetoed"):
    """A supervisor found that the candidate caused this loss: it counts."""

    t: int
    credit: int
    by: str
    reason: str


class Reinstated(msgspec.Struct, frozen=True, tag="credit_reinstated"):
    """The veto is taken back."""

    t: int
    credit: int
    by: str


class TimeAdded(msgspec.Struct, frozen=True, tag="time_added"):
    """A supervisor added `ms`, for a reason."""

    t: int
    ms: int
    by: str
    reason: str


class Left(msgspec.Struct, frozen=True, tag="seat_left"):
    """The candidate locked the page to leave the seat; time goes on. Not to be confused with a question's window."""

    t: int


class ResumeAllowed(msgspec.Struct, frozen=True, tag="resume_allowed"):
    """The supervisor lets the candidate come back, once."""

    t: int
    by: str


class Returned(msgspec.Struct, frozen=True, tag="seat_taken_back"):
    """The candidate is back, and the permission is used."""

    t: int


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    """The sitting goes on at another machine; the old one is fenced."""

    t: int
    by: str
    machine: str
    reason: str


class Leftover(msgspec.Struct, frozen=True, tag="leftover"):
    """A fenced machine came back with an answer it had kept: offered to the supervisor, never merged silently."""

    t: int
    number: int
    machine: str


class LeftoverRuled(msgspec.Struct, frozen=True, tag="leftover_ruled"):
    """The supervisor took that answer (it then follows as an answer) or put it aside."""

    t: int
    number: int
    taken: bool
    by: str


class Called(msgspec.Struct, frozen=True, tag="supervisor_called"):
    """The candidate asks a supervisor to come, or no longer."""

    t: int
    wanted: bool


class Evidence(msgspec.Struct, frozen=True, tag="lockdown_evidence"):
    """What vouched for the lock-down changed: `source` and grade, whether it holds, and one short code."""

    t: int
    source: Grade
    holds: bool
    code: str


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """The passage is over (the certification's `ended` just before says why); the clock stands still for good."""

    t: int
    by: str
    reason: str


SessionEvent = (
    CheckedIn
    | TurnedAway
    | Ready
    | Admitted
    | AdmissionCancelled
    | Started
    | Held
    | Served
    | Stopped
    | Resumed
    | Credited
    | Vetoed
    | Reinstated
    | TimeAdded
    | Left
    | ResumeAllowed
    | Returned
    | Moved
    | Leftover
    | LeftoverRuled
    | Called
    | Evidence
    | Closed
)
