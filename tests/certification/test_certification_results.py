from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest
from certification_kit import Lead, reference_engine, small_engine
from hypothesis import given
from hypothesis import strategies as st

from exam.certification.decisions import decide_abandon, decide_end, decide_judge, decide_score
from exam.certification.levels import level_shares
from exam.certification.results import Abandonment, Jury, NotScorable, passed_over, result_of
from exam.certification.scale import SCALE, Interval, Scale, ScaleError

if TYPE_CHECKING:
    from exam.certification.events import Scored


def ended(said: str, reason: Abandonment | None, *, jury: Jury | None = None) -> Scored:
    """Lead a sitting through some answers, end it, close it with a reason, and score it."""
    lead = Lead(reference_engine()).answers(said)
    if lead.sitting.ended is None:
        lead.take(decide_end(lead.sitting, "supervisor"))
    if reason is not None:
        lead.take(decide_abandon(lead.sitting, reason))
    if jury is not None:
        lead.take(decide_judge(lead.sitting, jury))
    lead.take(decide_score(lead.sitting))
    assert lead.sitting.scored is not None
    return lead.sitting.scored


def test_a_complete_sitting_is_scored_with_bounds_mesh_and_levels() -> None:
    scored = ended("yn" * 16, None)
    assert (scored.status, scored.comment, scored.answers, scored.degraded) == ("validated", "", 32, False)
    assert scored.low < scored.score < scored.high
    assert scored.mesh in {"independent_4", "advanced_5"}
    assert [name for name, _ in scored.levels] == sorted(name for name, _ in scored.levels)
    assert all(sum(shares) == 1000 and len(shares) == 8 for _, shares in scored.levels)


@pytest.mark.parametrize("answers", [20, 25, 31])
def test_a_technical_problem_after_twenty_answers_costs_nothing(answers: int) -> None:
    scored = ended(("yn" * 16)[:answers], "technical")
    assert (scored.status, scored.answers, scored.degraded) == ("validated", answers, False)


@pytest.mark.parametrize("answers", [20, 25, 31])
def test_giving_up_after_twenty_answers_counts_the_rest_as_passed(answers: int) -> None:
    said = ("yyn" * 11)[:answers]
    scored, whole = ended(said, "candidate"), ended(said, "technical")
    assert (scored.status, scored.answers, scored.degraded) == ("validated", answers, True)
    assert scored.score < whole.score
    assert scored.score == ended(said + "p" * (32 - answers), None).score


@pytest.mark.parametrize(
    ("reason", "status", "comment"),
    [
        ("technical", "cancelled", "cancelled_technical_lack_of_answers"),
        ("candidate", "rejected", "rejected_lack_of_answers"),
    ],
)
@pytest.mark.parametrize("answers", [0, 1, 19])
def test_fewer_than_twenty_answers_give_no_score(
    answers: int, reason: Abandonment, status: str, comment: str
) -> None:
    scored = ended("y" * answers, reason)
    assert (scored.status, scored.comment, scored.answers) == (status, comment, answers)
    assert (scored.score, scored.ability, scored.mesh, scored.levels) == (0, None, "", [])


@pytest.mark.parametrize(
    ("decision", "status", "comment"),
    [("cancelled", "cancelled", "cancelled_by_jury"), ("fraud", "rejected", "fraud")],
)
def test_what_a_jury_decides_comes_first(decision: Jury, status: str, comment: str) -> None:
    scored = ended("y" * 32, None, jury=decision)
    assert (scored.status, scored.comment, scored.ability) == (status, comment, None)


def test_an_ability_below_the_scale_is_rejected_with_a_score_of_zero() -> None:
    higher = tuple(one._replace(low=one.low + 3000, high=one.high + 3000) for one in SCALE.intervals)
    at = Lead(reference_engine()).answers("y" + "n" * 31).sitting.at
    found = result_of(reference_engine(), dataclasses.replace(SCALE, intervals=higher), at, None)
    assert (found.status, found.comment, found.score) == ("rejected", "rejected_zero_score", 0)
    assert (found.mesh, found.ability) == ("", at.ability)


