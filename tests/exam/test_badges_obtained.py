"""When a badge is obtained."""

from __future__ import annotations

import pytest
from toy_bank import toy_badge, toy_bank

from exam.badges import acquisitions, criterion_acquisition, is_obtained
from exam.content import Criterion, TopLevel
from exam.rounding import Tally

BANK = toy_bank("mail 2.1: 1 2 3 4", "web 1.1: 1 2")
TARGETED = list(BANK.skills)


@pytest.mark.parametrize(
    ("validated", "threshold", "acquired"),
    [(0, 80, 0), (4, 80, 50), (8, 80, 100), (10, 80, 100), (7, 75, 93), (3, 0, 100)],
)
def test_a_criterion_is_acquired_as_the_share_of_its_threshold(
    validated: int, threshold: int, acquired: int
) -> None:
    assert criterion_acquisition(Tally(validated, 10), threshold) == acquired


def test_every_criterion_must_be_met() -> None:
    assert is_obtained([100, 100])
    assert not is_obtained([100, 99])
    assert not is_obtained([])


def test_a_criterion_counts_the_course_or_topics_up_to_a_level() -> None:
    badge = toy_badge("b", Criterion("course", 50), Criterion("topics", 100, (TopLevel("mail", 2),)))
    assert acquisitions(BANK, badge, TARGETED, {"mail-1", "mail-2", "mail-3"}) == [100, 100]
    assert acquisitions(BANK, badge, TARGETED, {"mail-1", "web-1"}) == [67, 50]
