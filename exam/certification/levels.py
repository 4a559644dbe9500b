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

    from numpy.typing import NDArray

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
_SPREAD_BACK: Floats = np.ascontiguousarray(_SPREAD.T)


def level_shares(tables: Tables, scale: Scale, given: Sequence[tuple[int, bool]]) -> dict[str, list[int]]:
    """Return, by competence, the probability in thousandths of each level 0 to 7; the thousandths add up to 1000."""
    logs = _own_logs(tables, given)
    steps = logs.max(axis=1, keepdims=True) - logs
    own: Ints = EXP.take(steps >> SHIFT, mode="clip")
    common = _rescaled(_product(own, _SPREAD))
    others = _outside(common, weights(PRIOR)[None, ::2])
    posterior = _rescaled(own * _rescaled(_product(others, _SPREAD_BACK)))
    by_level = posterior @ _levels_of_points(scale)
    return dict(zip(tables.competences, _thousandths(by_level), strict=True))


def _own_logs(tables: Tables, given: Sequence[tuple[int, bool]]) -> Ints:
    """Return [competence, point]: the log-likelihood of the answers in each competence."""
    item, right = np.array(given, dtype=np.int64).reshape(-1, 2).T
    rows = np.where(right[:, None], tables.log_right[item, ::2], tables.log_wrong[item, ::2])
    return _product(~tables.elsewhere[:, item], rows.astype(np.float64))


def _product(left: Ints | NDArray[np.bool_], right: Floats) -> Ints:
    """Return the matrix product of whole numbers, each sum of which stays below 2^53 as all those of this module do.

    Floats hold such numbers and their sums without rounding, in whatever order a library adds them: the result is the
    integers themselves, ten times sooner.
    """
    exact: Ints = (left.astype(np.float64) @ right).astype(np.int64)
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
    even = np.concatenate([rows, np.ones_like(rows[:1])]) if len(rows) % 2 else rows
    first, second = even[0::2], even[1::2]
    pairs = _outside(_rescaled(first * second), start)
    found = np.empty_like(even)
    np.multiply(pairs, second, out=found[0::2])
    np.multiply(pairs, first, out=found[1::2])
    return _rescaled(found[: len(rows)])


def _rescaled(weight: Ints) -> Ints:
    """Return each row, whose values are below 2^53, brought below 2^24 by a shift."""
    top: Floats = np.maximum.reduce(weight, axis=1, keepdims=True).astype(np.float64)
    bits = (
        top.view(np.int64) >> 52
    ) - 1022  # the exponent of a float that holds a whole number: its length in bits
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
