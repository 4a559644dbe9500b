"""What a question would teach us: the skills it is expected to settle, and which skills of a topic promise most.

reward = p x (unsettled skills of the topic no harder) + (1 - p) x (unsettled skills no easier), the skill itself in both,
p the chance of success at the estimated level. Exact integers in units of 2**-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.campaign.probability import ONE, probability

if TYPE_CHECKING:
    from exam.campaign.course_map import MappedSkill, Tube

Best = tuple[int, tuple["MappedSkill", ...]]
"""The highest reward of a topic and the skills that reach it, in ascending level."""

MAX_GAP = 4
"""In halves: a skill more than two levels above the estimate is too hard to ask."""


def reward(untested: int, level: int, halves: int) -> int:
    """Return the reward of asking the unsettled skill of `level`, `untested` being the topic's unsettled skills."""
    easier = (untested & ((1 << level) - 1)).bit_count()
    harder = (untested >> (level - 1)).bit_count()
    chance = probability(halves, level)
    return chance * easier + (ONE - chance) * harder


def best_of_tube(tube: Tube, untested: int, halves: int, *, untimed_only: bool) -> Best:
    """Return the best skills of a tube that may be asked at this level; (0, ()) when there is none."""
    best, skills = 0, []
    askable = untested & tube.playable
    if untimed_only:
        askable &= ~tube.timed
    for skill in tube.skills(askable):
        if 2 * skill.level - halves > MAX_GAP:
            break
        value = reward(untested, skill.level, halves)
        if value > best:
            best, skills = value, [skill]
        elif value == best:
            skills.append(skill)
    return best, tuple(skills)
