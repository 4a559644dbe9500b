"""Points, levels, score and certifiability, worked by hand."""

from __future__ import annotations

from fractions import Fraction

from toy_bank import toy_bank

from exam.profile import profile, skill_values


def test_a_skill_shares_eight_points_with_its_equals_and_is_worth_at_most_four() -> None:
    bank = toy_bank("a 1.1: 1 2", "b 1.1: 1 2", "c 1.1: 1", "d 2.1: 1 1")
    values = skill_values(bank)
    assert values["a-1"] == values["c-1"] == Fraction(8, 3)
    assert values["a-2"] == 4
    assert values["d-1"] == 4


def test_a_skill_that_cannot_be_asked_is_worth_nothing_and_shares_nothing() -> None:
    bank = toy_bank("a 1.1: 1", "b 1.1: 1", "c 1.1: 1*0")
    assert skill_values(bank) == {"a-1": 4, "b-1": 4}
    assert profile(bank, ["c-1"]).score == 0


def test_three_thirds_of_eight_points_make_a_level() -> None:
    bank = toy_bank("a 1.1: 1", "b 1.1: 1", "c 1.1: 1")
    two = profile(bank, ["a-1", "b-1"]).competences[0]
    assert (two.competence, two.points, two.level, two.towards_next) == ("1.1", 5, 0, 5)
    three = profile(bank, ["a-1", "b-1", "c-1"]).competences[0]
    assert (three.points, three.level, three.towards_next) == (8, 1, 0)


def test_a_profile_has_sixteen_competences_and_sums_their_points() -> None:
    bank = toy_bank("a 1.1: 1 2 3", "b 5.2: 1")
    found = profile(bank, ["a-1", "a-2", "a-3", "b-1", "gone-1", "a-1"])
    assert len(found.competences) == 16
    assert found.score == 12 + 4
    assert found.competences[0].level == 1


def test_a_level_never_passes_seven_nor_points_fifty_six() -> None:
    bank = toy_bank("a 1.1: 1 2 3 4 5 6 7 8", "b 1.1: 1 2 3 4 5 6 7 8")
    best = profile(bank, bank.skills).competences[0]
    assert (best.points, best.level) == (56, 7)


def test_five_competences_at_level_one_make_a_profile_certifiable() -> None:
    codes = ["1.1", "1.2", "2.1", "4.3", "5.2"]
    bank = toy_bank(*(f"t{n} {code}: 1 2" for n, code in enumerate(codes)))
    assert profile(bank, bank.skills).certifiable
    assert not profile(bank, [skill for skill in bank.skills if skill != "t4-2"]).certifiable
