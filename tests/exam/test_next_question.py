"""Which question comes next, rule by rule."""

from __future__ import annotations

import pytest
from toy_bank import COURSE, toy_bank

from exam.campaign.engine import CampaignEngine, Choice
from exam.campaign.engines import Engines
from exam.errors import UnknownCourse
from exam.seed import sitting_seed

SEED = sitting_seed("p", "bank")


def first(*lines: str, seed: bytes = SEED) -> Choice | None:
    engine = CampaignEngine(toy_bank(*lines), COURSE)
    return engine.next(engine.start(()), seed, 1, last_timed=False)


def following(engine: CampaignEngine, *answers: tuple[str, bool], timed: bool = False) -> Choice | None:
    knowledge = engine.start(())
    for skill, solved in answers:
        knowledge = engine.learn(knowledge, skill, solved=solved)
    return engine.next(knowledge, SEED, len(answers) + 1, last_timed=timed)


def test_the_first_question_is_level_two_on_an_easy_topic() -> None:
    assert first("hard 1.1: 1 2 3 4", "easy 2.1: 1 2 3") == Choice("easy-2", "easy-2-a", 2)


def test_a_topic_is_easy_for_what_the_course_targets_of_it() -> None:
    engine = CampaignEngine(toy_bank("a 1.1: 1 2 3 4", top=3), COURSE)
    assert engine.map.tubes[0].easy


def test_without_level_two_the_first_question_is_the_lowest() -> None:
    assert first("easy 2.1: 1 3") == Choice("easy-1", "easy-1-a", 1)


def test_the_first_question_is_not_timed_if_possible() -> None:
    assert first("easy 2.1: 1 2t 3") == Choice("easy-1", "easy-1-a", 1)
    assert first("easy 2.1: 2t 3t") == Choice("easy-2", "easy-2-a", 2)


def test_easy_topics_come_first_while_they_have_skills() -> None:
    engine = CampaignEngine(toy_bank("hard 1.1: 1 2 3 4 5 6", "easy 2.1: 1 2 3"), COURSE)
    choice = following(engine, ("easy-2", True))
    assert choice is not None
    assert choice.skill == "easy-3"
    after = following(engine, ("easy-2", True), ("easy-3", True))
    assert after is not None
    assert after.skill.startswith("hard")


def test_no_timed_question_follows_a_timed_one_if_possible() -> None:
    engine = CampaignEngine(toy_bank("easy 2.1: 1 2 3t"), COURSE)
    untimed = following(engine, ("easy-2", True), timed=True)
    assert untimed is not None
    assert untimed.skill == "easy-3"  # nothing else is left
    engine = CampaignEngine(toy_bank("easy 2.1: 1 2 3t", "more 2.2: 1"), COURSE)
    untimed = following(engine, ("easy-2", True), timed=True)
    assert untimed is not None
    assert untimed.skill == "more-1"


def test_when_no_timer_is_wished_the_item_drawn_has_none() -> None:
    drawn = {first("easy 2.1: 2m*3", seed=sitting_seed(f"p{n}", "bank")) for n in range(20)}
    assert drawn == {Choice("easy-2", "easy-2-a", 2)}


def test_a_question_more_than_two_levels_above_is_never_asked() -> None:
    engine = CampaignEngine(toy_bank("a 1.1: 1 7", "b 1.2: 5"), COURSE)
    assert following(engine, ("a-1", False)) is None


def test_a_preference_never_ends_a_sitting_that_could_go_on() -> None:
    # The easy topic has only a skill out of reach; the other topic still has one within reach.
    engine = CampaignEngine(toy_bank("easy 2.1: 3", "hard 1.1: 1 4", "x 1.2: 1 2 4", "y 1.3: 2 4"), COURSE)
    choice = following(engine, ("x-1", False), ("y-2", False))
    assert choice is not None
    assert choice.skill == "hard-1"


def test_without_any_skill_there_is_no_question() -> None:
    assert first("easy 2.1: 1*0 2*0") is None


def test_a_settled_course_has_no_question() -> None:
    engine = CampaignEngine(toy_bank("easy 2.1: 1 2"), COURSE)
    assert following(engine, ("easy-2", True)) is None
    known = engine.start([("easy-1", "validated", "direct"), ("easy-2", "validated", "direct")])
    assert engine.next(known, SEED, 1, last_timed=False) is None


def test_ties_are_broken_by_the_seed_alone() -> None:
    lines = [f"t{n} 1.1: 2*3" for n in range(8)]
    choices = {first(*lines, seed=sitting_seed(f"p{n}", "bank")) for n in range(200)}
    assert len(choices) == 24
    assert len({first(*lines) for _ in range(5)}) == 1


def test_an_unknown_course_is_refused() -> None:
    with pytest.raises(UnknownCourse):
        Engines().engine_for(toy_bank(), "nowhere")


def test_an_engine_is_made_once_for_a_bank_and_course() -> None:
    engines = Engines()
    assert engines.engine_for(toy_bank(), COURSE) is engines.engine_for(toy_bank(), COURSE)
    assert engines.engine_for(toy_bank(), COURSE) is not engines.engine_for(toy_bank("a 1.1: 1"), COURSE)
