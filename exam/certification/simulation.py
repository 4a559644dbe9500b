"""What a bank is worth before anyone sits it: precision, exposure and use, measured on invented candidates.

The candidates of the run have true lots and answer by the model. Exposure inside ability groups is measured on crowds of
equal size besides, each drawn from the same population within one group: in the run itself the outer groups are so small
that their largest count would be mostly chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from exam.certification.cohort import Cohort
from exam.certification.rules import GROUP_EDGES, LENGTH, PER_COMPETENCE
from exam.certification.tuning import Crowd, led

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from exam.certification.cohort import Passages
    from exam.certification.eligibility import Thresholds
    from exam.certification.fixed import Ints
    from exam.certification.rules import Mode
    from exam.certification.tables import Tables

    Asked = NDArray[np.int16] | Ints

GROUP_CROWD = 30_000
"""Candidates led in each ability group to measure exposure inside it; a tenth of them in a rough run."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Errors are in logits, exposures are shares of candidates; `content_ok` is the share whose test met every rule."""

    examinees: int
    rmse: float
    bias: float
    max_exposure: float
    max_exposure_by_segment: list[float]
    overlap: float
    unused: int
    content_ok: float
    relaxed: int
    mean_deviation: float


def run(  # noqa: PLR0913, PLR0917 - a population has these parameters, in the order of the command
    tables: Tables,
    eligibility: Thresholds,
    mode: Mode,
    examinees: int,
    mean: float,
    deviation: float,
    chance: Generator,
    crowd: int = GROUP_CROWD,
) -> Figures:
    """Return the figures of this many candidates of a normal population; `chance` is all the luck there is."""
    cohort = Cohort(tables, eligibility, mode)
    abilities = chance.normal(mean, deviation, examinees)
    errors = np.zeros(examinees)
    asked = np.zeros(tables.count, dtype=np.int64)
    sound = relaxed = 0
    for part, passages in led(cohort, abilities, chance, even=False):
        errors[part] = passages.ability / 1000 - abilities[part]
        asked += _counts(tables, passages)
        sound += int(content_ok(tables, passages.items).sum())
        relaxed += int((passages.relaxed > 0).sum())
    return Figures(
        examinees,
        rmse=float(np.sqrt((errors**2).mean())),
        bias=float(errors.mean()),
        max_exposure=float(asked.max() / examinees),
        max_exposure_by_segment=_by_group(cohort, mean, deviation, chance, crowd),
        overlap=overlap(asked, examinees),
        unused=int((asked == 0).sum()),
        content_ok=sound / examinees,
        relaxed=relaxed,
        mean_deviation=float(np.abs(errors).mean()),
    )


def content_ok(tables: Tables, asked: Asked) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which rows of items (-1: none) are 32, two of each competence, never two of a topic or skill, and no enemies."""
    items = asked.astype(np.int64)
    complete = (items >= 0).all(axis=1)
    counts = np.stack(
        [(tables.competence[items] == one).sum(axis=1) for one in range(len(tables.competences))]
    )
    sound: np.ndarray[tuple[int], np.dtype[np.bool_]] = complete & (counts == PER_COMPETENCE).all(axis=0)
    for later in range(1, LENGTH):
        for earlier in range(later):
            sound &= tables.keeps[items[:, earlier], items[:, later]]
    return sound


def _counts(tables: Tables, passages: Passages) -> Ints:
    items = passages.items[passages.items >= 0]
    return np.bincount(items, minlength=tables.count).astype(np.int64)


def _by_group(cohort: Cohort, mean: float, deviation: float, chance: Generator, crowd: int) -> list[float]:
    largest = []
    for group in range(len(GROUP_EDGES) + 1):
        abilities = Crowd(mean, deviation, group).abilities(crowd, chance)
        asked = np.zeros(cohort.tables.count, dtype=np.int64)
        for _, passages in led(cohort, abilities, chance, even=True):
            asked += _counts(cohort.tables, passages)
        largest.append(float(asked.max() / crowd))
    return largest


def overlap(asked: Ints, examinees: int) -> float:
    """Return the mean share of items that two candidates have in common; `asked` counts how often each item was met."""
    if examinees < 2:
        return 0.0
    return float((asked * (asked - 1)).sum() / (LENGTH * examinees * (examinees - 1)))
