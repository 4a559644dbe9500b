"""One certification of one candidate, folded from its events: what was asked, what it says, what waits.

It never decides and never checks: an event is applied because it happened. Two sittings made from the same events are equal
in everything they will do next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.certification.events import (
    Abandoned,
    Alerted,
    Answered,
    Asked,
    Ended,
    Graded,
    Judged,
    Left,
    Opened,
    Ruled,
    Scored,
    Withdrawn,
)
from exam.certification.rules import ENGINE
from exam.errors import NotOpened, WrongBank
from exam.seed import sitting_seed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.certification.engine import CertificationEngine, Progress
    from exam.certification.events import Event, Outcome
    from exam.certification.results import Abandonment, Jury
    from exam.certification.scale import Scale

UNOPENED = bytes(32)


class CertificationSitting:
    """The state of a sitting; change it only with `apply`.

    `number` is that of the question asked last, `current` that question while it waits for an answer, `alert` whether the
    candidate reported it and nobody has ruled yet. `keys` and `outcomes` are by question number.
    """

    __slots__ = (
        "_ahead",
        "abandonment",
        "alert",
        "alerts",
        "at",
        "current",
        "ended",
        "engine",
        "jury",
        "keys",
        "left",
        "number",
        "outcomes",
        "participation",
        "scale",
        "scored",
        "seed",
        "session",
    )

    def __init__(self, engine: CertificationEngine, scale: Scale) -> None:
        self.engine = engine
        self.scale = scale
        self.participation = ""
        self.session = ""
        self.seed = UNOPENED
        self.at: Progress = engine.unopened  # nothing may be asked or learnt before the opening
        self._ahead: tuple[bool, Progress] | None = None
        self.number = 0
        self.current: Asked | None = None
        self.alert = False
        self.alerts = 0
        self.left = False
        self.keys: dict[int, str] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.ended: Ended | None = None
        self.abandonment: Abandonment | None = None
        self.jury: Jury | None = None
        self.scored: Scored | None = None

    @property
    def answered(self) -> int:
        """Return how many questions were answered or passed."""
        return len(self.outcomes)

    def is_resend(self, number: int, key: str) -> bool:
        """Return whether this answer was already taken: same question, same idempotency key."""
        return self.keys.get(number) == key

    def apply(self, event: Event) -> None:
        """Add what happened; raises `WrongBank` when the opening is of other tables or another engine."""
        match event:
            case Answered(number=number, key=key):
                self.keys[number] = key
            case Graded():
                self._grade(event)
            case Asked():
                self.number, self.current, self.left = event.number, event, False
            case Left():
                self.left = True
            case Opened():
                self._open(event)
            case _:
                self._apply_aside(event)

    def ahead(self, *, right: bool) -> Progress:
        """Return where the waiting question's answer leads; worked out once for who decides and who applies."""
        if self._ahead is None or self._ahead[0] is not right:
            at = self.at.copy()
            if self.current is not None:
                self.engine.answer(at, self.engine.tables.index[self.current.item], right=right)
            self._ahead = (right, at)
        return self._ahead[1]

    def _apply_aside(self, event: Event) -> None:
        """Add what neither opens, asks nor answers."""
        match event:
            case Alerted():
                self.alert, self.alerts = True, self.alerts + 1
            case Ruled():
                self._rule(event)
            case Withdrawn():
                self.alert = False
            case Ended():
                self.ended, self.current, self.alert = event, None, False
            case Abandoned(reason=reason):
                self.abandonment = reason
            case Judged(decision=decision):
                self.jury = decision
            case Scored():
                self.scored = event
            case _:
                pass  # every other event is applied above

    def _open(self, event: Opened) -> None:
        if opening_fault(self.engine, self.scale, event):
            raise WrongBank(detail=event.tables)
        self.participation, self.session = event.participation, event.session
        self.seed = seed_of(self.engine, event.participation)
        self.at, self._ahead = self.engine.start(self.seed, adjusted=event.adjusted), None

    def _grade(self, event: Graded) -> None:
        self.at = self.ahead(right=event.outcome == "ok")
        self.outcomes[event.number] = event.outcome
        self.current = self._ahead = None

    def _rule(self, event: Ruled) -> None:
        self.alert = False
        if event.ruling == "validated" and self.current is not None:
            self.engine.withdraw(self.at, self.engine.tables.index[self.current.item])
            self.current = self._ahead = None


def seed_of(engine: CertificationEngine, participation: str) -> bytes:
    """Return the seed of a participation: keyed by the digest of the thresholds, which names the tables too."""
    return sitting_seed(participation, engine.eligibility.digest)


def opening_fault(engine: CertificationEngine, scale: Scale, event: Opened) -> str:
    """Return which field of an opening is of another engine, bank or scale; an empty text when none is."""
    expected = {
        "engine": ENGINE,
        "tables": engine.tables.digest,
        "thresholds": engine.eligibility.digest,
        "scale": scale.version,
        "mode": engine.mode,
    }
    return next((name for name, value in expected.items() if getattr(event, name) != value), "")


def fold(engine: CertificationEngine, scale: Scale, events: Iterable[Event]) -> CertificationSitting:
    """Return the sitting that these events, our own and already decided, add up to; raises `NotOpened`, `WrongBank`."""
    sitting = CertificationSitting(engine, scale)
    for event in events:
        sitting.apply(event)
    if not sitting.participation:
        raise NotOpened
    return sitting
