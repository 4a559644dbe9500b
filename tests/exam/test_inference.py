"""What an answer settles along its topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toy_bank import COURSE, toy_bank

from exam.campaign.engine import CampaignEngine
from exam.campaign.levels import START

if TYPE_CHECKING:
    from exam.campaign.knowledge import Knowledge

ENGINE = CampaignEngine(toy_bank("mail 2.1: 1 2 3 4 5", "web 1.1: 1 2 3"), COURSE)


def statuses(knowledge: Knowledge, topic: str = "mail") -> str:
    """Write one sign a skill, in ascending level: + validated, - failed, . not settled."""
    signs = {"validated": "+", "invalidated": "-", None: "."}
    skills = [skill for skill in ENGINE.map.skills.values() if skill.id.startswith(topic)]
    return "".join(signs[knowledge.status(skill)] for skill in skills)


def test_success_validates_the_easier_skills_of_the_topic() -> None:
    knowledge = ENGINE.learn(ENGINE.start(()), "mail-3", solved=True)
    assert statuses(knowledge) == "+++.."
    assert statuses(knowledge, "web") == "..."


def test_failure_invalidates_the_harder_skills_of_the_topic() -> None:
    assert statuses(ENGINE.learn(ENGINE.start(()), "mail-3", solved=False)) == "..---"


def test_what_is_settled_stays_settled() -> None:
    knowledge = ENGINE.learn(ENGINE.start(()), "mail-3", solved=False)
    assert statuses(ENGINE.learn(knowledge, "mail-2", solved=True)) == "++---"
    assert ENGINE.learn(knowledge, "mail-4", solved=True) is knowledge


def test_a_skill_out_of_the_course_changes_nothing() -> None:
    knowledge = ENGINE.start(())
    assert ENGINE.learn(knowledge, "other-1", solved=True) is knowledge


def test_learning_leaves_the_earlier_knowledge_as_it_was() -> None:
    before = ENGINE.start(())
    ENGINE.learn(before, "mail-3", solved=True)
    assert statuses(before) == "....."
    assert before.sums == START


def test_results_from_elsewhere_are_taken_as_they_are_without_inference() -> None:
    knowledge = ENGINE.start([("mail-2", "invalidated", "inferred"), ("mail-3", "validated", "inferred")])
    assert statuses(knowledge) == ".-+.."


def test_only_direct_results_move_the_level_and_unknown_skills_count_as_difficulty_two() -> None:
    inferred = ENGINE.start([("mail-2", "validated", "inferred")])
    direct = ENGINE.start([("mail-2", "validated", "direct")])
    unknown = ENGINE.start([("gone-7", "validated", "direct")])
    assert inferred.sums == START
    assert direct.sums == unknown.sums != START


def test_a_result_carried_in_does_not_change_what_is_settled_here() -> None:
    knowledge = ENGINE.learn(ENGINE.start(()), "mail-3", solved=True)
    carried = ENGINE.carry(
        knowledge, [("mail-2", "invalidated", "direct"), ("mail-5", "validated", "inferred")]
    )
    assert statuses(carried) == "+++.+"
    assert carried.sums == knowledge.sums
