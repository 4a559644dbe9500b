from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest
from certification_kit import reference_engine, small_bank
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.certification.fixed import MARGIN, information, log_logistic, settle
from exam.certification.parameters import Parameters, ParametersError
from exam.certification.reference_bank import reference_bank
from exam.certification.tables import CELL_MILLI, EXP, check_monotone, compile_tables

if TYPE_CHECKING:
    from collections.abc import Callable

EXACT = Context(prec=60)
A_ITEM = Parameters("i", 1_000_000, 0, "c", "t", "s")


def true_log(x: int) -> int:
    power = EXACT.exp(EXACT.multiply(Decimal(-x), Decimal("1e-12")))
    value = EXACT.multiply(-EXACT.ln(EXACT.add(1, power)), Decimal(1 << 20))
    return int((value + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))


@settings(max_examples=60)
@given(st.lists(st.integers(-160 * 10**12, 160 * 10**12), min_size=1, max_size=20))
def test_logarithms_are_the_true_ones_rounded(logits: list[int]) -> None:
    found = log_logistic(np.array(logits, dtype=np.int64))
    assert found.tolist() == [true_log(x) for x in logits]


@settings(max_examples=60)
@given(st.integers(1, 10_000_000), st.integers(-60 * 10**12, 60 * 10**12))
def test_information_is_the_true_one_rounded(a: int, x: int) -> None:
    logit = EXACT.multiply(Decimal(x), Decimal("1e-12"))
    both = EXACT.add(2, EXACT.add(EXACT.exp(logit), EXACT.exp(-logit)))
    value = EXACT.divide(EXACT.multiply(Decimal(a**2 << 24), Decimal("1e-12")), both)
    expected = int((value + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))
    assert information(np.array([a]), np.array([x])).tolist() == [expected]


def test_a_value_near_one_half_is_settled_in_decimals_not_by_the_float() -> None:
    asked: list[int] = []

    def exact(index: int) -> Decimal:
        asked.append(index)
        return Decimal("7.5000000001")

    found = settle(np.array([7.5 - MARGIN / 2, 7.4, 7.6, 7.5 + 2 * MARGIN]), exact)
    assert (found.tolist(), asked) == ([8, 7, 8, 8], [0])


def test_the_tables_of_the_reference_bank_have_the_digest_they_had() -> None:
    digest = "ecffb1959538b046f7c922c1155801de5648b2b5ea0c05bbcfab12c3dd609b4f"
    assert reference_engine().tables.digest == digest


def test_tables_do_not_depend_on_the_order_items_come_in() -> None:
    items = small_bank()
    assert compile_tables(items).digest == compile_tables(reversed(items)).digest


def test_the_order_of_a_cell_is_by_information_then_by_id() -> None:
    tables = reference_engine().tables
    for cell in (0, 137, 400, 800):
        info = tables.information[cell].tolist()
        assert np.argsort(tables.rank[cell]).tolist() == sorted(range(800), key=lambda i: (-info[i], i))
    assert len(CELL_MILLI) == 801


def test_the_table_of_exponentials_falls_to_nothing() -> None:
    assert EXP[0] == 1 << 24
    assert EXP[-1] == 0
    assert (np.diff(EXP) <= 0).all()


@pytest.mark.parametrize("which", ["right", "wrong", "flat"])
def test_a_table_that_is_not_monotone_is_refused(which: str) -> None:
    tables = compile_tables([A_ITEM])
    right, wrong = tables.log_right.copy(), tables.log_wrong.copy()
    spoil: dict[str, Callable[[], None]] = {
        "right": lambda: right.__setitem__((0, 60), right[0, 59] - 1),
        "wrong": lambda: wrong.__setitem__((0, 60), wrong[0, 59] + 1),
        "flat": lambda: right.__setitem__(0, -5),
    }
    spoil[which]()
    with pytest.raises(ParametersError, match="does not grow"):
        check_monotone(tables.items, right, wrong)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], "0 items"),
        ([A_ITEM, A_ITEM], "two items"),
        ([Parameters("i", 0, 0, "c", "t", "s")], "slope"),
        ([Parameters("i", 1, 10_000_001, "c", "t", "s")], "difficulty"),
        ([A_ITEM, Parameters("j", 1, 0, "d", "t", "s2")], "two competences"),
        ([Parameters("i", 1, 0, "c", "t", "s", ("i",))], "enemy"),
        ([Parameters("i", 1, 0, "c", "t", "s", ("ghost",))], "enemy"),
    ],
)
def test_items_that_cannot_make_a_bank_are_refused(items: list[Parameters], said: str) -> None:
    with pytest.raises(ParametersError, match=said):
        compile_tables(items)


def test_enmity_is_mutual() -> None:
    tables = compile_tables([A_ITEM, Parameters("j", 1_000_000, 0, "d", "u", "s2", ("i",))])
    assert [item.enemies for item in tables.items] == [("j",), ("i",)]
    assert tables.keeps.tolist() == [[False, False], [False, False]]


def test_the_reference_bank_is_as_described() -> None:
    items = reference_bank()
    assert len(items) == 800
    assert len({item.competence for item in items}) == 16
    assert len({item.topic for item in items}) == 400
    assert all(400_000 <= item.a <= 2_500_000 for item in items)
    by_id = {item.id: item for item in items}
    pairs = {frozenset((item.id, enemy)) for item in items for enemy in item.enemies}
    assert len(pairs) == 100
    assert all(len({by_id[one].competence for one in pair}) == 2 for pair in pairs)
    assert reference_bank(2) != items
