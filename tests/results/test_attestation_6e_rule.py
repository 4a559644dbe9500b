"""The 6e attestation and certifiability: who, what counts, and from how much, on cases worked by hand."""

from __future__ import annotations

import pytest

from exam.attestation import COURSES, Sent, eligible, verdict
from exam.certifiability import certifiability, certifiable_competences, is_certifiable
from exam.rounding import Tally

SAFETY, FIRST, REVIEW = COURSES


def sent(targeted: str, validated: str) -> Sent:
    """Return what a course brought, its skills one letter each."""
    return Sent(frozenset(targeted), frozenset(validated))


@pytest.mark.parametrize(
    ("kind", "mef", "may"),
    [
        ("school", "10010012110", True),
        ("school", " 10010012110 ", True),
        ("school", "10110001110", False),
        ("school", None, False),
        ("higher", "10010012110", False),
        ("open", "10010012110", False),
    ],
)
def test_only_pupils_of_6e_in_a_school_may_earn_it(kind: str, mef: str | None, may: bool) -> None:  # noqa: FBT001 - a table of cases
    assert eligible(kind, mef) is may


def test_half_of_the_skills_of_the_three_courses_earns_it() -> None:
    found = verdict({SAFETY: sent("ab", "a"), FIRST: sent("cd", "c"), REVIEW: sent("ef", "e")})
    assert (found.tally, found.earned, found.missing) == (Tally(3, 6), True, ())


def test_just_under_half_does_not() -> None:
    found = verdict({SAFETY: sent("abc", "a"), FIRST: sent("cd", "d"), REVIEW: sent("ef", "")})
    # Skills a to f: six; a and d: two of six.
    assert (found.tally, found.earned) == (Tally(2, 6), False)


def test_a_skill_of_two_courses_counts_once_and_wherever_it_was_validated() -> None:
    found = verdict({SAFETY: sent("ab", "b"), FIRST: sent("b", ""), REVIEW: sent("bc", "")})
    assert found.tally == Tally(1, 3)


def test_a_course_not_sent_keeps_the_attestation_back_and_is_named() -> None:
    found = verdict({SAFETY: sent("ab", "ab"), REVIEW: sent("c", "c")})
    assert (found.missing, found.earned) == ((FIRST,), False)


def test_the_threshold_is_a_setting() -> None:
    brought = {SAFETY: sent("ab", "ab"), FIRST: sent("cd", ""), REVIEW: sent("e", "e")}
    assert verdict(brought, 60).earned  # 3 of 5 is exactly 60 %
    assert not verdict(brought, 61).earned


def test_nothing_sent_earns_nothing() -> None:
    assert verdict({}) == ((SAFETY, FIRST, REVIEW), Tally(0, 0), False)


def test_five_competences_at_level_1_make_a_profile_certifiable() -> None:
    assert is_certifiable([1, 0, 3, 1, 1, 1, *([0] * 10)])
    assert not is_certifiable([7, 7, 7, 7, *([0] * 12)])
    assert certifiable_competences([1, 0, 3]) == 2


@pytest.mark.parametrize(
    ("known", "said"),
    [(True, "certifiable"), (False, "not_certifiable"), (None, "not_communicated")],
)
def test_a_list_says_one_of_three_things(known: bool | None, said: str) -> None:  # noqa: FBT001 - a table of cases
    assert certifiability(known) == said
