"""The thresholds of a bank, so that no item is met by more than a given share of the candidates of any ability group.

First a guess from the order of items alone; then rounds of simulation. In each round candidates of every group are led
through the bank; an item met too often in a group has its thresholds lowered in the segments where that group meets it, an
item met too rarely has them raised. A threshold answers to the group that presses most on it. The five groups are the
fifths of the reference population; the outer ones are also led as a weaker and a stronger centre would fill them, so that
the cap holds wherever the candidates come from. Floats are at home here: the result is integers, shipped with the bank.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from exam.certification.cohort import Cohort
from exam.certification.eligibility import ALWAYS, thresholds, without_enemies
from exam.certification.parameters import ParametersError
from exam.certification.rules import (
    GROUP_EDGES,
    LENGTH,
    PER_COMPETENCE,
    SEGMENT_EDGES,
    SEGMENT_OF_CELL,
    SEGMENTS,
)
from exam.certification.tables import CELL_MILLI

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

MARGIN = 0.953
"""Share of the target aimed at: the rest is for what simulation cannot see."""

CHUNK = 400
"""Candidates led together: their arrays then stay in the processor's cache."""

ONE = 1 << 32

_LEAST = -10.0
"""Lowest logarithm of a chance of eligibility."""


class Round(NamedTuple):
    """One round: candidates a crowd, the share of a correction applied, whether results are averaged, or only lowered."""

    people: int
    gain: float
    kind: Literal["plain", "averaged", "lowering"] = "plain"


ROUNDS: tuple[Round, ...] = (
    *[Round(600, 0.9)] * 3,
    *[Round(1000, 0.6)] * 5,
    *[Round(2000, 0.3, "averaged")] * 4,
    *[Round(4000, 0.3)] * 2,
    Round(8000, 0.6, "lowering"),
    Round(12_000, 0.7, "lowering"),
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
    *(Crowd(0.0, 1.0, group) for group in range(len(GROUP_EDGES) + 1)),
    Crowd(-SHIFT, 1.0, 0),
    Crowd(-SHIFT, 1.0, len(GROUP_EDGES)),
    Crowd(SHIFT, 1.0, 0),
    Crowd(SHIFT, 1.0, len(GROUP_EDGES)),
)


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
    logs = np.log((guessed(tables, aim).values + 1.0) / ONE)
    kept: list[Floats] = []
    for one in rounds:
        met = _met(tables, thresholds(tables, _integers(logs)), mode, one.people, chance)
        pressure = _pressure(met, aim)
        if one.kind == "lowering":
            pressure = np.maximum(pressure, 0.0)
        logs = np.clip(logs - one.gain * pressure, _LEAST, 0.0)
        if one.kind == "averaged":
            kept.append(logs)
        elif kept:
            logs, kept = np.mean([*kept, logs], axis=0), []
    return thresholds(tables, _integers(logs))


def guessed(tables: Tables, target: float) -> Thresholds:
    """Return thresholds from the order of items alone: near the target, with no promise kept.

    Each item, the best first, is eligible as often as its competence still misses one. Whole numbers of 2^-32, so that the
    same tables give the same thresholds everywhere.
    """
    aim = int(target * ONE)
    values = np.zeros((SEGMENTS, tables.count), dtype=np.uint32)
    for segment in range(SEGMENTS):
        cells = np.flatnonzero(segment == SEGMENT_OF_CELL)
        edge = {0: SEGMENT_EDGES[0] - 250, SEGMENTS - 1: SEGMENT_EDGES[-1] + 250}.get(segment)
        middle = int(cells[len(cells) // 2] if edge is None else np.searchsorted(CELL_MILLI, edge))
        for competence in range(len(tables.competences)):
            own = np.flatnonzero(tables.competence == competence)
            missing = [ONE] + [0] * (PER_COMPETENCE - 1)  # [k]: how often k items were eligible so far
            for item in own[np.argsort(tables.rank[middle, own])].tolist():
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
    """Return [crowd, segment, item]: the share of the crowd that meets the item while placed in the segment."""
    cohort = Cohort(tables, eligibility, mode)
    met = np.zeros((len(CROWDS), SEGMENTS * tables.count))
    for row, crowd in enumerate(CROWDS):
        for _, passages in led(cohort, crowd.abilities(people, chance), chance, even=True):
            asked = passages.items >= 0
            places = passages.segments.astype(np.int64) * tables.count + passages.items
            met[row] += np.bincount(places[asked], minlength=met.shape[1])
    return met.reshape(len(CROWDS), SEGMENTS, tables.count) / people


def _pressure(met: Floats, aim: float) -> Floats:
    """Return [segment, item]: by how much, in logarithm, the crowd that presses most exceeds the aim there."""
    excess = np.log(np.maximum(met.sum(axis=1), aim / 4) / aim)
    weighs = (met >= 0.15 * met.max(axis=0, keepdims=True)) & (met > 0.004)
    pressure = np.where(weighs, excess[:, None, :], -np.inf).max(axis=0)
    unmet: Floats = np.where(np.isneginf(pressure), -np.log(4.0), pressure)
    return unmet


def _integers(logs: Floats) -> Lots:
    return np.minimum(np.exp(logs) * 2.0**32, float(ALWAYS)).astype(np.uint32)


def _lots(people: int, count: int, chance: Generator) -> Lots:
    return chance.integers(0, 1 << 32, (people, count), dtype=np.uint32)


def _even_lots(people: int, count: int, chance: Generator) -> Lots:
    steps: NDArray[np.float64] = (np.arange(people)[:, None] + chance.random((people, count))) / people
    return (chance.permuted(steps, axis=0) * 2.0**32).astype(np.uint32)
