"""The bank every figure of the engine is measured on: 800 invented items of a published description.

16 competences of 50 items, 25 topics of 2 items each; slopes log-normal (0.15, 0.30) kept in 0.4 to 2.5, difficulties normal
(0, 1.2); 100 pairs of enemies across competences. Drawn from a hash: the same bank everywhere, another for each seed.
"""

from __future__ import annotations

from math import exp
from statistics import NormalDist

from exam.certification.parameters import MICRO, Parameters, ordered
from exam.seed import Draw

COMPETENCES, TOPICS, ITEMS_OF_TOPIC, ENEMY_PAIRS = 16, 25, 2, 100
_NORMAL = NormalDist()
_WIDE = 1 << 53


def reference_bank(seed: int = 1) -> list[Parameters]:
    """Return the 800 items, by id."""
    draw = Draw(b"preau.reference-bank", str(seed))
    items = [
        _item(draw, competence, topic, place)
        for competence in range(COMPETENCES)
        for topic in range(TOPICS)
        for place in range(ITEMS_OF_TOPIC)
    ]
    for first, second in _pairs(draw, len(items)):
        items[first] = _with_enemy(items[first], items[second].id)
    return ordered(items)


def _normal(draw: Draw) -> float:
    return _NORMAL.inv_cdf((draw.below(_WIDE - 1) + 1) / _WIDE)


def _item(draw: Draw, competence: int, topic: int, place: int) -> Parameters:
    slope = min(2.5, max(0.4, exp(0.15 + 0.30 * _normal(draw))))
    difficulty = 1.2 * _normal(draw)
    name = f"c{competence + 1:02}t{topic + 1:02}"
    return Parameters(
        f"{name}-{place + 1}",
        round(slope * MICRO),
        round(difficulty * MICRO),
        f"c{competence + 1:02}",
        name,
        f"{name}-{place + 1}",
    )


def _pairs(draw: Draw, count: int) -> list[tuple[int, int]]:
    """Draw pairs of items of two competences, each item in one pair at most."""
    of_competence = TOPICS * ITEMS_OF_TOPIC
    free = draw.shuffle(range(count))
    pairs: list[tuple[int, int]] = []
    while len(pairs) < ENEMY_PAIRS:
        first = free.pop()
        other = next(one for one in reversed(free) if one // of_competence != first // of_competence)
        free.remove(other)
        pairs.append((first, other))
    return pairs


def _with_enemy(item: Parameters, enemy: str) -> Parameters:
    return Parameters(item.id, item.a, item.b, item.competence, item.topic, item.skill, (enemy,))
