"""How the answers of a certification are checked and graded: through the bank, or by a model for rehearsals.

In a certification a right answer given after its window was left, on an item that asks for focus, does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from exam.errors import BadAnswer
from exam.grading import check_answer, grade

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.certification.events import Outcome
    from exam.events import Answer

RIGHT, WRONG = "right", "wrong"
"""The two answers of a rehearsal."""


class Given(NamedTuple):
    """What was given to a question: the answer (None: passed over), and all that its grade follows from besides."""

    item: str
    seed: bytes
    lang: str
    answer: Answer | None
    spent_ms: int
    left: bool
    """The question's window was left."""


class Paper(Protocol):
    """What grades the answers of a sitting."""

    def check(self, item: str, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer has the shape the item asks for."""
        ...

    def grade(self, given: Given) -> Outcome:
        """Return the outcome of what was given."""
        ...


class BankPaper:
    """Grades by the items of a bank."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def check(self, item: str, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer has the shape the item asks for."""
        check_answer(self.bank, item, b"", "", answer)

    def grade(self, given: Given) -> Outcome:
        """Return the outcome; the focus rule comes after those of `exam.grading`."""
        outcome = grade(self.bank, given.item, given.seed, given.lang, given.answer, given.spent_ms)
        focus = self.bank.items[given.item].focus
        return "focused_out" if outcome == "ok" and given.left and focus else outcome


class RehearsalPaper:
    """Grades the answers of invented candidates, who say themselves whether they are right."""

    def check(self, item: str, answer: Answer) -> None:
        """Raise `BadAnswer` for anything but the two answers of a rehearsal."""
        del item
        if not isinstance(answer, str) or answer not in {RIGHT, WRONG}:
            raise BadAnswer

    def grade(self, given: Given) -> Outcome:
        """Return the outcome; every item asks for focus."""
        if given.answer is None:
            return "skipped"
        if given.answer != RIGHT:
            return "ko"
        return "focused_out" if given.left else "ok"
