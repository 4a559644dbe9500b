"""The thresholds of a bank, so that no item is met by more than a given share of the candidates of any ability group.

Rounds of simulation set a price on each item in each group (`exam.certification.prices` makes thresholds of them). In each
round candidates of every group are led through the bank; the price of an item met too often in a group rises there, that of
an item met too rarely falls, to nothing at least. The five groups are the fifths of the reference population, led as a
weaker and a stronger centre would fill them, so that the cap holds wherever the candidates come from. Floats are at home here: the result is integers, shipped with the bank.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from exam.certification.cohort import Cohort
from exam.certification.eligibility import ALWAYS, thresholds, without_enemies
from exam.certification.parameters import ParametersError
from exam.certification.prices import GROUPS, MIDDLES, Market
from exam.certification.rules import GROUP_EDGES, LENGTH, PER_COMPETENCE, SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    from exam.certification.cohort import Passages
    from exam.certification.eligibility import Lots, Thresholds
    from exam.certification.fixed import Floats
    from exam.certification.rules import Mode
    from exam.certification.tables import Tables

SHIFT = 0.7
"""How far, in logits, a centre's mean ability may lie from the reference population's in the tuning."""

MARGIN = 0.945
"""Share of the target aimed at: the rest is for what simulation cannot see."""

CHUNK = 400
"""Candidates led together: their arrays then stay in the processor's cache."""

ONE = 1 << 32


class Round(NamedTuple):
    """One round: candidates a crowd, by how much a price changes for a whole exposure too many, and what is made of it.

    Prices of averaged rounds are averaged with those of the next plain one; lowering rounds lower exposures only.
    """

    people: int
    gain: float
    kind: Literal["plain", "averaged", "lowering"] = "plain"


ROUNDS: tuple[Round, ...] = (
    *[Round(300, 1.0)] * 5,
    *[Round(500, 1.2)] * 5,
    *[Round(1000, 1.2)] * 5,
    *[Round(2000, 1.2, "averaged")] * 4,
    Round(3000, 0.6),
    *[Round(5000, 2.5, "lowering")] * 3,
)


ROUGH: tuple[Round, ...] = tuple(Round(one.people // 10, one.gain, one.kind) for one in ROUNDS)
"""A tenth of the candidates: to try a table out, not to ship its thresholds."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The candidates of one ability group of a normal population, abilities in logits."""

    mean: float
    deviation: float
    group: int

    def share(self) -> tuple[float, float]:
        """Return the quantiles of the population between which the group lies."""
        population = NormalDist(self.mean, self.deviation)
        edges = [0.0, *(population.cdf(edge / 1000) for edge in GROUP_EDGES), 1.0]
        return edges[self.group], edges[self.group + 1]

    def abilities(self, people: int, chance: Generator) -> Floats:
        """Return evenly spread members of the group, in a drawn order."""
        low, high = self.share()
        inverse = NormalDist(self.mean, self.deviation).inv_cdf
        steps = [low + (high - low) * (place + 0.5) / people for place in range(people)]
        spread = np.array([inverse(min(max(step, 1e-12), 1 - 1e-12)) for step in steps])
        return chance.permutation(spread)


CROWDS: tuple[Crowd, ...] = (
    *(Crowd(mean, 1.0, group) for mean in (-SHIFT, SHIFT) for group in range(GROUPS)),
    Crowd(0.0, 1.0, 0),
    Crowd(0.0, 1.0, GROUPS - 1),
)
"""Every group of a weaker and of a stronger centre; of the reference population the two whose members differ widely."""


def tune(
    tables: Tables,
    target: float,
    chance: Generator,
    mode: Mode = "precise",
    rounds: tuple[Round, ...] = ROUNDS,
) -> Thresholds:
    """Return thresholds under which no item is met by more than `target` of any group, as far as the bank allows.

    Raises `ParametersError` when the target is out of range.
    """
    if not 0 < target <= 1:
        raise ParametersError(detail="the target exposure must be above 0 and at most 1")
    aim = target * MARGIN
    market = Market(tables)
    prices: Floats = np.zeros((GROUPS, tables.count))
    kept: list[Floats] = []
    for one in rounds:
        excess = _met(tables, market.thresholds(prices), mode, one.people, chance) - aim
        if one.kind == "lowering":
            excess = np.maximum(excess, 0.0)
        prices = np.maximum(prices + one.gain * excess, 0.0)
        if one.kind == "averaged":
            kept.append(prices)
        elif kept:
            prices, kept = np.mean([*kept, prices], axis=0), []
    return market.thresholds(prices)


def guessed(tables: Tables, target: float) -> Thresholds:
    """Return thresholds from the order of items alone: near the target, with no promise kept.

    Each item, the best first, is eligible as often as its competence still misses one. Whole numbers of 2^-32, so that the
    same tables give the same thresholds everywhere.
    """
    aim = int(target * ONE)
    values = np.zeros((SEGMENTS, tables.count), dtype=np.uint32)
    for segment in range(SEGMENTS):
        for competence in range(len(tables.competences)):
            own = np.flatnonzero(tables.competence == competence)
            missing = [ONE] + [0] * (PER_COMPETENCE - 1)  # [k]: how often k items were eligible so far
            for item in own[np.argsort(tables.rank[MIDDLES[segment], own])].tolist():
                chance = min(ONE, aim * ONE // max(sum(missing), 1))
                values[segment, item] = min(chance, ALWAYS)
                came = [0, *(one * chance // ONE for one in missing[:-1])]
                missing = [
                    one * (ONE - chance) // ONE + more for one, more in zip(missing, came, strict=True)
                ]
    return thresholds(tables, values)


def led(
    cohort: Cohort, abilities: Floats, chance: Generator, *, even: bool
) -> Iterator[tuple[slice, Passages]]:
    """Lead people through a bank a chunk at a time; `even` spreads each item's lots evenly, which sharpens the counts."""
    tables = cohort.tables
    for begin in range(0, len(abilities), CHUNK):
        part = slice(begin, min(begin + CHUNK, len(abilities)))
        people = part.stop - part.start
        lots = _even_lots(people, tables.count, chance) if even else _lots(people, tables.count, chance)
        mix = _lots(people, tables.count, chance) if cohort.mode == "open" else None
        chances = chance.random((people, LENGTH))
        yield part, cohort.lead(abilities[part], without_enemies(tables, lots), mix, chances)


def _met(tables: Tables, eligibility: Thresholds, mode: Mode, people: int, chance: Generator) -> Floats:
    """Return [group, item]: the share that meets the item in the crowd of the group that meets it most."""
    cohort = Cohort(tables, eligibility, mode)
    most = np.zeros((GROUPS, tables.count))
    for crowd in CROWDS:
        met = np.zeros(tables.count)
        for _, passages in led(cohort, crowd.abilities(people, chance), chance, even=True):
            met += np.bincount(passages.items[passages.items >= 0], minlength=tables.count)
        most[crowd.group] = np.maximum(most[crowd.group], met / people)
    return most


def _lots(people: int, count: int, chance: Generator) -> Lots:
    return chance.integers(0, 1 << 32, (people, count), dtype=np.uint32)


def _even_lots(people: int, count: int, chance: Generator) -> Lots:
    steps: NDArray[np.float64] = (np.arange(people)[:, None] + chance.random((people, count))) / people
    return (chance.permuted(steps, axis=0) * 2.0**32).astype(np.uint32)
