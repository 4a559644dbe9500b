"""The parameters an item starts with, before anyone's answers: a pure table by level and kind, marked *uncalibrated*.

Metric of the certification: P = 1 / (1 + exp(-a (ability - b))), no constant 1.7, both in thousandths.

Difficulty `b` comes from the level. On the scale in use, level n of a competence begins at -1.5 + (n - 1) / 2 logits; whoever
stands in the middle of that band should pass an item of level n one time in two. So b = -1750 + 500 n: -1250 at level 1,
1750 at level 7, 2250 at level 8. The kind then moves it a little: what can be guessed is easier than its level (one choice
of four, lists), what must be wholly right is harder (several boxes to tick, a file to send back).

Slope `a` comes from the kind. Items made for a framework have slopes about 1.16 (the median of the reference bank). Where
chance helps, success says less of ability, and a 2PL slope is the only place that can show: 0.9 for one choice, 1.0 to 1.1
where several must be right together. Typed answers and tasks done in a tool can hardly be guessed: 1.2 and 1.3. No kind goes
further from the median than that, because nothing has been measured yet: a start that is too sure of itself would be asked
too often. A calibration (`preau calibrate`) replaces them.
"""

from __future__ import annotations

from typing import NamedTuple

MARK = "uncalibrated"
"""What every table that holds these parameters says of them."""


class StartParameters(NamedTuple):
    """Slope and difficulty in thousandths of a logit."""

    a: int
    b: int


KINDS: dict[str, StartParameters] = {
    "single_choice": StartParameters(900, -200),
    "dropdowns": StartParameters(1000, -100),
    "matching": StartParameters(1050, 0),
    "ordering": StartParameters(1050, 50),
    "multiple_choice": StartParameters(1100, 150),
    "short_text": StartParameters(1200, 0),
    "number": StartParameters(1200, 50),
    "fill_blanks": StartParameters(1200, 50),
    "simulator": StartParameters(1300, 0),
    "hand_back": StartParameters(1300, 150),
}
"""By kind: the slope, and by how much the kind moves the difficulty of the level."""

_OTHER = StartParameters(1100, 0)


def start_parameters(level: int, kind: str) -> StartParameters:
    """Return what an item of this level (1 to 8) and kind starts with; raises `ValueError` on another level."""
    if not 1 <= level <= 8:
        raise ValueError(f"level {level} is not one of 1 to 8")
    a, shift = KINDS.get(kind, _OTHER)
    return StartParameters(a, -1750 + 500 * level + shift)
