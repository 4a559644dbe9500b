"""What no way of choosing and estimating can beat on a bank: a lower bound of the error under the rules.

The Bayesian Cramér-Rao (van Trees) inequality: whatever estimates an ability of a normal population, its mean square error
is at least 1 / (1/sd² + E[I]), I being the information of the items asked. E[I] is bounded by linear programming duality:
with a price on each item in each ability group, a test of two items a competence is worth at most its two best items after
price, and the prices pay for the exposure cap. Any prices of at least 0 give a sound bound; some are found here that come
close to the best. Topics, enemies and not knowing the ability while choosing are left out, so the true limit lies higher.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from exam.certification.parameters import MICRO
from exam.certification.rules import GROUP_EDGES, PER_COMPETENCE

if TYPE_CHECKING:
    from exam.certification.fixed import Floats, Ints
    from exam.certification.tables import Tables

REACH = 6.0
"""How far from the mean, in standard deviations, abilities are counted: beyond lie two in a thousand million."""

STEPS = 500
COARSE, FINE = 24, 240
"""Abilities a group's share of the population is cut into, of equal weight: while prices are sought, and for the bound."""

FIRST_STEP = 0.6
"""The first change of a price, in units of information for a whole exposure."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The most information, and the least error in logits, that the rules allow in a population."""

    information: float
    rmse: float


class _Group(NamedTuple):
    """Abilities of one group, all of the same weight, and the group's share of the population."""

    abilities: Floats
    share: float


def bound(tables: Tables, target: float, mean: float, deviation: float) -> Bound:
    """Return the bound for a normal population, no item met by more than `target` of any ability group."""
    a = np.array([item.a for item in tables.items]) / MICRO
    b = np.array([item.b for item in tables.items]) / MICRO
    competence = tables.competence.astype(np.int64)
    found = 0.0
    for coarse, fine in zip(_groups(mean, deviation, COARSE), _groups(mean, deviation, FINE), strict=True):
        for one in range(len(tables.competences)):
            own = np.flatnonzero(competence == one)
            prices = _prices(_information(a[own], b[own], coarse.abilities), target)
            worth = _information(a[own], b[own], fine.abilities) - prices
            found += fine.share * (target * float(prices.sum()) + float(_best(worth).sum(axis=1).mean()))
    return Bound(found, 1 / sqrt(1 / deviation**2 + found))


def _groups(mean: float, deviation: float, count: int) -> list[_Group]:
    """Return the ability groups of a population, each as the middles of `count` slices of equal weight."""
    population = NormalDist(mean, deviation)
    low, high = (population.cdf(mean + side * REACH * deviation) for side in (-1, 1))
    edges = [low, *(min(max(population.cdf(edge / 1000), low), high) for edge in GROUP_EDGES), high]
    groups = []
    for begin, end in pairwise(edges):
        middles = [begin + (end - begin) * (place + 0.5) / count for place in range(count)]
        abilities = np.array([population.inv_cdf(min(max(one, 1e-12), 1 - 1e-12)) for one in middles])
        groups.append(_Group(abilities, end - begin))
    return groups


def _information(a: Floats, b: Floats, abilities: Floats) -> Floats:
    chance = 1.0 / (1.0 + np.exp(-a * (abilities[:, None] - b)))
    found: Floats = a**2 * chance * (1.0 - chance)
    return found


def _best(worth: Floats) -> Floats:
    """Return [ability, k]: the worth of the items of the best test."""
    count = min(PER_COMPETENCE, worth.shape[1])
    return np.partition(worth, worth.shape[1] - count, axis=1)[:, -count:]


def _chosen(worth: Floats) -> Ints:
    count = min(PER_COMPETENCE, worth.shape[1])
    found: Ints = np.argpartition(worth, worth.shape[1] - count, axis=1)[:, -count:]
    return found


def _prices(information: Floats, target: float) -> Floats:
    """Return good prices of a competence's items in a group: raised where demand exceeds the cap, lowered elsewhere."""
    people, items = information.shape
    prices, best, least = np.zeros(items), np.zeros(items), np.inf
    for step in range(STEPS):
        worth = information - prices
        chosen = _chosen(worth)
        value = target * prices.sum() + np.take_along_axis(worth, chosen, axis=1).sum() / people
        if value < least:
            best, least = prices, value
        demand = np.bincount(chosen.ravel(), minlength=items) / people
        prices = np.maximum(prices + FIRST_STEP / sqrt(1 + step) * (demand - target), 0.0)
    return best
