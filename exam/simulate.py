"""Invented pupils who go through a course, for tests, benches and tries of a bank before a class sees it.

A pupil has a level in halves, solves a question with the engine's own probability, sometimes passes and sometimes runs out
of time. Everything is drawn from the pupil's seed: the same pupil leads the same sitting again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.campaign.probability import LEVEL_COUNT, ONE, probability
from exam.decisions import decide_answer, decide_open, decide_share
from exam.grading import solve, wrong
from exam.seed import Draw
from exam.sitting import Sitting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.campaign.engine import CampaignEngine
    from exam.events import Answer, Asked, Event, Known


CAMPAIGN = "simulated"
"""Campaign named in the log of an invented sitting."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """An invented pupil: `halves` is the level, `passes` the chance in a hundred of giving up a question."""

    seed: bytes
    halves: int
    passes: int = 5

    @classmethod
    def drawn(cls, seed: bytes) -> Pupil:
        """Return a pupil of any level."""
        return cls(seed, 1 + Draw(seed, "level").below(LEVEL_COUNT))


def simulate(
    engine: CampaignEngine,
    participation: str,
    pupil: Pupil,
    *,
    lang: str = "fr",
    prior: Iterable[Known] = (),
) -> list[Event]:
    """Return the whole log of one sitting, from its opening to its sharing."""
    sitting = Sitting(engine)
    events = decide_open(engine, participation, CAMPAIGN, prior, lang)
    for event in events:
        sitting.apply(event)
    while sitting.current is not None:
        events += step(sitting, pupil, lang)
    shared = decide_share(sitting)
    sitting.apply(shared[0])
    return events + shared


def step(sitting: Sitting, pupil: Pupil, lang: str) -> list[Event]:
    """Answer the waiting question as this pupil would, apply what follows and return it."""
    asked = sitting.current
    if asked is None:
        return []
    draw = Draw(pupil.seed, "answer", str(asked.number))
    answer = _answer(sitting, asked, pupil, draw)
    spent_ms = 1_000 * (1 + draw.below(120))
    events = decide_answer(sitting, asked.number, f"key-{asked.number}", answer, spent_ms, lang)
    for event in events:
        sitting.apply(event)
    return events


def _answer(sitting: Sitting, asked: Asked, pupil: Pupil, draw: Draw) -> Answer | None:
    if draw.below(100) < pupil.passes:
        return None
    solved = draw.below(ONE) < probability(pupil.halves, asked.level)
    give = solve if solved else wrong
    return give(sitting.engine.bank, asked.item, sitting.seed, asked.lang)