@pytest.mark.parametrize("said", ["n" * 32, "p" * 32, "np" * 10])
def test_nothing_right_is_worth_nothing(said: str) -> None:
    scored = ended(said, None if len(said) == 32 else "technical")
    assert (scored.status, scored.comment, scored.score) == ("rejected", "rejected_zero_score", 0)
    assert (scored.mesh, scored.low) == ("", 0)


def test_items_running_out_count_as_a_technical_problem() -> None:
    lead = Lead(small_engine()).answers("yn" * 10)
    while lead.sitting.current is not None:
        lead.withdraw()
    lead.take(decide_score(lead.sitting))
    assert lead.sitting.ended is not None
    assert lead.sitting.scored is not None
    assert (lead.sitting.ended.reason, lead.sitting.scored.status) == ("exhausted", "validated")


def test_an_unfinished_sitting_without_a_reason_cannot_be_scored() -> None:
    engine = reference_engine()
    with pytest.raises(NotScorable):
        result_of(engine, SCALE, Lead(engine).answers("y" * 25).sitting.at, None)


def test_passing_over_the_rest_changes_nothing_of_the_sitting_itself() -> None:
    engine = reference_engine()
    at = Lead(engine).answers("y" * 25).sitting.at
    before = at.ability
    assert passed_over(engine, at).ability < before
    assert (at.ability, at.answered) == (before, 25)


@given(st.integers(-9000, 9000), st.integers(-9000, 9000))
def test_score_mesh_and_level_grow_with_ability(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= SCALE.score(low) <= SCALE.score(high) <= 1024
    assert SCALE.mesh(low) <= SCALE.mesh(high)
    assert SCALE.level(low) <= SCALE.level(high)


@pytest.mark.parametrize(
    ("ability", "score", "mesh"),
    [
        (-4001, 0, -1),
        (-4000, 0, 0),
        (-3500, 64, 1),
        (-3000, 128, 2),
        (0, 512, 5),
        (3999, 1023, 8),
        (4000, 1024, 8),
    ],
)
def test_scores_at_the_borders_of_meshes(ability: int, score: int, mesh: int) -> None:
    assert (SCALE.score(ability), SCALE.mesh(ability)) == (score, mesh)


@pytest.mark.parametrize(
    "change",
    [
        {"intervals": ()},
        {"intervals": (Interval("a", 0, 0, 0, 64),)},
        {"intervals": (Interval("a", 0, 10, 0, 0),)},
        {"intervals": (Interval("a", 0, 10, 0, 64), Interval("b", 9, 20, 64, 64))},
        {"intervals": (Interval("a", 0, 10, 0, 64), Interval("b", 10, 20, 60, 64))},
        {"intervals": (Interval("a", 0, 10, 0, 64), Interval("a", 10, 20, 64, 64))},
        {"highest": 2000},
        {"cuts": ()},
        {"cuts": (2817, 2168)},
    ],
)
def test_a_scale_that_does_not_grow_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ScaleError):
        Scale(**{**dataclasses.asdict(SCALE), "intervals": SCALE.intervals, **change})


def test_levels_follow_the_answers_of_their_competence_within_the_common_ability() -> None:
    tables = reference_engine().tables
    at = Lead(reference_engine()).answers("yn" * 16).sitting.at
    shares = level_shares(tables, SCALE, at.given)
    both = {
        name: sum(right for item, right in at.given if tables.items[item].competence == name)
        for name in shares
    }
    mean = {name: sum(level * share for level, share in enumerate(row)) for name, row in shares.items()}
    best = [mean[name] for name, right in both.items() if right == 2]
    worst = [mean[name] for name, right in both.items() if right == 0]
    assert best
    assert worst
    assert np.mean(best) > np.mean(worst)
