"""What the answers say of ability: a posterior of integers on 121 points, under a prior that never moves.

The prior is N(0, 1). Logarithms add up exactly; weights are looked up from a table of exponentials; the estimate is the
posterior mean, rounded to thousandths of a logit, halves upwards. The same answers give the same integers everywhere.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

import numpy as np

from exam.certification.fixed import LOG_BITS
from exam.certification.tables import EXP, EXP_COUNT, EXP_STEP_BITS, POINT_MILLI

if TYPE_CHECKING:
    from exam.certification.fixed import Ints

SHIFT = LOG_BITS - EXP_STEP_BITS
"""From units of logarithms to steps of the table of exponentials."""

LAST = EXP_COUNT - 1

# ln of the density N(0, 1) but for a constant: -x^2 / 2 with x in tenths, halves rounded upwards.
PRIOR: Ints = -(((np.arange(-60, 61, dtype=np.int64) ** 2 << LOG_BITS) + 100) // 200)
PRIOR.flags.writeable = False

_MOMENTS: Ints = np.stack([np.ones_like(POINT_MILLI), POINT_MILLI])
_SQUARES: Ints = POINT_MILLI * POINT_MILLI


def weights(log: Ints) -> Ints:
    """Return weights proportional to exp(log), the largest 2^24."""
    steps = np.maximum.reduce(log) - log
    steps >>= SHIFT
    found: Ints = EXP.take(steps, mode="clip")  # beyond the table stands its last entry, 0
    return found


def mean_milli(log: Ints) -> int:
    """Return the posterior mean in thousandths of a logit."""
    total, moment = _MOMENTS.dot(weights(log)).tolist()
    mean: int = (2 * moment + total) // (2 * total)
    return mean


def deviation_milli(log: Ints) -> int:
    """Return the posterior standard deviation in thousandths of a logit, rounded down."""
    weight = weights(log)
    total, moment, square = int(weight.sum()), int(weight.dot(POINT_MILLI)), int(weight.dot(_SQUARES))
    return isqrt((square * total - moment * moment) // (total * total))


def at_share(log: Ints, permille: int) -> int:
    """Return the least grid ability, in thousandths, below or at which at least this share of the posterior lies."""
    reached = np.cumsum(weights(log))
    return int(POINT_MILLI[int(np.searchsorted(reached * 1000, int(reached[-1]) * permille))])
