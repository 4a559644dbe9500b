"""Usernames: the rule worked by hand, then what holds for any name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.usernames import (
    LONGEST,
    NoFreeUsernameError,
    belongs_to,
    day_and_month,
    free_username,
    standardised,
    username_of,
)

BIRTHS = st.dates().map(lambda day: day.isoformat())


@pytest.mark.parametrize(
    ("first", "last", "born", "expected"),
    [
        ("Charles", "Babbage", "2003-12-26", "charles.babbage2612"),
        ("Zoé", "Lefèvre-d'Arc", "2011-01-09", "zoe.lefevredarc0901"),
        ("Jean Paul", "DE LA TOUR", "2010-10-10", "jeanpaul.delatour1010"),
        ("Œdipe", "Strauß", "2012-02-29", "oedipe.strauss2902"),
        ("Łukasz", "Ñuñez", "2009-07-03", "lukasz.nunez0307"),
    ],
)
def test_the_rule_gives_the_username_worked_out_by_hand(
    first: str, last: str, born: str, expected: str
) -> None:
    assert username_of(first, last, born) == expected


def test_a_taken_username_gets_four_random_digits_until_one_is_free() -> None:
    draws = iter(["1111", "2222"])
    taken = {"charles.babbage2612", "charles.babbage1111"}
    found = free_username("Charles", "Babbage", "2003-12-26", taken.__contains__, lambda: next(draws))
    assert found == "charles.babbage2222"


def test_when_nothing_is_free_it_says_so_rather_than_go_on_for_ever() -> None:
    with pytest.raises(NoFreeUsernameError):
        free_username("A", "B", "2003-12-26", lambda _: True)


@pytest.mark.parametrize("text", ["26/12/2003", "2003-1-2", "", "2003-12-26T00:00"])
def test_a_date_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        day_and_month(text)


@given(st.text(max_size=300), st.text(max_size=300), BIRTHS)
def test_any_name_gives_a_username_of_plain_signs_that_fits(first: str, last: str, born: str) -> None:
    username = username_of(first, last, born)
    assert re.fullmatch(r"[a-z0-9]*\.[a-z0-9]*[0-9]{4}", username)
    assert len(username) <= LONGEST
    assert belongs_to(username, first, last)


@given(st.text(max_size=60))
def test_standardising_twice_changes_nothing_more(name: str) -> None:
    assert standardised(standardised(name)) == standardised(name)


@given(
    st.text(alphabet="abcdefgh", min_size=1, max_size=8), st.text(alphabet="ijklmn", min_size=1, max_size=8)
)
def test_a_username_belongs_to_nobody_of_another_name(first: str, last: str) -> None:
    assert not belongs_to(username_of(first, last, "2010-05-04"), last, first)
    assert not belongs_to(f"{first}.{last}", first, last)
