"""The numbers of the certification, under one version: a sitting is replayed by the version that led it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from exam.certification.tables import CELL_MILLI

if TYPE_CHECKING:
    from exam.certification.fixed import Ints

ENGINE = "certification/1"
"""Name and version of the engine: rules, tables, draws and arithmetic together."""

LENGTH = 32
"""Questions of a complete sitting."""

PER_COMPETENCE = 2
"""Questions of each competence in a complete sitting."""

EASY_START: tuple[int, ...] = (-800, -400)
"""Ability assumed at most when choosing the first questions, in thousandths of a logit; never part of a score."""

SEGMENT_EDGES: tuple[int, ...] = (-2250, -1750, -1250, -750, -250, 250, 750, 1250, 1750, 2250)
"""Where one segment of estimated ability ends and the next begins, in thousandths of a logit: eleven segments."""

SEGMENTS = len(SEGMENT_EDGES) + 1

GROUP_EDGES: tuple[int, ...] = (-842, -253, 253, 842)
"""Borders of the five ability groups in which exposure is capped: the fifths of the reference population, N(0, 1)."""

Mode = Literal["precise", "open"]
"""Precise: the most informative item allowed. Open: a few early choices are drawn, so that every item is used."""

OPEN_FROM = len(EASY_START)
OPEN_WEIGHTS: tuple[int, ...] = (0, 0, 512)
"""In open use, the share of information (of 1024) against the draw, in the choices after the easy start."""


def segments_of(edges: tuple[int, ...]) -> Ints:
    """Return the segment of each ability cell; a segment begins on its edge."""
    return np.searchsorted(np.array(edges, dtype=np.int64), CELL_MILLI, side="right").astype(np.int64)


SEGMENT_OF_CELL: Ints = segments_of(SEGMENT_EDGES)
