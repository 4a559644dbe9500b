"""The documented example of every simulator is a sound item: solved by its own goals, refused untouched."""

import pytest
from bank_kit import files
from simulator_examples import examples

from exam.bank import parse_bank
from exam.bank_check import check_bank
from exam.simulators import SIMULATORS

EXAMPLES = examples()


def test_every_simulator_has_its_example() -> None:
    assert EXAMPLES.keys() - {"whole"} == SIMULATORS.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_is_sound(name: str) -> None:
    bank, problems = parse_bank(files(**{"sujet-2-s": EXAMPLES[name]}))
    assert bank is not None, problems
    assert check_bank(bank, seeds=10) == []
