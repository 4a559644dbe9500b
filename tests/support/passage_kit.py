"""A candidate's passage led by hand on invented items, with its whole chain: for the rules of certification day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification_kit import small_engine

from exam.certification.paper import RIGHT
from exam.certification.rehearsal import PAPER
from exam.certification.scale import SCALE
from exam.session import decisions as d
from exam.session import time_decisions as times
from exam.session.attempt import Attempt, fold
from exam.session.ledger import ALLOWANCE_MS
from exam.session.replay import PassageReplay, replay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.events import Answer
    from exam.session.attempt import ChainEvent
    from exam.session.passage import Passage

BY = "k-supervisor"


class Walk:
    """One candidate's day: `t` is the session's clock, moved by `after`."""

    def __init__(self, *, extra_percent: int = 0) -> None:
        self.attempt = Attempt(small_engine(), SCALE)
        self.chain: list[ChainEvent] = []
        self.extra_percent = extra_percent
        self.t = 60_000

    @property
    def passage(self) -> Passage:
        """Where the candidate stands."""
        return self.attempt.passage

    def after(self, seconds: int) -> Walk:
        """Let time pass."""
        self.t += seconds * 1000
        return self

    def take(self, events: Sequence[ChainEvent]) -> Walk:
        """Apply events and write them down."""
        for event in events:
            self.attempt.apply(event)
            self.chain.append(event)
        return self

    def at_the_door(self) -> Walk:
        """Check in and wait."""
        self.take(d.decide_check_in(self.passage, "p", "s", "m-7", self.t))
        return self.take(d.decide_ready(self.passage, self.t))

    def begun(self) -> Walk:
        """Check in, be admitted, begin, and take the sitting."""
        self.at_the_door().take(d.decide_admit(self.passage, BY, self.t))
        self.take(
            d.decide_start(
                self.attempt,
                "p",
                "s",
                self.t,
                allowance_ms=ALLOWANCE_MS,
                extra_percent=self.extra_percent,
                adjusted=False,
                lang="fr",
            )
        )
        return self.take(d.decide_hold(self.passage, "m-7", "page", self.t))

    def answer(self, answer: Answer | None = RIGHT, seconds: int = 60) -> Walk:
        """Answer the waiting question after some time on it."""
        self.after(seconds)
        number = self.attempt.number
        return self.take(
            d.decide_answer(self.attempt, PAPER, number, f"k{len(self.chain)}", answer, self.t, "fr")
        )

    def report(self) -> Walk:
        """Report the waiting question."""
        return self.take(d.decide_report(self.attempt, self.attempt.number, self.t))

    def take_back(self) -> Walk:
        """Take the report back."""
        return self.take(d.decide_withdraw_report(self.attempt, self.attempt.number, self.t))

    def rule(self, ruling: str) -> Walk:
        """Rule on the report: validated or dismissed."""
        reason = "E1" if ruling == "validated" else ""
        number = self.attempt.number
        return self.take(
            d.decide_rule(
                self.attempt,
                number,
                "validated" if ruling == "validated" else "dismissed",
                reason,
                BY,
                self.t,
                "fr",
            )
        )

    def pause(self) -> Walk:
        """Pause the candidate."""
        return self.take(times.decide_stop(self.passage, "pause", BY, "bruit", self.t))

    def resume(self) -> Walk:
        """Resume the candidate."""
        return self.take(times.decide_resume(self.passage, "pause", BY, "", self.t))

    def lose(self, start: int, end: int, cause: str = "server") -> Walk:
        """Credit a loss seen between two instants."""
        return self.take(
            times.decide_credit(
                self.passage, "network" if cause == "network" else "server", start, end, self.t
            )
        )

    @property
    def remaining_s(self) -> int:
        """Seconds left now."""
        return self.passage.ledger.remaining_ms(self.t) // 1000

    def again(self) -> Attempt:
        """Return what a restarted server folds from the chain."""
        return fold(small_engine(), SCALE, self.chain)

    def replayed(self) -> PassageReplay:
        """Return what central finds."""
        return replay(small_engine(), SCALE, PAPER, self.chain)
