"""Laws that hold for every course, every pupil and every sequence of answers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from sitting_steps import Lead
from toy_bank import toy_bank

from exam.sitting import fold

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.events import Asked, Known

LEVELS = st.lists(st.integers(1, 8), min_size=1, max_size=6, unique=True).map(sorted)
SKILLS = st.tuples(st.booleans(), st.integers(0, 2))


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """Make a bank of one to five topics with timed skills, several items, and skills without any."""
    lines = []
    for index in range(draw(st.integers(1, 5))):
        words = []
        for level in draw(LEVELS):
            timed, items = draw(SKILLS)
            words.append(f"{level}{'t' if timed else ''}*{items}")
        lines.append(f"topic{index} {1 + index}.1: {' '.join(words)}")
    return toy_bank(*lines)


@st.composite
def sittings(draw: st.DrawFn) -> tuple[Lead, list[Known]]:
    """Lead a sitting on such a bank, with some skills known before, to its end."""
    bank = draw(banks())
    known: list[Known] = [
        (
            skill,
            draw(st.sampled_from(("validated", "invalidated"))),
            draw(st.sampled_from(("direct", "inferred"))),
        )
        for skill in bank.skills
        if draw(st.integers(0, 4)) == 0
    ]
    lead = Lead(bank, participation=draw(st.text("abc123", min_size=1, max_size=6)), prior=known)
    return lead.finish(draw(st.text("ynp", min_size=1, max_size=12))), known


def asked_in(lead: Lead) -> list[Asked]:
    return [lead.sitting.asked[number] for number in range(1, lead.sitting.number + 1)]


@given(sittings())
def test_a_sitting_ends_within_one_question_a_skill_and_never_repeats_an_item(
    case: tuple[Lead, list[Known]],
) -> None:
    lead, _ = case
    asked = asked_in(lead)
    assert len(asked) <= len(lead.bank.skills)
    assert (
        len({question.item for question in asked})
        == len({question.skill for question in asked})
        == len(asked)
    )


@given(sittings())
def test_a_settled_skill_is_never_asked(case: tuple[Lead, list[Known]]) -> None:
    lead, known = case
    before = {skill for skill, _, _ in known}
    for number, question in enumerate(asked_in(lead), start=1):
        index = lead.log.index(question)
        knowledge = fold(lead.sitting.engine, lead.log[:index]).knowledge
        assert knowledge.status(lead.sitting.engine.map.skills[question.skill]) is None
        assert question.skill not in before
        assert question.number == number


@given(sittings())
def test_a_question_after_the_first_is_at_most_two_levels_above_the_estimate(
    case: tuple[Lead, list[Known]],
) -> None:
    lead, _ = case
    for question in asked_in(lead)[1:]:
        before = fold(lead.sitting.engine, lead.log[: lead.log.index(question)])
        assert 2 * question.level - before.level <= 4


@given(sittings())
def test_two_timed_questions_follow_each_other_only_when_no_other_is_left(
    case: tuple[Lead, list[Known]],
) -> None:
    lead, _ = case
    engine, items = lead.sitting.engine, lead.bank.items
    asked = asked_in(lead)
    for last, question in pairwise(asked):
        if items[last.item].timer is None or items[question.item].timer is None:
            continue
        before = fold(engine, lead.log[: lead.log.index(question)])
        easy = engine.map.tubes[engine.map.skills[question.skill].tube].easy
        untimed = [
            skill
            for skill in engine.map.skills.values()
            if before.knowledge.status(skill) is None
            and engine.map.tubes[skill.tube].easy is easy
            and 2 * skill.level - before.level <= 4
            and any(items[item].timer is None for item in skill.items)
        ]
        assert untimed == []


@given(sittings())
def test_easy_topics_are_finished_before_the_others(case: tuple[Lead, list[Known]]) -> None:
    lead, _ = case
    engine = lead.sitting.engine
    for question in asked_in(lead):
        if engine.map.tubes[engine.map.skills[question.skill].tube].easy:
            continue
        before = fold(engine, lead.log[: lead.log.index(question)])
        left = [
            skill
            for skill in engine.map.skills.values()
            if engine.map.tubes[skill.tube].easy
            and skill.items
            and before.knowledge.status(skill) is None
            and 2 * skill.level - before.level <= 4
        ]
        assert left == []


@given(sittings())
def test_a_sitting_ends_only_when_no_skill_is_left_within_reach(case: tuple[Lead, list[Known]]) -> None:
    lead, _ = case
    knowledge = lead.sitting.knowledge
    for skill in lead.sitting.engine.map.skills.values():
        if skill.items and knowledge.status(skill) is None:
            assert 2 * skill.level - lead.sitting.level > 4
