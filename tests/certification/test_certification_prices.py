"""Prices make thresholds: dear items are kept for where they are worth most, and nothing else is held back."""

from __future__ import annotations

import numpy as np
import pytest
from certification_kit import reference_engine, small_bank
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.certification.eligibility import ALWAYS
from exam.certification.engine import CertificationEngine
from exam.certification.prices import ELIGIBLE, GROUPS, MIDDLES, TAIL, Market
from exam.certification.rules import SEGMENTS
from exam.certification.tables import CELL_MILLI, compile_tables

ITEMS = 800


def market() -> Market:
    return Market(reference_engine().tables)


def chances(
    prices: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return market().thresholds(prices).values / float(ALWAYS)


def test_without_prices_everything_is_eligible_everywhere() -> None:
    assert (market().thresholds(np.zeros((GROUPS, ITEMS))).values == ALWAYS).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, ITEMS - 1), st.floats(0.05, 2.0), st.integers(0, 2**16))
def test_a_dearer_item_is_nowhere_more_eligible(item: int, more: float, seed: int) -> None:
    prices = np.random.default_rng(seed).uniform(0, 0.6, (GROUPS, ITEMS))
    dearer = prices.copy()
    dearer[:, item] += more
    assert (chances(dearer)[:, item] <= chances(prices)[:, item] + 1e-6).all()


def test_a_price_in_one_group_leaves_far_segments_as_they_were() -> None:
    prices = np.full((GROUPS, ITEMS), 0.3)
    dearer = prices.copy()
    dearer[0, 0] += 1.0
    before, after = chances(prices)[:, 0], chances(dearer)[:, 0]
    assert after[0] < before[0]
    assert after[-1] == pytest.approx(before[-1], abs=1e-6)


def test_at_one_price_for_all_the_most_informative_of_a_competence_are_eligible() -> None:
    tables = reference_engine().tables
    found = chances(np.full((GROUPS, ITEMS), 5.0))
    for segment, cell in enumerate(MIDDLES):
        for one in range(len(tables.competences)):
            own = np.flatnonzero(tables.competence == one)
            ordered = found[segment, own[np.argsort(tables.rank[cell, own])]]
            assert (np.diff(ordered) <= 1e-6).all()
            assert ELIGIBLE <= ordered.sum() + 1e-6 <= ELIGIBLE + TAIL * len(own)


def test_items_for_adjusted_sittings_alone_are_never_held_back() -> None:
    tables = compile_tables(small_bank(4, adjusted=1))
    adjusted = [place for place, item in enumerate(tables.items) if item.access == "adjusted"]
    found = Market(tables).thresholds(np.full((GROUPS, tables.count), 5.0)).values
    assert (found[:, adjusted] == ALWAYS).all()


def test_a_competence_of_few_items_keeps_them_all() -> None:
    tables = compile_tables(small_bank(2))
    found = Market(tables).thresholds(np.full((GROUPS, tables.count), 5.0))
    assert (found.values > 0.99 * ALWAYS).all()
    assert CertificationEngine(tables, found).choose(CertificationEngine(tables, found).start(bytes(32)))


def test_each_segment_is_judged_at_its_middle() -> None:
    middles = [int(CELL_MILLI[cell]) for cell in MIDDLES]
    assert len(middles) == SEGMENTS
    assert middles == [-2500, -2000, -1500, -1000, -500, 0, 500, 1000, 1500, 2000, 2500]
