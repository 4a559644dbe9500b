from __future__ import annotations

from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from certification_kit import small_bank
from scipy.optimize import linprog

from exam.certification.bound import bound
from exam.certification.eligibility import everything
from exam.certification.reference_bank import reference_bank
from exam.certification.rules import GROUP_EDGES
from exam.certification.simulation import run
from exam.certification.tables import Tables, compile_tables

FEW = 40


@pytest.mark.parametrize(("mean", "limit"), [(-0.7, 0.2283), (0.0, 0.2256), (0.7, 0.2274)])
def test_on_the_reference_bank_nothing_can_be_more_precise_than_this(mean: float, limit: float) -> None:
    found = bound(compile_tables(reference_bank()), 0.2, mean, 1.0)
    assert found.rmse == pytest.approx(limit, abs=0.0001)
    assert found.rmse == pytest.approx((1 + found.information) ** -0.5)


def most_information(tables: Tables, target: float) -> float:
    """Return the exact optimum by integer-free programming, a group and a competence at a time."""
    edges = [0.0, *(NormalDist().cdf(edge / 1000) for edge in GROUP_EDGES), 1.0]
    total = 0.0
    for low, high in pairwise(edges):
        steps = low + (high - low) * (np.arange(FEW) + 0.5) / FEW
        ability = np.array([NormalDist().inv_cdf(step) for step in steps])
        for one in range(len(tables.competences)):
            own = [item for item, place in zip(tables.items, tables.competence, strict=True) if place == one]
            a, b = (np.array([getattr(item, name) for item in own]) / 1e6 for name in "ab")
            chance = 1 / (1 + np.exp(-a * (ability[:, None] - b)))
            shares = np.tile(np.eye(len(own)) / FEW, FEW)
            each = np.repeat(np.eye(FEW), len(own), axis=1)
            worth = (a**2 * chance * (1 - chance)).ravel() / FEW
            best = linprog(-worth, shares, np.full(len(own), target), each, np.full(FEW, 2.0), (0, 1))
            total -= (high - low) * best.fun
    return total


def test_its_prices_come_close_to_the_linear_programme_and_never_below() -> None:
    tables = compile_tables(small_bank(4, competences=4))
    exact = most_information(tables, 0.4)
    found = bound(tables, 0.4, 0.0, 1.0).information
    assert exact * 0.999 <= found <= exact * 1.01


def test_candidates_led_without_any_cap_stay_above_the_bound_without_cap() -> None:
    tables = compile_tables(small_bank(3))
    figures = run(tables, everything(tables), "precise", 2000, 0.0, 1.0, np.random.default_rng(5), 10)
    limit = bound(tables, 1.0, 0.0, 1.0).rmse
    assert limit < figures.rmse < 1.2 * limit


def test_a_tighter_cap_leaves_less_information() -> None:
    tables = compile_tables(small_bank(4))
    found = [bound(tables, target, 0.0, 1.0).information for target in (1.0, 0.6, 0.4)]
    assert found == sorted(found, reverse=True)
