"""How the answers of a certification are checked and graded: through the bank, or by a model for rehearsals.

In a certification a right answer given after its window was left, on an item that asks for focus, does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from exam.errors import BadAnswer
from exam.grading import check_answer, grade

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.certification.events import Outcome
    from exam.events import Answer

RIGHT, WRONG = "right", "wrong"
"""The two answers of a rehearsal."""


class Paper(Protocol):
    """What grades the answers of a sitting."""

    def check(self, item: str, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer has the shape the item asks for."""
        ...

    def grade(  # noqa: PLR0913, PLR0917 - an answer is graded from exactly these facts
        self,
        item: str,
        seed: bytes,
        lang: str,
        answer: Answer | None,
        spent_ms: int,
        left: bool,  # noqa: FBT001 - a fact among the facts
    ) -> Outcome:
        """Return the outcome; None means the candidate passed."""
        ...


class BankPaper:
    """Grades by the items of a bank."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def check(self, item: str, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer has the shape the item asks for."""
        check_answer(self.bank, item, b"", "", answer)

    def grade(  # noqa: PLR0913, PLR0917 - an answer is graded from exactly these facts
        self,
        item: str,
        seed: bytes,
        lang: str,
        answer: Answer | None,
        spent_ms: int,
        left: bool,  # noqa: FBT001 - a fact among the facts
    ) -> Outcome:
        """Return the outcome; the focus rule comes after those of `exam.grading`."""
        outcome = grade(self.bank, item, seed, lang, answer, spent_ms)
        return "focused_out" if outcome == "ok" and left and self.bank.items[item].focus else outcome


class RehearsalPaper:
    """Grades the answers of invented candidates, who say themselves whether they are right."""

    def check(self, item: str, answer: Answer) -> None:
        """Raise `BadAnswer` for anything but the two answers of a rehearsal."""
        del item
        if not isinstance(answer, str) or answer not in {RIGHT, WRONG}:
            raise BadAnswer

    def grade(  # noqa: PLR0913, PLR0917 - an answer is graded from exactly these facts
        self,
        item: str,
        seed: bytes,
        lang: str,
        answer: Answer | None,
        spent_ms: int,
        left: bool,  # noqa: FBT001 - a fact among the facts
    ) -> Outcome:
        """Return the outcome; every item asks for focus."""
        del item, seed, lang, spent_ms
        if answer is None:
            return "skipped"
        if answer != RIGHT:
            return "ko"
        return "focused_out" if left else "ok"
