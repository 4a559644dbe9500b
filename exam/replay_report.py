"""What a replay says: identical or not, question by question, and the first difference in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from exam.events import Asked, Graded, Outcome, Shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.bank import Bank
    from exam.differences import Difference
    from exam.events import Event
    from exam.sitting import Sitting

Verdict = Literal["identical", "differs", "not_reached"]


class Step(NamedTuple):
    """One question of the log: the item the rules give ("" when they give none or were not asked), the item found."""

    number: int
    skill: str
    competence: str
    expected_item: str
    found_item: str
    outcome: Outcome | None
    verdict: Verdict


class Replay(NamedTuple):
    """The result: `step` is the question at the first difference (0 before the first), `event` its index in the log.

    `expected` and `found` are short texts. `shared` is what the rules give as shared results, None when the log is not
    identical or stops before the sharing.
    """

    identical: bool
    steps: list[Step]
    step: int | None = None
    event: int | None = None
    code: str = ""
    expected: str = ""
    found: str = ""
    shared: Shared | None = None

    @classmethod
    def of(cls, found: Difference | None, steps: list[Step], sitting: Sitting | None = None) -> Replay:
        """Make the result from the first difference, if any."""
        if found is None:
            return cls(identical=True, steps=steps, shared=sitting.shared if sitting else None)
        code, number, event, expected, there = found
        return cls(
            identical=False, steps=steps, step=number, event=event, code=code, expected=expected, found=there
        )


def make_steps(
    bank: Bank, sitting: Sitting | None, events: Sequence[Event], found: Difference | None
) -> list[Step]:
    """Return one step for each question of the log, in its order."""
    outcomes = {event.number: event.outcome for event in events if isinstance(event, Graded)}
    differs = found.number if found else 0
    steps = []
    for event in events:
        if isinstance(event, Asked):
            led = sitting.asked.get(event.number) if sitting else None
            expected = led.item if led else ""
            if found and found.number == event.number and found.code == "wrong_item":
                expected = found.expected
            steps.append(_step(bank, event, expected, outcomes.get(event.number), differs))
    return steps


def _step(bank: Bank, asked: Asked, expected: str, outcome: Outcome | None, differs: int) -> Step:
    verdict: Verdict = "identical" if expected == asked.item else "not_reached"
    if differs == asked.number:
        verdict = "differs"
    skill = bank.skills.get(asked.skill)
    competence = skill.competence if skill else ""
    return Step(asked.number, asked.skill, competence, expected, asked.item, outcome, verdict)
