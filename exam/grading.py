"""Checking and grading answers: the one door to the kinds.

Order of the rules: no answer is *skipped*; a wrong one is *ko* whatever the time; a right one given after the timer is
*timed_out*; otherwise *ok*. There is no partial credit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.events import Answer, Outcome


def check_answer(bank: Bank, item_id: str, seed: bytes, lang: str, answer: Answer) -> None:
    """Raise `BadAnswer` unless the answer has the shape the item asks for; `KeyError` when there is no such item."""
    del seed, lang  # the shape of an answer is the same for everyone
    question = bank.questions[item_id]
    question.kind.check(question.spec, answer)


def grade(  # noqa: PLR0913, PLR0917 - an answer is graded from exactly these facts
    bank: Bank, item_id: str, seed: bytes, lang: str, answer: Answer | None, spent_ms: int
) -> Outcome:
    """Return the outcome of an answer given after `spent_ms` milliseconds; None means the pupil passed."""
    if answer is None:
        return "skipped"
    question = bank.questions[item_id]
    if not question.kind.right(question.key(seed, lang), answer):
        return "ko"
    if question.timer_ms is not None and spent_ms > question.timer_ms:
        return "timed_out"
    return "ok"


def expected(bank: Bank, item_id: str, seed: bytes, lang: str) -> str:
    """Return the expected answer in words, for the checkpoint."""
    question = bank.questions[item_id]
    return question.kind.expected(question.spec, question.scene(seed, lang))


def shown(bank: Bank, item_id: str, seed: bytes, lang: str, answer: Answer) -> str:
    """Return a given answer in words, for the checkpoint."""
    question = bank.questions[item_id]
    return question.kind.shown(question.spec, question.scene(seed, lang), answer)


def solve(bank: Bank, item_id: str, seed: bytes, lang: str) -> Answer:
    """Return a right answer, for simulations and rehearsals."""
    question = bank.questions[item_id]
    return question.kind.solve(question.spec, question.scene(seed, lang))


def wrong(bank: Bank, item_id: str, seed: bytes, lang: str) -> Answer:
    """Return a well-formed wrong answer, for simulations and rehearsals."""
    question = bank.questions[item_id]
    return question.kind.wrong(question.spec, question.scene(seed, lang))
