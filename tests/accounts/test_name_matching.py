"""Finding a pupil by the names typed: cases worked by hand, then the laws of the distance and of the doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.name_matching import Candidate, alike, distance, find, similar

WORDS = st.text(alphabet="abcde", max_size=8)
EXACT, TOLERANT = (0, 1), (1, 4)


def pupil(name: str, *given_names: str, last: str = "Martin", used: str | None = None) -> Candidate:
    names = (*given_names, None, None, None)
    return Candidate(name, (names[0], names[1], names[2]), (last, used))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("", "", 0), ("chat", "chat", 0), ("chat", "chats", 1), ("niche", "chiens", 5), ("", "abc", 3)],
)
def test_distances_worked_by_hand(left: str, right: str, expected: int) -> None:
    assert distance(left, right) == expected


@pytest.mark.parametrize(
    ("typed", "reference", "expected"),
    [
        ("lena", "lina", True),  # 1 of 4: exactly a quarter
        ("lea", "leo", False),  # 1 of 3 is more than a quarter
        ("leon", "leo", True),  # the length of what was typed counts,
        ("leo", "leon", False),  # not that of the list
        ("", "", True),
        ("", "a", False),
    ],
)
def test_a_quarter_is_of_what_was_typed(typed: str, reference: str, *, expected: bool) -> None:
    assert alike(typed, reference, TOLERANT) is expected


@given(WORDS, WORDS)
def test_the_distance_is_symmetric_and_bounded(left: str, right: str) -> None:
    found = distance(left, right)
    assert found == distance(right, left)
    assert abs(len(left) - len(right)) <= found <= max(len(left), len(right))
    assert (found == 0) == (left == right)


@given(WORDS, WORDS, WORDS)
def test_the_distance_takes_no_short_cut(one: str, two: str, three: str) -> None:
    assert distance(one, three) <= distance(one, two) + distance(two, three)


def test_an_exact_match_wins_over_a_near_one() -> None:
    assert find("Manon", "Martin", [pupil("a", "Manon"), pupil("b", "Manor")]) == "a"


def test_accents_case_spaces_and_hyphens_do_not_count() -> None:
    assert find("jean paul", "LEFEVRE", [pupil("a", "Jean-Paul", last="Lefèvre")]) == "a"


def test_a_second_given_name_and_the_name_used_are_accepted() -> None:
    listed = [pupil("a", "Marie", "Louise", last="Durand", used="Petit"), pupil("b", "Anne", last="Petit")]
    assert find("Louise", "Petit", listed) == "a"
    assert find("Louise", "Durand", listed) == "a"


def test_two_pupils_of_the_same_names_are_a_doubt_and_nobody_is_found() -> None:
    assert find("Manon", "Martin", [pupil("a", "Manon"), pupil("b", "Manon")]) is None


def test_a_doubt_on_the_first_given_name_may_be_settled_by_the_second() -> None:
    listed = [pupil("a", "Manon", "Zoé"), pupil("b", "Manon", "Rose"), pupil("c", "Lou", "Manon")]
    assert find("Manon", "Martin", listed) == "c"  # the only one whose second name it is


def test_a_slip_of_the_finger_is_forgiven_and_another_name_is_not() -> None:
    assert find("Manonn", "Marttin", [pupil("a", "Manon")]) == "a"
    assert find("Marion", "Dupont", [pupil("a", "Manon")]) is None


@pytest.mark.parametrize(("first", "last"), [("", "Martin"), ("Manon", ""), ("!!", "Martin")])
def test_nothing_typed_finds_nobody(first: str, last: str) -> None:
    assert find(first, last, [pupil("a", "Manon"), pupil("b", "", last="")]) is None


@given(st.lists(st.tuples(WORDS, WORDS), max_size=6), WORDS, WORDS)
def test_whoever_is_found_is_near_what_was_typed(
    listed: list[tuple[str, str]], first: str, last: str
) -> None:
    candidates = [pupil(str(n), given_name, last=name) for n, (given_name, name) in enumerate(listed)]
    found = find(first, last, candidates)
    if found is not None:
        given_name, name = listed[int(found)]
        assert similar(first, given_name)
        assert similar(last, name)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=6), WORDS, WORDS)
def test_the_order_of_the_list_changes_nothing(listed: list[tuple[str, str]], first: str, last: str) -> None:
    candidates = [pupil(str(n), given_name, last=name) for n, (given_name, name) in enumerate(listed)]
    assert find(first, last, candidates) == find(first, last, candidates[::-1])
