"""What 32 answers say of each competence: probabilities over levels, never a bare level.

Two questions cannot carry a level of their own. So the ability in a competence is taken as the common ability, scaled, plus
a part of its own; correlations between competences are 0.8. For each competence the answers of the fifteen others give the
common ability, which with its own answers gives the probabilities. Whole numbers throughout: weights are rescaled to 2^24
after each product, rounded down, so any machine finds the same ones.
"""

from __future__ import annotations

from decimal import Context
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from exam.certification.fixed import settle
from exam.certification.posterior import PRIOR, SHIFT, weights
from exam.certification.tables import EXP, POINT_MILLI

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from exam.certification.fixed import Floats, Ints
    from exam.certification.scale import Scale
    from exam.certification.tables import Tables

BITS = 24
SPREAD_BITS = 20

EVERY_OTHER: Ints = POINT_MILLI[::2]
"""Abilities in a competence, every fifth of a logit: its two answers say no more."""

OWN_PART = 5
"""One fifth of the variance of a competence's ability is its own."""

LOADING_MICRO = 894_427
"""The share of the common ability in a competence's, the square root of four fifths, in millionths."""

_DECIMAL = Context(prec=50)


def _spread() -> Ints:
    """Return [own, common]: the density of a competence's ability given the common one, in units of 2^-20."""
    # in 10^-12 logit
    gap = EVERY_OTHER[:, None] * 10**9 - EVERY_OTHER[None, :] * 1000 * LOADING_MICRO
    pico = 10**12

    def exact(index: int) -> Decimal:
        square = _DECIMAL.divide(int(gap.flat[index]) ** 2 * OWN_PART, 2 * pico**2)
        return _DECIMAL.multiply(_DECIMAL.exp(-square), 1 << SPREAD_BITS)

    return settle(np.exp(-((gap / float(pico)) ** 2) * OWN_PART / 2) * float(1 << SPREAD_BITS), exact)


SPREAD: Ints = _spread()
_SPREAD: Floats = SPREAD.astype(np.float64)


def level_shares(tables: Tables, scale: Scale, given: Sequence[tuple[int, bool]]) -> dict[str, list[int]]:
    """Return, by competence, the probability in thousandths of each level 0 to 7; the thousandths add up to 1000."""
    logs = _own_logs(tables, given)
    steps = logs.max(axis=1, keepdims=True) - logs
    own: Ints = EXP.take(steps >> SHIFT, mode="clip")
    common = _rescaled(_product(own, _SPREAD))
    others = _outside(common, weights(PRIOR)[None, ::2])
    posterior = _rescaled(own * _rescaled(_product(others, _SPREAD.T)))
    by_level = posterior @ _levels_of_points(scale)
    return dict(zip(tables.competences, _thousandths(by_level), strict=True))


def _own_logs(tables: Tables, given: Sequence[tuple[int, bool]]) -> Ints:
    """Return [competence, point]: the log-likelihood of the answers in each competence."""
    logs = np.zeros((len(tables.competences), len(EVERY_OTHER)), dtype=np.int64)
    if given:
        item, right = np.array(given, dtype=np.int64).T
        competence = tables.competence[item]
        order = np.argsort(competence, kind="stable")
        item, right, competence = item[order], right[order, None], competence[order]
        rows = np.where(right, tables.log_right[item, ::2], tables.log_wrong[item, ::2])
        begins = np.flatnonzero(np.diff(competence, prepend=-1))
        logs[competence[begins]] = np.add.reduceat(rows, begins, axis=0)
    return logs


def _product(weight: Ints, spread: Floats) -> Ints:
    """Return the matrix product of weights below 2^24 with the spread, below 2^21.

    The floats hold whole numbers whose sums over 61 points stay below 2^51: nothing is ever rounded, in whatever order a
    library adds, so these are the integers themselves, ten times sooner.
    """
    exact: Ints = (weight.astype(np.float64) @ spread).astype(np.int64)
    return exact


@lru_cache(maxsize=8)
def _levels_of_points(scale: Scale) -> Ints:
    """Return [point, level] in halves: a point on a cut belongs half to the level below and half to the one above."""
    cuts, levels = np.array(scale.cuts), np.arange(len(scale.cuts) + 1)
    sides = [np.searchsorted(cuts, EVERY_OTHER, side=side)[:, None] == levels for side in ("left", "right")]
    halves: Ints = sides[0].astype(np.int64) + sides[1]
    return halves


def _outside(rows: Ints, start: Ints) -> Ints:
    """Return, for each row, the product of `start` and of all the other rows, halving the rows again and again."""
    if len(rows) == 1:
        return start
    even = np.concatenate([rows, np.ones((len(rows) % 2, rows.shape[1]), dtype=np.int64)])
    pairs = _outside(_rescaled(even[0::2] * even[1::2]), start)
    found = np.empty_like(even)
    found[0::2], found[1::2] = _rescaled(pairs * even[1::2]), _rescaled(pairs * even[0::2])
    outside: Ints = found[: len(rows)]
    return outside


def _rescaled(weight: Ints) -> Ints:
    """Return each row, whose values are below 2^53, brought below 2^24 by a shift."""
    bits = np.frexp(weight.max(axis=1, keepdims=True).astype(np.float64))[1].astype(np.int64)
    scaled: Ints = weight >> np.maximum(bits - BITS, 0)
    return scaled


def _thousandths(rows: Ints) -> list[list[int]]:
    """Return each row as shares of a thousand by largest remainder, the lower level first among equal remainders."""
    total = rows.sum(axis=1, keepdims=True)
    shares, remainder = 1000 * rows // total, 1000 * rows % total
    missing = 1000 - shares.sum(axis=1, keepdims=True)
    order = np.argsort(-remainder, axis=1, kind="stable")
    place = np.argsort(order, axis=1, kind="stable")
    found: list[list[int]] = (shares + (place < missing)).tolist()
    return found
