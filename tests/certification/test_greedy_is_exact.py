from __future__ import annotations

from certification_kit import reference_engine
from shadow_oracle import agreements


def test_the_greedy_choice_lies_in_an_exact_shadow_test() -> None:
    agreed, states = agreements(reference_engine(), sittings=6, every=3)
    assert states >= 60
    assert agreed == states
