"""The chance that a level solves a difficulty, as integers, so that every machine decides alike.

p(t, d) = 1 / (1 + exp(-(t - d))), times 2**30 and rounded, written out: an exponential computed at run time could differ
in its last bit from one mathematical library to another, and with it a choice. Levels are counted in halves (1 is 0.5).
"""

from __future__ import annotations

ONE = 1 << 30
"""Certainty: the unit all probabilities are counted in."""

LEVEL_COUNT = 15
"""Levels on the grid: 0.5, 1 … 7.5, that is 1 to 15 halves."""

LOGISTIC = (
    593_542,  # t - d = -7.5
    978_234,
    1_611_882,
    2_654_959,
    4_370_277,
    7_186_394,  # -5
    11_797_140,
    19_312_546,
    31_473_768,
    50_923_144,
    81_452_101,  # -2.5
    127_993_163,
    195_877_915,
    288_773_652,
    405_381_206,
    536_870_912,  # 0
    668_360_618,
    784_968_172,
    877_863_909,
    945_748_661,
    992_289_723,  # 2.5
    1_022_818_680,
    1_042_268_056,
    1_054_429_278,
    1_061_944_684,
    1_066_555_430,  # 5
    1_069_371_547,
    1_071_086_865,
    1_072_129_942,
    1_072_763_590,
    1_073_148_282,  # 7.5
)
"""One value for each difference between level and difficulty, from -7.5 to 7.5 by halves."""


def probability(halves: int, difficulty: int) -> int:
    """Return the chance, in units of 2**-30, that a level of 1..15 halves solves a difficulty of 0..8."""
    return LOGISTIC[halves - 2 * difficulty + 15]
