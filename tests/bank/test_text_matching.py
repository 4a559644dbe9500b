import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.text_matching import accepts, parse_number, treat_1, treat_2, treated, within

ALL = ("t1", "t2", "t3")
words = st.text(alphabet="abcdé ’-Œ1\u00a0", max_size=14)


def plain_distance(first: str, second: str) -> int:
    row = list(range(len(second) + 1))
    for i, sign in enumerate(first, 1):
        row = [i, *row[1:]]
        last = i - 1
        for j, other in enumerate(second, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (sign != other))
    return row[-1]


def matches(accepted: str, answer: str, treatments: tuple[str, ...] = ALL) -> bool:
    return accepts({treated(accepted, treatments)}, treatments, answer)


@settings(max_examples=100)
@given(words, words, st.integers(0, 6))
def test_the_bounded_distance_agrees_with_the_plain_one(first: str, second: str, limit: int) -> None:
    assert within(first, second, limit) == (plain_distance(first, second) <= limit)


@settings(max_examples=100)
@given(words)
def test_treating_twice_changes_nothing_more(text: str) -> None:
    assert treat_1(treat_1(text)) == treat_1(text)
    assert treat_2(treat_2(text)) == treat_2(text)


@settings(max_examples=100)
@given(words.filter(lambda word: treated(word, ALL)))
def test_an_answer_matches_itself_however_it_is_composed(word: str) -> None:
    assert matches(word, unicodedata.normalize("NFD", word))
    assert matches(word, f"  {word.upper()} ".replace(" ", "\u202f"))


def test_the_first_treatment_forgives_case_accents_and_spaces() -> None:
    assert treat_1(" Été à  Évreux ") == "eteaevreux"
    assert matches("Été", "ete", ("t1",))
    assert not matches("Été", "ete", ())
    assert not matches("été!", "ete", ("t1",))


def test_the_second_treatment_forgives_signs() -> None:
    assert treat_2("l’eau,  c'est: 1 bien…") == "leau cest 1 bien"
    assert matches("aujourd’hui", "aujourd'hui", ("t2",))


def test_the_third_treatment_forgives_one_sign_in_four_of_what_was_typed() -> None:
    assert matches("abcd", "abce", ("t3",))
    assert not matches("abc", "abd", ("t3",))
    assert matches("abcdefgh", "abcdefxy", ("t3",))
    assert not matches("abcdefgh", "abcdexyz", ("t3",))
    assert not matches("abcd", "abce", ("t1", "t2"))


def test_the_length_that_counts_is_that_of_the_answer() -> None:
    assert matches("abc", "abcd", ("t3",))
    assert not matches("abcd", "abc", ("t3",))


def test_an_answer_of_signs_alone_is_never_right() -> None:
    assert not matches("été", "!!!")
    assert not accepts({""}, ALL, "?")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1250", 1250),
        ("1 250", 1250),
        ("1\u202f250,5", Fraction(2501, 2)),
        ("1\u00a0250 000", 1250000),
        ("0,5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("-3.25", Fraction(-13, 4)),
        ("\u2212 3", -3),
        ("+7", 7),
        ("007", 7),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, value: Fraction | int) -> None:
    assert parse_number(written) == value


@pytest.mark.parametrize(
    "written", ["", " ", "-", ",", "12 50", "1,2,3", "1e3", "douze", "1/2", "٣", "1" * 60, "0x10", "5."]
)
def test_what_is_no_number_is_not_read(written: str) -> None:
    assert parse_number(written) is None


@settings(max_examples=100)
@given(st.integers(-(10**12), 10**12), st.integers(0, 999))
def test_a_number_keeps_its_exact_value_with_comma_or_point(whole: int, part: int) -> None:
    sign = "-" if whole < 0 else ""
    value = (abs(whole) * 1000 + part) * (-1 if whole < 0 else 1)
    assert parse_number(f"{sign}{abs(whole)},{part:03}") == Fraction(value, 1000)
    assert parse_number(f"{sign}{abs(whole):,}".replace(",", "\u202f") + f".{part:03}") == Fraction(
        value, 1000
    )


@settings(max_examples=100)
@given(st.text(max_size=20))
def test_no_text_raises(text: str) -> None:
    parse_number(text)
    accepts({"abcd"}, ALL, text)
