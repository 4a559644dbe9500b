"""A page receives nothing of the solution, whatever the item of the starter bank."""

from collections import Counter

import msgspec
import pytest

from exam.bank import Bank
from exam.grading import grade, solve
from exam.items import HandBack, Number, ShortText, Simulator, SingleChoice
from exam.present import present
from kiosk.bank_files import load_bank, starter_bank

SEED = b"a seed of thirty-two bytes......"
FORBIDDEN = {
    "correct",
    "accepted",
    "value",
    "tolerance",
    "pairs",
    "expect",
    "note",
    "treatments",
    "hint",
    "skill",
    "equals",
    "level",
    "goal",
    "goals",
    "solution",
}


@pytest.fixture(scope="module")
def starter() -> Bank:
    return load_bank(starter_bank())


def keys_in(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_in(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys_in(inner)}
    return set()


def test_no_page_is_given_a_field_of_the_key(starter: Bank) -> None:
    for item in starter.items:
        for lang in starter.languages:
            page = msgspec.json.decode(msgspec.json.encode(present(starter, item, SEED, lang)))
            assert not keys_in(page) & FORBIDDEN, item


def test_no_page_is_told_which_item_or_skill_it_shows(starter: Bank) -> None:
    for item in starter.items.values():
        page = msgspec.json.encode(present(starter, item.id, SEED, "fr")).decode()
        assert item.id not in page
        assert f'"{item.skill}"' not in page


def test_no_typed_answer_is_among_the_fields_of_the_page(starter: Bank) -> None:
    for item in starter.items.values():
        if isinstance(item.spec, ShortText | Number | HandBack):
            fields = msgspec.json.decode(msgspec.json.encode(present(starter, item.id, SEED, "fr").fields))
            assert fields.keys() <= {"label", "unit", "accept"}, item.id


def test_no_simulator_tells_what_is_looked_for(starter: Bank) -> None:
    for item in starter.items.values():
        if isinstance(item.spec, Simulator):
            fields = present(starter, item.id, SEED, "fr").fields
            told = msgspec.json.encode(fields).decode()
            assert not any(goal.message["fr"] in told for goal in item.spec.goals), item.id
            answer = solve(starter, item.id, SEED, "fr")
            assert isinstance(answer, dict)
            assert not any(fields.start.get(key, "") == value for key, value in answer.items() if value), (
                item.id
            )


def test_the_place_of_a_right_choice_does_not_tell_it(starter: Bank) -> None:
    item = next(
        item for item in starter.items.values() if isinstance(item.spec, SingleChoice) and item.spec.shuffle
    )
    places: Counter[int] = Counter()
    for number in range(200):
        seed = number.to_bytes(32, "big")
        ids = [choice.id for choice in present(starter, item.id, seed, "fr").fields.choices]
        places[ids.index(str(solve(starter, item.id, seed, "fr")))] += 1
    assert min(places[place] for place in range(len(ids))) > 20


def test_the_order_shown_is_never_an_answer(starter: Bank) -> None:
    for item in starter.items.values():
        if item.kind == "ordering":
            for number in range(20):
                seed = bytes([number]) * 32
                shown_ids = [entry.id for entry in present(starter, item.id, seed, "fr").fields.entries]
                assert shown_ids == [f"e{place}" for place in range(1, len(shown_ids) + 1)]
                assert grade(starter, item.id, seed, "fr", shown_ids, 0) == "ko"


def test_a_page_is_the_same_each_time_it_is_loaded(starter: Bank) -> None:
    for item in starter.items:
        assert present(starter, item, SEED, "en") == present(starter, item, SEED, "en")


def test_every_variable_is_replaced_before_a_page_sees_it(starter: Bank) -> None:
    for item in starter.items.values():
        page = msgspec.json.encode(present(starter, item.id, SEED, "fr")).decode()
        assert not any("{" + variable.name + "}" in page for variable in item.variables), item.id
