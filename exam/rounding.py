"""Shares of a whole as people read them, rounded on exact fractions so that no machine rounds otherwise."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


def round_half_up(value: Fraction) -> int:
    """Return the nearest integer of a non-negative value, the upper one from the middle."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def two_significant_digits(value: Fraction) -> Fraction:
    """Return a share of 0..1 rounded half up to two significant digits: 5/11 is 45/100, 1/22 is 45/1000."""
    if value <= 0:
        return Fraction(0)
    scale = 10
    while value * scale < 10:
        scale *= 10
    return Fraction(round_half_up(value * scale), scale)


class Tally(NamedTuple):
    """Skills validated out of those targeted."""

    validated: int
    targeted: int

    def share(self) -> Fraction:
        """Return the exact share, 0 when nothing is targeted."""
        return Fraction(self.validated, self.targeted) if self.targeted else Fraction(0)

    def mastery(self) -> Fraction:
        """Return the mastery rate in percent, kept to two significant digits."""
        return 100 * two_significant_digits(self.share())

    def percent(self) -> int:
        """Return the share as a whole percentage, rounded half up."""
        return round_half_up(100 * self.share())
