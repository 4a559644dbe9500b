"""Where each item is worth most: the shares of use that the tuning starts from.

An item is good for some abilities and fair for others, and may be met by so many candidates of a group: where should it be
spent? A linear programme: the most information, two items a competence, no item above the cap in any crowd, none above
twice the cap in a segment. It is solved by prices: an item costs each crowd that meets it; in every segment the items worth
most after their price are taken; prices rise where demand exceeds the cap. The average of what was taken is the plan.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from exam.certification.parameters import MICRO
from exam.certification.rules import LENGTH, PER_COMPETENCE, SEGMENTS

if TYPE_CHECKING:
    from exam.certification.cohort import Passages
    from exam.certification.fixed import Floats
    from exam.certification.tables import Tables

STEPS = 1500
FIRST_STEP = 8.0
"""The first change of a price, in units of a test's information."""

BINS: Floats = np.linspace(-4.0, 4.0, 81)
"""True abilities are counted to a tenth of a logit."""

FORGOTTEN = 1 / 3
"""The share of the steps, at the beginning, that the plan leaves out of its average."""


class Stay(NamedTuple):
    """[crowd, segment]: the share of the test a crowd spends in a segment; [crowd, segment, item]: the item's worth there."""

    share: Floats
    worth: Floats


def worth_of(tables: Tables) -> Floats:
    """Return [ability, item]: the information of each item at each of `BINS`."""
    a = np.array([item.a for item in tables.items]) / MICRO
    b = np.array([item.b for item in tables.items]) / MICRO
    chance = 1.0 / (1.0 + np.exp(-a * (BINS[:, None] - b)))
    found: Floats = a**2 * chance * (1.0 - chance)
    return found


def count_stay(abilities: Floats, passages: Passages) -> Floats:
    """Return [segment, ability]: how many questions these people met in each segment."""
    place = np.clip(np.rint((abilities - BINS[0]) * 10), 0, len(BINS) - 1).astype(np.int64)
    both = passages.segments.astype(np.int64) * len(BINS) + place[:, None]
    counted = np.bincount(both.ravel(), minlength=SEGMENTS * len(BINS))
    found: Floats = counted.reshape(SEGMENTS, len(BINS)).astype(np.float64)
    return found


def stay_of(tables: Tables, counted: list[Floats], people: int) -> Stay:
    """Return where crowds of so many people stayed."""
    spent = np.stack(counted) / (people * LENGTH)
    return Stay(spent.sum(axis=2), spent @ worth_of(tables))


def planned(tables: Tables, stay: Stay, target: float) -> Floats:
    """Return [segment, item]: the share of a segment's tests that should hold the item."""
    plan = np.zeros((SEGMENTS, tables.count))
    for competence in range(len(tables.competences)):
        own = np.flatnonzero(tables.competence == competence)
        plan[:, own] = _plan(stay.share, stay.worth[:, :, own].mean(axis=0), target)
    return plan


def _plan(share: Floats, worth: Floats, target: float) -> Floats:
    """Return the plan of one competence."""
    segments, items = worth.shape
    taken = min(items, max(PER_COMPETENCE, int(PER_COMPETENCE / (2 * target))))
    rows = np.arange(segments)[:, None]
    prices, plan = np.zeros((len(share), items)), np.zeros_like(worth)
    for step in range(STEPS):
        net = worth - share.T @ prices
        use = np.zeros_like(worth)
        use[rows, np.argpartition(net, items - taken, axis=1)[:, -taken:]] = PER_COMPETENCE / taken
        if step >= FORGOTTEN * STEPS:
            plan += use
        excess = share @ use - target
        prices = np.maximum(prices + FIRST_STEP / LENGTH / sqrt(1 + step) * excess, 0.0)
    return plan / (STEPS - int(FORGOTTEN * STEPS))
