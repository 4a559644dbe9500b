"""From prices to thresholds: how eligible each item is where, given what it costs to be met there.

Each item has a price in each ability group, in the unit of information: what the candidates who would miss it there could
do with it. In a segment an item is worth its information there less the prices of the groups such candidates come from. The
chance to be eligible falls with worth over `SOFTNESS` from 1 to `TAIL`, then on by a factor of e over each `SOFTNESS`, so
that a competence hardly ever has none; where it begins to fall follows from `ELIGIBLE`. An item that nearly nobody pays for
is always eligible: it does no harm, and open use draws it. So a scarce item is kept for where it is worth most, whereas
lowering its chance alike wherever a group meets it would take it away there too. Information is measured against the bank's
own best items, so that a bank of weak slopes is treated alike.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from exam.certification.eligibility import ALWAYS, thresholds
from exam.certification.rules import GROUP_EDGES, SEGMENT_EDGES, SEGMENT_OF_CELL, SEGMENTS
from exam.certification.tables import CELL_MILLI

if TYPE_CHECKING:
    from exam.certification.eligibility import Thresholds
    from exam.certification.fixed import Floats
    from exam.certification.tables import Tables

GROUPS = len(GROUP_EDGES) + 1

ELIGIBLE = 5.0
"""Items of a competence above the tail, in sum of how far above it they are."""

SOFTNESS = 0.375
"""Over how much value a chance falls from 1 to the tail; in informations of a best item, as the two below."""

TAIL = 0.3
"""The chance where the tail begins."""

NO_PRICE = 0.0375
"""Over how much price the chance of an item without any falls by a factor of e."""

BLUR = 0.2
"""Deviation, in logits, of the abilities of those estimated in the middle of a segment."""

HALVINGS = 30


def middle(segment: int) -> int:
    """Return the cell in the middle of a segment; of an outer one, a quarter of a logit beyond its edge."""
    edge = {0: SEGMENT_EDGES[0] - 250, SEGMENTS - 1: SEGMENT_EDGES[-1] + 250}.get(segment)
    if edge is not None:
        return int(np.searchsorted(CELL_MILLI, edge))
    cells = np.flatnonzero(segment == SEGMENT_OF_CELL)
    return int(cells[len(cells) // 2])


MIDDLES: tuple[int, ...] = tuple(middle(segment) for segment in range(SEGMENTS))


class Market:
    """What the items of a bank are worth in each segment; `unit` is the information of a best item."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._worth: Floats = tables.information[list(MIDDLES)] / float(1 << 24)
        self._of_competence = [
            np.flatnonzero(tables.competence == one) for one in range(len(tables.competences))
        ]
        self._adjusted = np.array([item.access == "adjusted" for item in tables.items])
        self._shares = np.array([_shares(int(CELL_MILLI[cell]) / 1000) for cell in MIDDLES])
        self.unit = float(np.mean([self._worth[:, own].max(axis=1) for own in self._of_competence]))

    def thresholds(self, prices: Floats) -> Thresholds:
        """Return thresholds at these [group, item] prices, in units of information."""
        paid: Floats = self._shares @ prices
        value = self._worth / self.unit - paid
        chances = np.exp(-paid / NO_PRICE)
        for own in self._of_competence:
            over = (value[:, own] - _cut(np.where(self._adjusted[own], -np.inf, value[:, own]))) / SOFTNESS
            likely = TAIL * np.exp(np.minimum(over, 0.0)) + (1.0 - TAIL) * np.clip(over, 0.0, 1.0)
            chances[:, own] = np.maximum(chances[:, own], likely)
        chances[:, self._adjusted] = 1.0  # no crowd meets them: they are for few, and priced by nobody
        return thresholds(self._tables, np.minimum(chances * 2.0**32, float(ALWAYS)).astype(np.uint32))


def _shares(ability: float) -> list[float]:
    """Return from which groups those estimated at this ability come."""
    spread = NormalDist(ability, BLUR)
    edges = [0.0, *(spread.cdf(edge / 1000) for edge in GROUP_EDGES), 1.0]
    return [high - low for low, high in pairwise(edges)]


def _cut(value: Floats) -> Floats:
    """Return, a segment a row, the value where the tail ends, so that `ELIGIBLE` items lie above it where so many exist."""
    finite = np.where(np.isfinite(value), value, 0.0)
    low, high = finite.min(axis=1) - 2 * SOFTNESS, finite.max(axis=1)
    for _ in range(HALVINGS):
        half = (low + high) / 2
        many = np.clip((value - half[:, None]) / SOFTNESS, 0.0, 1.0).sum(axis=1) > ELIGIBLE
        low, high = np.where(many, half, low), np.where(many, high, half)
    cut: Floats = low[:, None]
    return cut
