"""What a certification sitting is worth: its status, its score with its uncertainty, its mesh and levels.

32 answers, or 20 and more before a technical problem, are scored as they stand; 20 and more before the candidate gave up are
scored as if the rest had been passed over; fewer are cancelled or rejected. Without one right answer the score is zero and the
sitting is rejected. A sitting whose items ran out is nobody's fault and counts as a technical problem. What a jury decides
comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from exam.certification.levels import level_shares
from exam.certification.posterior import at_share, deviation_milli
from exam.certification.rules import LENGTH
from exam.errors import ExamError

if TYPE_CHECKING:
    from exam.certification.engine import CertificationEngine, Progress
    from exam.certification.scale import Scale

LEAST_ANSWERS = 20
"""Answers without which there is no score."""

Abandonment = Literal["technical", "candidate"]
Jury = Literal["cancelled", "fraud"]
Status = Literal["validated", "rejected", "cancelled"]
Comment = Literal[
    "",
    "cancelled_by_jury",
    "fraud",
    "cancelled_technical_lack_of_answers",
    "rejected_lack_of_answers",
    "rejected_zero_score",
]

ABANDONMENTS: tuple[str, ...] = get_args(Abandonment)
JURY: tuple[str, ...] = get_args(Jury)


class NotScorable(ExamError):
    """The sitting is neither complete nor closed with the reason why it is not."""

    code = "certification.not_scorable"


@dataclass(frozen=True, slots=True)
class Result:
    """A scored sitting; abilities in thousandths of a logit, `levels` in thousandths by competence and level.

    `low` and `high` bound the score between the 2.5 % and 97.5 % points of the posterior. Without a score (`ability` is
    then None) score, bounds and deviation are 0, the mesh is empty and there are no levels.
    """

    status: Status
    comment: Comment
    answers: int
    degraded: bool
    score: int = 0
    low: int = 0
    high: int = 0
    ability: int | None = None
    deviation: int = 0
    mesh: str = ""
    levels: tuple[tuple[str, tuple[int, ...]], ...] = ()


def result_of(
    engine: CertificationEngine,
    scale: Scale,
    at: Progress,
    abandonment: Abandonment | None,
    jury: Jury | None = None,
) -> Result:
    """Return the result of a sitting that ended; raises `NotScorable` when it is unfinished and no reason was given."""
    short = at.answered < LENGTH
    if jury is not None:
        decided: tuple[Status, Comment] = (
            ("cancelled", "cancelled_by_jury") if jury == "cancelled" else ("rejected", "fraud")
        )
        return Result(*decided, at.answered, degraded=False)
    if short and abandonment is None:
        raise NotScorable(detail=str(at.answered))
    if at.answered < LEAST_ANSWERS:
        if abandonment == "technical":
            return Result("cancelled", "cancelled_technical_lack_of_answers", at.answered, degraded=False)
        return Result("rejected", "rejected_lack_of_answers", at.answered, degraded=False)
    degraded = short and abandonment == "candidate"
    return _scored(engine, scale, passed_over(engine, at) if degraded else at, at.answered, degraded=degraded)


def passed_over(engine: CertificationEngine, at: Progress) -> Progress:
    """Return where the sitting would end if every question left were asked and passed over."""
    end = at.copy()
    while (choice := engine.choose(end)) is not None:
        engine.answer(end, choice.item, right=False)
    return end


def _scored(
    engine: CertificationEngine, scale: Scale, at: Progress, answers: int, *, degraded: bool
) -> Result:
    # The prior keeps an ability above the foot of the scale whatever is answered: nothing right must still be worth nothing.
    nothing = not any(right for _, right in at.given)
    score, mesh = (0, -1) if nothing else (scale.score(at.ability), scale.mesh(at.ability))
    sound = score > 0 and mesh >= 0
    levels = level_shares(engine.tables, scale, at.given)
    return Result(
        "validated" if sound else "rejected",
        "" if sound else "rejected_zero_score",
        answers,
        degraded,
        score,
        0 if nothing else scale.score(at_share(at.log, 25)),
        scale.score(at_share(at.log, 975)),
        at.ability,
        deviation_milli(at.log),
        scale.intervals[mesh].mesh if mesh >= 0 else "",
        tuple((name, tuple(shares)) for name, shares in sorted(levels.items())),
    )
