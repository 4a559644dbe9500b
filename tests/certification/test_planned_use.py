from __future__ import annotations

import numpy as np
from certification_kit import small_bank
from scipy.optimize import linprog

from exam.certification.cohort import Cohort
from exam.certification.planning import Stay, count_stay, planned, stay_of
from exam.certification.rules import LENGTH, SEGMENTS
from exam.certification.tables import Tables, compile_tables
from exam.certification.tuning import guessed, led

TARGET = 0.35
PEOPLE = 200


def stay(tables: Tables) -> Stay:
    """Return where a weak, a middling and a strong crowd stay."""
    cohort, chance = Cohort(tables, guessed(tables, TARGET)), np.random.default_rng(3)
    counted = []
    for mean in (-1.0, 0.0, 1.0):
        abilities = chance.normal(mean, 0.5, PEOPLE)
        parts = led(cohort, abilities, chance, even=True)
        counted.append(np.sum([count_stay(abilities[part], one) for part, one in parts], axis=0))
        assert counted[-1].sum() == PEOPLE * LENGTH
    return stay_of(tables, counted, PEOPLE)


def test_a_plan_is_worth_nearly_the_best_and_keeps_the_caps() -> None:
    tables = compile_tables(small_bank(5))
    where = stay(tables)
    plan = planned(tables, where, TARGET)
    worth = where.worth.mean(axis=0)
    best = 0.0
    for one in range(len(tables.competences)):
        own = np.flatnonzero(tables.competence == one)
        assert np.allclose(plan[:, own].sum(axis=1), 2)
        each = np.repeat(np.eye(SEGMENTS), len(own), axis=1)
        met = np.concatenate([np.kron(share, np.eye(len(own))) for share in where.share])
        caps = np.full(len(met), TARGET)
        best -= linprog(-worth[:, own].ravel(), met, caps, each, np.full(SEGMENTS, 2.0), (0, 1)).fun
    assert best * 0.9 < (plan * worth).sum() < best * 1.02
    assert (where.share @ plan).max() < TARGET * 1.15


def test_nobody_stays_in_every_segment_alike() -> None:
    where = stay(compile_tables(small_bank(5)))
    assert np.allclose(where.share.sum(axis=1), 1)
    weak, _, strong = where.share
    assert weak[:4].sum() > strong[:4].sum()
    assert strong[7:].sum() > weak[7:].sum()
