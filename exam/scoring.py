"""What a sitting adds up to: mastery, per competence and topic, progress, stage, badges, and what sharing sends.

Everything is counted on targeted skills, from integers and exact fractions. `shared_results` is what the teacher is
given, fixed in the `Shared` event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.badges import acquisitions, is_obtained
from exam.events import Shared
from exam.rounding import Tally
from exam.stages import Step, ladder, reached

if TYPE_CHECKING:
    from exam.campaign.course_map import Tube
    from exam.campaign.engine import CampaignEngine
    from exam.sitting import Sitting

DONE = 1000
"""Progress of a finished sitting, in thousandths."""


class TopicResult(NamedTuple):
    """A topic of the course: what was validated, and the highest validated level, 0 if none."""

    topic: str
    competence: str
    tally: Tally
    level: int


def validated_skills(sitting: Sitting) -> set[str]:
    """Return the ids of the targeted skills that are validated, by this sitting or earlier ones."""
    masks = sitting.knowledge.validated
    return {skill.id for skill in sitting.engine.map.skills.values() if masks[skill.tube] & skill.bit}


def mastery(sitting: Sitting) -> Tally:
    """Return the validated skills out of the targeted ones."""
    return Tally(_count(sitting.knowledge.validated), len(sitting.engine.map.skills))


def by_topic(sitting: Sitting) -> list[TopicResult]:
    """Return one result for each topic, in the order of the course."""
    return [_topic(tube, sitting.knowledge.validated[tube.index]) for tube in sitting.engine.map.tubes]


def _topic(tube: Tube, validated: int) -> TopicResult:
    tally = Tally(validated.bit_count(), tube.targeted.bit_count())
    return TopicResult(tube.topic, tube.competence, tally, validated.bit_length())


def by_competence(sitting: Sitting) -> dict[str, Tally]:
    """Return the tally of each competence of the course, in code order."""
    tallies: dict[str, Tally] = {}
    for topic in sorted(by_topic(sitting), key=lambda topic: topic.competence):
        before = tallies.get(topic.competence, Tally(0, 0))
        tallies[topic.competence] = Tally(
            before.validated + topic.tally.validated, before.targeted + topic.tally.targeted
        )
    return tallies


def progress(sitting: Sitting) -> int:
    """Return how much of the course is settled, in thousandths rounded down; 1000 once finished."""
    targeted = len(sitting.engine.map.skills)
    if sitting.finished or not targeted:
        return DONE
    return DONE * (targeted - _count(sitting.knowledge.untested)) // targeted


def _count(masks: list[int]) -> int:
    """Return how many skills these masks hold; counted without a Python call a mask, since every answer counts twice."""
    return sum(map(int.bit_count, masks))


def remaining(sitting: Sitting) -> tuple[int, int]:
    """Return about how many questions are left, few and many: one a topic, or one a skill that can be asked."""
    if sitting.finished:
        return 0, 0
    masks = [tube.playable & sitting.knowledge.untested[tube.index] for tube in sitting.engine.map.tubes]
    return sum(mask > 0 for mask in masks), sum(mask.bit_count() for mask in masks)


def stage_ladder(engine: CampaignEngine) -> list[Step]:
    """Return the stages of the course in ascending order."""
    levels = [skill.level for skill in engine.map.skills.values()]
    return ladder(engine.definition.stages, levels)


def stage_index(sitting: Sitting) -> int:
    """Return the index, in the course, of the stage reached; 0 when the course has none."""
    steps = stage_ladder(sitting.engine)
    return steps[reached(steps, mastery(sitting))].place if steps else 0


def badges(sitting: Sitting) -> list[str]:
    """Return the ids of the badges obtained, in the order of the course."""
    engine = sitting.engine
    targeted, validated = engine.map.skills.keys(), validated_skills(sitting)
    return [
        badge.id
        for badge in engine.definition.badges
        if is_obtained(acquisitions(engine.bank, badge, targeted, validated))
    ]


def shared_results(sitting: Sitting) -> Shared:
    """Return what sharing sends."""
    total = mastery(sitting)
    competences = [(code, tally.validated, tally.targeted) for code, tally in by_competence(sitting).items()]
    return Shared(total.validated, total.targeted, stage_index(sitting), competences, badges(sitting))
