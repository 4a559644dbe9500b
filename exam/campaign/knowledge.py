"""What is known of a pupil on a course: per topic, which skills are settled, how, and what that says of the level.

Only a right answer validates. Along a topic, success at a level validates the easier skills still unsettled, and failure
invalidates the harder ones. What is settled stays settled. `Knowledge` is a value: learning makes a new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.campaign.levels import START, UNKNOWN_DIFFICULTY, Sums, estimate, with_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exam.campaign.course_map import CourseMap, MappedSkill
    from exam.events import Known, SkillStatus


class Knowledge:
    """Per tube: skills not settled, skills validated, and those settled outside this sitting, as masks of bits."""

    __slots__ = ("elsewhere", "sums", "untested", "validated")

    def __init__(
        self, untested: list[int], validated: list[int], elsewhere: tuple[int, ...], sums: Sums
    ) -> None:
        self.untested = untested
        self.validated = validated
        self.elsewhere = elsewhere
        self.sums = sums

    def level(self) -> int:
        """Return the estimated level in halves."""
        return estimate(self.sums)

    def status(self, skill: MappedSkill) -> SkillStatus | None:
        """Return what is known of a targeted skill, None when it is not settled."""
        if self.untested[skill.tube] & skill.bit:
            return None
        return "validated" if self.validated[skill.tube] & skill.bit else "invalidated"


def nothing_known(course: CourseMap) -> Knowledge:
    """Return the knowledge of a pupil nobody has asked anything."""
    tubes = course.tubes
    return Knowledge([tube.targeted for tube in tubes], [0] * len(tubes), (0,) * len(tubes), START)


def learn(knowledge: Knowledge, skill: MappedSkill, *, solved: bool) -> Knowledge:
    """Return the knowledge after an answer on a targeted skill; a settled skill changes nothing."""
    tube, bit = skill.tube, skill.bit
    open_skills = knowledge.untested[tube]
    if not open_skills & bit:
        return knowledge
    untested, validated = knowledge.untested.copy(), knowledge.validated
    if solved:
        settled = open_skills & (2 * bit - 1)  # this level and every easier one
        validated = validated.copy()
        validated[tube] |= settled
    else:
        settled = open_skills & ~(bit - 1)  # this level and every harder one
    untested[tube] = open_skills & ~settled
    sums = with_answer(knowledge.sums, skill.level, solved=solved)
    return Knowledge(untested, validated, knowledge.elsewhere, sums)


def learn_elsewhere(
    course: CourseMap, levels: Mapping[str, int], knowledge: Knowledge, known: Iterable[Known]
) -> Knowledge:
    """Return the knowledge with results from other sittings added as they are, without inference.

    `levels` gives the level of every skill of the bank: a direct result moves the level estimate even when its skill is
    not targeted here. Skills already settled change nothing.
    """
    untested, validated = knowledge.untested.copy(), knowledge.validated.copy()
    elsewhere, sums = list(knowledge.elsewhere), knowledge.sums
    for skill_id, status, source in known:
        skill = course.skills.get(skill_id)
        if skill is not None:
            if not untested[skill.tube] & skill.bit:
                continue
            untested[skill.tube] &= ~skill.bit
            elsewhere[skill.tube] |= skill.bit
            if status == "validated":
                validated[skill.tube] |= skill.bit
        if source == "direct":
            difficulty = levels.get(skill_id, UNKNOWN_DIFFICULTY)
            sums = with_answer(sums, difficulty, solved=status == "validated")
    return Knowledge(untested, validated, tuple(elsewhere), sums)
