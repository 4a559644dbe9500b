"""Invented candidates who sit a whole certification, with everything that can happen in one, for tests and benches.

They answer by the model at an ability of their own, pass now and then, leave the window, report questions that a
supervisor validates or dismisses, and sometimes stop early. All is drawn from the candidate's seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from exam.certification.decisions import (
    decide_abandon,
    decide_alert,
    decide_answer,
    decide_end,
    decide_left,
    decide_open,
    decide_rule,
    decide_score,
)
from exam.certification.paper import RIGHT, WRONG, RehearsalPaper
from exam.certification.parameters import MICRO
from exam.certification.rules import LENGTH
from exam.certification.sitting import CertificationSitting
from exam.seed import Draw

if TYPE_CHECKING:
    from exam.certification.engine import CertificationEngine
    from exam.certification.events import Asked, Event
    from exam.certification.results import Abandonment
    from exam.certification.scale import Scale

PAPER = RehearsalPaper()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invented candidate: `ability` in thousandths of a logit; chances in a hundred; `stops` after so many answers."""

    seed: bytes
    ability: int
    passes: int = 4
    alerts: int = 3
    leaves: int = 2
    stops: int = LENGTH
    adjusted: bool = False

    @classmethod
    def drawn(cls, seed: bytes) -> Candidate:
        """Return a candidate of any ability; one in eight stops early."""
        draw = Draw(seed, "candidate")
        ability = sum(draw.below(1001) for _ in range(12)) - 6000
        stops = draw.below(LENGTH) if draw.below(8) == 0 else LENGTH
        return cls(seed, ability, stops=stops)


def rehearse(
    engine: CertificationEngine, scale: Scale, participation: str, candidate: Candidate
) -> list[Event]:
    """Return the whole log of one sitting, from its opening to its score."""
    sitting = CertificationSitting(engine, scale)
    log = decide_open(engine, scale, participation, "rehearsal", "fr", adjusted=candidate.adjusted)
    for event in log:
        sitting.apply(event)
    draw = Draw(candidate.seed, "sitting")
    while (asked := sitting.current) is not None:
        if sitting.answered >= candidate.stops:
            take(sitting, log, decide_end(sitting, "supervisor"))
        elif draw.below(100) < candidate.alerts:
            _report(sitting, log, draw)
        else:
            _answer(sitting, log, asked, candidate, draw)
    if sitting.answered < LENGTH and sitting.ended is not None and sitting.ended.reason != "exhausted":
        reason: Abandonment = "technical" if draw.below(2) else "candidate"
        take(sitting, log, decide_abandon(sitting, reason))
    take(sitting, log, decide_score(sitting))
    return log


def take(sitting: CertificationSitting, log: list[Event], events: list[Event]) -> None:
    """Apply events and write them down."""
    for event in events:
        sitting.apply(event)
    log += events


def _report(sitting: CertificationSitting, log: list[Event], draw: Draw) -> None:
    number = sitting.number
    take(sitting, log, decide_alert(sitting, number))
    if draw.below(2):
        take(sitting, log, decide_rule(sitting, number, "validated", f"E{1 + draw.below(12)}", "fr"))
    else:
        take(sitting, log, decide_rule(sitting, number, "dismissed", "", "fr"))


def _answer(
    sitting: CertificationSitting, log: list[Event], asked: Asked, candidate: Candidate, draw: Draw
) -> None:
    if draw.below(100) < candidate.leaves:
        take(sitting, log, decide_left(sitting, asked.number))
    item = sitting.engine.tables.items[sitting.engine.tables.index[asked.item]]
    chance = 1 / (1 + exp(-item.a / MICRO * (candidate.ability * 1000 - item.b) / MICRO))
    answer = RIGHT if draw.below(1 << 30) < chance * (1 << 30) else WRONG
    given = None if draw.below(100) < candidate.passes else answer
    spent = 1000 * (1 + draw.below(180))
    key = f"key-{asked.number}"
    take(sitting, log, decide_answer(sitting, PAPER, asked.number, key, given, spent, "fr"))
