"""From what value a statistic of an answer pattern is rare: found by simulation for this bank, because theory misses.

With 32 adaptive questions the usual borders flag a third of the candidates they promise. So honest candidates are led through
the bank and the 5 % and 1 % points of two statistics kept: lz, the standardised likelihood of the answers at the estimated
ability (low is odd), and the range of the CUSUM of residuals (high is odd). They start a conversation, never a sanction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exam.certification.parameters import MICRO
from exam.certification.tuning import led
from exam.sealed_part import Critical

if TYPE_CHECKING:
    from numpy.random import Generator

    from exam.certification.cohort import Cohort, Passages
    from exam.certification.fixed import Floats


def critical_values(cohort: Cohort, candidates: int, chance: Generator) -> Critical:
    """Return the critical values among honest candidates of the reference population, N(0, 1)."""
    found = [
        _statistics(cohort, passages)
        for _, passages in led(cohort, chance.normal(0.0, 1.0, candidates), chance, even=False)
    ]
    lz, ranges = (np.concatenate(column) for column in zip(*found, strict=True))
    values = (*np.quantile(lz, (0.05, 0.01)), *np.quantile(ranges, (0.95, 0.99)))
    return Critical(candidates, *(round(float(value) * 1000) for value in values))


def _statistics(cohort: Cohort, passages: Passages) -> tuple[Floats, Floats]:
    """Return lz and the CUSUM range of each candidate; questions that were not asked weigh nothing."""
    items = cohort.tables.items
    slopes = np.array([item.a for item in items])[passages.items] / MICRO
    places = np.array([item.b for item in items])[passages.items] / MICRO
    asked = passages.items >= 0
    logits = slopes * (passages.ability[:, None] / 1000 - places)
    chances = 1.0 / (1.0 + np.exp(-logits))
    residuals = np.where(asked, passages.right - chances, 0.0)
    spread = np.where(asked, logits**2 * chances * (1.0 - chances), 0.0).sum(axis=1)
    lz = (residuals * logits).sum(axis=1) / np.sqrt(np.maximum(spread, 1e-12))
    high = low = np.zeros(len(residuals))
    top, bottom = high.copy(), low.copy()
    for column in (residuals / np.maximum(asked.sum(axis=1, keepdims=True), 1)).T:
        high, low = np.maximum(0.0, high + column), np.minimum(0.0, low + column)
        top, bottom = np.maximum(top, high), np.minimum(bottom, low)
    return lz, top - bottom
