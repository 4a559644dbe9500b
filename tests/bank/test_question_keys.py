"""A key prepared from less than the whole scene is the key of the whole scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exam.seed import sitting_seed
from exam.text_matching import plain, treat_1
from kiosk.bank_files import load_bank, starter_bank

if TYPE_CHECKING:
    from exam.questions import Question

BANK = load_bank(starter_bank())
SHORTENED = sorted(name for name, question in BANK.questions.items() if question.kind.key_needs != "values")


def key_of_whole_scene(question: Question, seed: bytes) -> object:
    return question.kind.key(question.spec, question.scene(seed, "fr"))


@pytest.mark.parametrize("number", range(3))
def test_a_kind_that_says_it_needs_less_of_the_scene_makes_the_same_key(number: int) -> None:
    for name in SHORTENED:
        question, seed = BANK.questions[name], sitting_seed(f"{name}-{number}", BANK.digest)
        assert question.key(seed, "fr") == key_of_whole_scene(question, seed), name


def test_signs_of_ascii_are_treated_as_all_others() -> None:
    for sign in map(chr, range(128)):
        assert treat_1(f"A{sign}b") == treat_1(f"A{sign}bé").removesuffix("e")
        assert plain(sign) == sign
