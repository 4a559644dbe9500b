"""Real functions as integers that are the same on every machine.

A float gives each value quickly; its error is far below `MARGIN` (the largest value is under 2^31 and every function used
is good to a few units in the 53rd bit, so the error stays under 2^-18). A value whose fraction lies within `MARGIN` of one
half could round either way on another machine: those few, and only those, are computed again in decimal arithmetic, whose
`exp` and `ln` are correctly rounded by definition. Either way the integer is the true value, rounded.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MARGIN = 2.0**-14
"""How near one half a fraction must be to be settled in decimal arithmetic."""

LOG_BITS = 20
"""Logarithms are counted in units of 2^-20 nat."""

INFORMATION_BITS = 24
"""Information is counted in units of 2^-24."""

_DECIMAL = Context(prec=50)
_PICO = Decimal("1e-12")


def settle(approximate: Floats, exact: Callable[[int], Decimal]) -> Ints:
    """Return the nearest integers; `exact` gives the true value at a flat index, to some forty digits."""
    floor = np.floor(approximate)
    fraction = approximate - floor
    found = (floor + (fraction >= 0.5)).astype(np.int64)
    for index in np.flatnonzero(np.abs(fraction - 0.5) < MARGIN):
        whole = exact(int(index)) + Decimal("0.5")
        found.flat[index] = int(whole.to_integral_value(rounding="ROUND_FLOOR"))
    return found


def log_logistic(x: Ints) -> Ints:
    """Return ln(1 / (1 + exp(-x))) in units of 2^-20 nat, `x` in 10^-12 logit."""

    def exact(index: int) -> Decimal:
        power = _DECIMAL.exp(_DECIMAL.multiply(Decimal(-int(x.flat[index])), _PICO))
        return _DECIMAL.multiply(-_DECIMAL.ln(_DECIMAL.add(1, power)), Decimal(1 << LOG_BITS))

    return settle(-np.logaddexp(0.0, x / -1e12) * float(1 << LOG_BITS), exact)


def information(a: Ints, x: Ints) -> Ints:
    """Return a^2 P (1-P) in units of 2^-24; `a` in millionths, `x` = a (ability - b) in 10^-12 logit, same shape."""

    def exact(index: int) -> Decimal:
        logit = _DECIMAL.multiply(Decimal(int(x.flat[index])), _PICO)
        both = _DECIMAL.add(2, _DECIMAL.add(_DECIMAL.exp(logit), _DECIMAL.exp(-logit)))
        square = _DECIMAL.multiply(Decimal(int(a.flat[index]) ** 2 << INFORMATION_BITS), _PICO)
        return _DECIMAL.divide(square, both)

    scale = (a / 1e6) ** 2 * float(1 << INFORMATION_BITS)
    return settle(scale / (2.0 + 2.0 * np.cosh(x / 1e12)), exact)


def exp_table(count: int, step_bits: int, bits: int) -> Ints:
    """Return exp(-k / 2^step_bits) for k below `count`, in units of 2^-bits."""

    def exact(index: int) -> Decimal:
        power = _DECIMAL.exp(_DECIMAL.divide(Decimal(-index), Decimal(1 << step_bits)))
        return _DECIMAL.multiply(power, Decimal(1 << bits))

    steps = np.arange(count, dtype=np.float64) / float(1 << step_bits)
    return settle(np.exp(-steps) * float(1 << bits), exact)
