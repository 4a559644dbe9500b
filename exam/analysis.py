"""What a group still has to learn: how strongly each topic is recommended, the level it reached, its mastery.

The score of a topic is low when it should be worked on first. For one participant, with S the targeted skills of the
topic, D their highest level, M the highest level of the whole course, V the validated skills of S, L the highest
validated level (0 if none) and N the lowest level not validated (D when all are):

    40 L/D + 30 D/M + 20 |V|/|S| + (10 L/N when V is not empty)

A group's score is the mean over those who sent results. Everything is an exact fraction until it is shown.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from exam.rounding import Tally, round_half_up

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from exam.campaign.course_map import CourseMap

DOT_BOUNDS = (25, 50, 75)
"""Scores up to which a topic has four, three and two dots; above the last it has one."""


class Topic(NamedTuple):
    """A topic of a course: the levels of its targeted skills, as bits (level 1 is the lowest bit)."""

    id: str
    competence: str
    targeted: int


class TopicAnalysis(NamedTuple):
    """What a group knows of one topic: a recommendation, the mean level reached out of the top one, mean mastery.

    `level` is in tenths, `mastery` in whole percent, `validated` and `targeted` count skills over everybody.
    """

    topic: str
    competence: str
    score: Fraction
    dots: int
    level: int
    top: int
    mastery: int


def topics_of(course: CourseMap) -> list[Topic]:
    """Return the topics of a course that target at least one skill, in the order of the course."""
    return [Topic(tube.topic, tube.competence, tube.targeted) for tube in course.tubes if tube.targeted]


def top_level(topics: Collection[Topic]) -> int:
    """Return the highest targeted level of a course, 0 when it has no topic."""
    return max((topic.targeted.bit_length() for topic in topics), default=0)


def recommendation(targeted: int, validated: int, highest: int) -> Fraction:
    """Return the score of a topic for one participant, 0 to 100; masks of levels, and the course's highest level.

    Raises ValueError when the topic targets nothing.
    """
    if not targeted or not highest:
        raise ValueError("a topic without targeted skills has no score")
    known = targeted & validated
    missing = targeted & ~known
    top, reached = targeted.bit_length(), known.bit_length()
    lowest_missing = (missing & -missing).bit_length() if missing else top
    score = Fraction(40 * reached, top) + Fraction(30 * top, highest)
    score += Fraction(20 * known.bit_count(), targeted.bit_count())
    return score + (Fraction(10 * reached, lowest_missing) if known else 0)


def dots(score: Fraction) -> int:
    """Return how many dots a score is shown as: four for the topics most recommended, one for the least."""
    return 4 - sum(score > bound for bound in DOT_BOUNDS)


def analyse(topics: Sequence[Topic], everybody: Sequence[Sequence[int]]) -> list[TopicAnalysis]:
    """Return one analysis a topic, in the order given; `everybody` holds one validated mask a topic for each participant.

    Nobody gives an empty list: there is nothing to recommend before a first result.
    """
    if not everybody:
        return []
    highest = top_level(topics)
    columns = zip(*everybody, strict=True)
    return [_one(topic, Counter(column), highest) for topic, column in zip(topics, columns, strict=True)]


def _one(topic: Topic, held: Counter[int], highest: int) -> TopicAnalysis:
    # Few masks are distinct however many take part: each is worked out once.
    people = held.total()
    score = sum(
        (count * recommendation(topic.targeted, mask, highest) for mask, count in held.items()), Fraction(0)
    )
    levels = sum(count * (topic.targeted & mask).bit_length() for mask, count in held.items())
    validated = sum(count * (topic.targeted & mask).bit_count() for mask, count in held.items())
    return TopicAnalysis(
        topic=topic.id,
        competence=topic.competence,
        score=score / people,
        dots=dots(score / people),
        level=round_half_up(Fraction(10 * levels, people)),
        top=topic.targeted.bit_length(),
        mastery=round_half_up(Fraction(100 * validated, people * topic.targeted.bit_count())),
    )


def by_relevance(found: Sequence[TopicAnalysis], *, least_first: bool = False) -> list[TopicAnalysis]:
    """Return the topics most recommended first, or last; those that tie stay in the order of the course."""
    return sorted(found, key=lambda one: -one.score if least_first else one.score)


def mean_mastery(held: Mapping[tuple[int, int], int]) -> int | None:
    """Return the mean of shares in whole percent, None without any; how many hold each (validated, targeted)."""
    people = sum(held.values())
    if not people:
        return None
    # Few shares are distinct however many take part: each is worked out once.
    total = sum((count * Tally(*share).share() for share, count in held.items()), Fraction(0))
    return round_half_up(100 * total / people)
