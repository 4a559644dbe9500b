"""The campaign engine of one course: where knowledge starts, what an answer teaches, which question comes next.

The first question is a gentle one: level 2 on an easy topic, without a timer. Then the engine asks what it expects to
settle most: among skills at most two levels above the estimate, easy topics before others, no timed question after a
timed one where that can be avoided. Preferences narrow the choice and never empty it; the sitting ends when no skill is
left within reach. Ties are broken by a keyed hash of the participation and the bank. Integers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from exam.campaign.course_map import map_course
from exam.campaign.knowledge import Knowledge, learn, learn_elsewhere, nothing_known
from exam.campaign.reward import best_of_tube
from exam.courses import NONE_MADE, course_of
from exam.seed import hash_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exam.bank import Bank
    from exam.campaign.course_map import MappedSkill, Tube
    from exam.campaign.reward import Best
    from exam.content import Course
    from exam.events import Known

T = TypeVar("T")

ENGINE = "campaign/1"
"""Name and version of the rules; a sitting is replayed by the version that led it."""

FIRST_LEVEL = 2
"""Difficulty preferred for a first question, and the level reported while nothing was answered."""


class Choice(NamedTuple):
    """What to ask next; `level` is the skill's."""

    skill: str
    item: str
    level: int


class CampaignEngine:
    """The rules bound to one course of one bank; holds nothing of any pupil."""

    def __init__(self, bank: Bank, course: str, made: Mapping[str, Course] = NONE_MADE) -> None:
        """Lay the course out, one of the bank or of those a school `made`; raises `UnknownCourse`."""
        self.bank = bank
        self.course = course
        self.definition = course_of(bank, course, made)
        self.map = map_course(bank, self.definition)
        self._levels = {skill.id: skill.level for skill in bank.skills.values()}
        self._easy = tuple(tube for tube in self.map.tubes if tube.easy)
        self._others = tuple(tube for tube in self.map.tubes if not tube.easy)
        # What a tube's best skills are depends on few things; each case is worked out once, when first met.
        self._best: dict[tuple[int, int, int, bool], Best] = {}
        self._learnt: tuple[Knowledge, str, bool, Knowledge] | None = None

    def start(self, prior: Iterable[Known]) -> Knowledge:
        """Return what is known at the opening, from earlier sittings."""
        return self.carry(nothing_known(self.map), prior)

    def carry(self, knowledge: Knowledge, known: Iterable[Known]) -> Knowledge:
        """Return the knowledge with results obtained elsewhere added."""
        return learn_elsewhere(self.map, self._levels, knowledge, known)

    def learn(self, knowledge: Knowledge, skill: str, *, solved: bool) -> Knowledge:
        """Return the knowledge after an answer; an untargeted or settled skill changes nothing."""
        last = self._learnt
        # An answer is learnt from twice, to decide what follows and then to apply it; knowledge is a value, never changed.
        if last is not None and last[0] is knowledge and last[1] == skill and last[2] is solved:
            return last[3]
        mapped = self.map.skills.get(skill)
        after = knowledge if mapped is None else learn(knowledge, mapped, solved=solved)
        self._learnt = (knowledge, skill, solved, after)
        return after

    def next(self, knowledge: Knowledge, seed: bytes, number: int, *, last_timed: bool) -> Choice | None:
        """Return question `number` (from 1), None when nothing is left to ask; `last_timed` if the last had a timer.

        An item is never asked twice: answering an item settles its skill, and settled skills are not asked.
        """
        if number == 1:
            skills, untimed_wished = self._first(knowledge), True
        else:
            skills, untimed_wished = self._following(knowledge, untimed=last_timed), last_timed
        if not skills:
            return None
        skill = _pick(skills, seed, b"skill:%d" % number)
        items = skill.untimed_items if untimed_wished else skill.items
        return Choice(skill.id, _pick(items, seed, b"item:%d" % number), skill.level)

    def _first(self, knowledge: Knowledge) -> list[MappedSkill]:
        tubes = [tube for tube in self.map.tubes if tube.playable & knowledge.untested[tube.index]]
        tubes = [tube for tube in tubes if tube.easy] or tubes
        skills = [skill for tube in tubes for skill in tube.skills(_askable(tube, knowledge))]
        skills = [skill for skill in skills if not skill.timed] or skills
        level = min((skill.level for skill in skills), default=0)
        if any(skill.level == FIRST_LEVEL for skill in skills):
            level = FIRST_LEVEL
        return [skill for skill in skills if skill.level == level]

    def _following(self, knowledge: Knowledge, *, untimed: bool) -> list[MappedSkill]:
        halves = knowledge.level()
        for tubes in (self._easy, self._others):
            skills = self._most_rewarding(tubes, knowledge, halves, untimed_only=untimed)
            if untimed and not skills:
                skills = self._most_rewarding(tubes, knowledge, halves, untimed_only=False)
            if skills:
                return skills
        return []

    def _most_rewarding(
        self, tubes: tuple[Tube, ...], knowledge: Knowledge, halves: int, *, untimed_only: bool
    ) -> list[MappedSkill]:
        best: int = 0
        skills: list[MappedSkill] = []
        memo, untested = self._best, knowledge.untested
        for tube in tubes:
            mask = untested[tube.index]
            if not mask:
                continue
            case = (tube.index, mask, halves, untimed_only)
            found = memo.get(case)
            if found is None:
                found = memo[case] = best_of_tube(tube, mask, halves, untimed_only=untimed_only)
            if found[0] > best:
                best, skills = found[0], [*found[1]]
            elif found[0] == best:
                skills.extend(found[1])
        return skills


def _askable(tube: Tube, knowledge: Knowledge) -> int:
    return tube.playable & knowledge.untested[tube.index]


def _pick(values: list[T] | tuple[T, ...], seed: bytes, label: bytes) -> T:
    return values[0] if len(values) == 1 else values[hash_below(seed, label, len(values))]
