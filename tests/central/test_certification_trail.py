"""A certification question by question: a jury sees what was replaced, taken back or dismissed, and nothing is lost of it."""

from __future__ import annotations

from exam.certification.events import Alerted, Answered, Asked, Graded, Left, Ruled, Withdrawn
from sync.central.certification_trail import LONGEST_ANSWER, fold, lines_of


def asked(number: int, item: str) -> Asked:
    return Asked(number, item, -800, 0, 0, "", "fr")


def test_a_replaced_question_stands_beside_the_one_that_took_its_number() -> None:
    gone, kept = fold(
        [
            asked(1, "q-a"),
            Alerted(1),
            Ruled(1, "validated", "E9"),
            asked(1, "q-b"),
            Answered(1, "k", "oui", 2500, left=False),
            Graded(1, "ok"),
        ]
    )
    assert (gone.item, gone.replaced, gone.reason, gone.outcome) == ("q-a", True, "E9", "")
    assert (kept.item, kept.replaced, kept.outcome, kept.answer, kept.spent_s) == (
        "q-b",
        False,
        "ok",
        "oui",
        2,
    )


def test_a_report_taken_back_or_dismissed_leaves_the_question_and_says_so() -> None:
    back, dismissed, waiting = fold(
        [
            asked(1, "q-a"),
            Alerted(1),
            Withdrawn(1),
            Left(1),
            Answered(1, "k", None, 0, left=False),
            Graded(1, "skipped"),
            asked(2, "q-b"),
            Alerted(2),
            Ruled(2, "dismissed", ""),
            asked(3, "q-c"),
            Alerted(3),
        ]
    )
    assert (back.alert, back.left, back.answer, back.replaced) == ("withdrawn", True, "", False)
    assert (dismissed.alert, dismissed.replaced) == ("dismissed", False)
    assert waiting.alert == "ongoing"


def test_a_long_answer_is_cut_and_a_composed_one_is_told() -> None:
    long, composed = fold(
        [
            asked(1, "q-a"),
            Answered(1, "k", "x" * 5000, 0, left=False),
            asked(2, "q-b"),
            Answered(2, "k", {"upload": "0f"}, 0, left=False),
        ]
    )
    assert len(long.answer) == LONGEST_ANSWER
    assert composed.answer == '{"upload":"0f"}'


def test_what_is_no_record_has_no_question() -> None:
    assert lines_of(b"nonsense") == []
