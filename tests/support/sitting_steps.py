"""Leading a sitting on a toy bank in a test, act by act, keeping its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toy_bank import COURSE, toy_bank

from exam.campaign.engine import CampaignEngine
from exam.decisions import decide_answer, decide_open, decide_share
from exam.sitting import Sitting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.bank import Bank
    from exam.events import Event, Known


class Lead:
    """A sitting and its log; every act is decided, applied and kept."""

    def __init__(
        self, bank: Bank | None = None, participation: str = "p1", prior: Iterable[Known] = ()
    ) -> None:
        self.bank = bank or toy_bank()
        self.sitting = Sitting(CampaignEngine(self.bank, COURSE))
        self.log: list[Event] = []
        self.take(decide_open(self.sitting.engine, participation, "c1", prior, "fr"))

    def take(self, events: list[Event]) -> list[Event]:
        """Apply and keep decided events."""
        for event in events:
            self.sitting.apply(event)
        self.log += events
        return events

    def answer(self, answer: str | None = "yes", spent_ms: int = 1000, lang: str = "fr") -> list[Event]:
        """Answer the waiting question; "yes" is right and "no" wrong."""
        number = self.sitting.number
        return self.take(decide_answer(self.sitting, number, f"key-{number}", answer, spent_ms, lang))

    def finish(self, answers: str = "yn") -> Lead:
        """Answer whatever is asked, going round `answers`: y right, n wrong, p passed; then share."""
        said = {"y": "yes", "n": "no", "p": None}
        while not self.sitting.finished:
            self.answer(said[answers[(self.sitting.number - 1) % len(answers)]])
        self.take(decide_share(self.sitting))
        return self
