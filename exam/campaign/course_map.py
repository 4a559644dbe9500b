"""A course laid out for the engine: its targeted skills as bits of one integer per topic.

Bit `level - 1` of a topic's mask stands for its skill of that level. Inference, rewards and filters are then a few integer
operations, and what depends on the bank alone (which skills can be asked, which are timed) is worked out once here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.courses import course_of

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.content import Course, Skill

EASY_TOPIC_LEVEL = 3
"""A topic is easy when its highest targeted level is at most this."""


@dataclass(frozen=True, slots=True)
class MappedSkill:
    """One targeted skill: where it is, the items to choose among, and those of them without a timer."""

    id: str
    competence: str
    tube: int
    level: int
    bit: int
    items: tuple[str, ...]
    untimed_items: tuple[str, ...]
    timed: bool


@dataclass(frozen=True, slots=True)
class Tube:
    """The targeted skills of one topic, as masks; `by_level[level]` is the skill of that level, if targeted."""

    topic: str
    competence: str
    index: int
    targeted: int
    playable: int
    timed: int
    easy: bool
    by_level: tuple[MappedSkill | None, ...]

    def skills(self, mask: int) -> list[MappedSkill]:
        """Return the skills of a mask in ascending level."""
        return [skill for skill in self.by_level if skill is not None and mask & skill.bit]


@dataclass(frozen=True, slots=True)
class CourseMap:
    """The tubes of a course in its own order, and its skills by id."""

    tubes: tuple[Tube, ...]
    skills: dict[str, MappedSkill]


def map_course(bank: Bank, course: str | Course) -> CourseMap:
    """Return a course of the bank, or one made from it, laid out for the engine; raises `UnknownCourse`."""
    course = course_of(bank, course) if isinstance(course, str) else course
    top_levels: dict[str, int] = {}
    for topic in course.topics:
        top_levels[topic.id] = max(topic.level, top_levels.get(topic.id, 0))
    tubes = tuple(
        _tube(bank, topic_id, top, index) for index, (topic_id, top) in enumerate(top_levels.items())
    )
    skills = {skill.id: skill for tube in tubes for skill in tube.skills(tube.targeted)}
    return CourseMap(tubes, skills)


def _tube(bank: Bank, topic_id: str, top: int, index: int) -> Tube:
    by_level: list[MappedSkill | None] = [None] * 9
    for skill_id in bank.topics[topic_id].skills:
        skill = bank.skills[skill_id]
        if skill.level <= top:
            by_level[skill.level] = _mapped(bank, skill, index)
    kept = [skill for skill in by_level if skill is not None]
    return Tube(
        topic=topic_id,
        competence=bank.topics[topic_id].competence,
        index=index,
        targeted=sum(skill.bit for skill in kept),
        playable=sum(skill.bit for skill in kept if skill.items),
        timed=sum(skill.bit for skill in kept if skill.timed),
        easy=max((skill.level for skill in kept), default=0) <= EASY_TOPIC_LEVEL,
        by_level=tuple(by_level),
    )


def _mapped(bank: Bank, skill: Skill, tube: int) -> MappedSkill:
    items = [bank.items[item_id] for item_id in bank.items_of_skill.get(skill.id, ())]
    untimed = tuple(item.id for item in items if item.timer is None)
    return MappedSkill(
        id=skill.id,
        competence=skill.competence,
        tube=tube,
        level=skill.level,
        bit=1 << (skill.level - 1),
        items=tuple(item.id for item in items),
        # A timed skill may still hold an item without timer, and the reverse: when the wish is "not timed", it is the
        # item shown that counts. Where there is no such item, the wish cannot be met and any item will do.
        untimed_items=untimed or tuple(item.id for item in items),
        timed=bool(items) and items[0].timer is not None,
    )
