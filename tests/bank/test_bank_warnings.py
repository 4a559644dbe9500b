"""What `preau bank check` warns of, how twins are found, and the proof of a certification."""

from itertools import combinations

import pytest
from bank_kit import SHARED, SINGLE, TOPIC, bank_of, files, item, one
from hypothesis import given, settings
from hypothesis import strategies as st
from sealed_kit import certification_bank
from simulator_examples import examples

from exam.bank import Bank, parse_bank
from exam.bank_check import THOROUGH, check_bank, check_warnings
from exam.certification.parameters import Parameters
from exam.certification_pool import certification_items, pool_parameters
from exam.feasibility import feasibility
from exam.framework import COMPETENCES
from exam.items import Item
from exam.needs import needs_of
from exam.start_parameters import KINDS, start_parameters
from exam.twins import near_pairs
from kiosk.commands.bank_check import certification_check


def warned(bank: Bank, seeds: int = 8) -> set[str]:
    return {problem.code for problem in check_warnings(bank, seeds)}


def asking(words: str) -> Bank:
    return bank_of(un=item(SINGLE, SHARED.replace("Que faire ?", words)))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("outside_needed", "Allez sur https://www.education.gouv.fr et trouvez la date."),
        ("drag_only", "Glissez chaque carte à sa place."),
        ("colour_only", "Que fait le bouton rouge ?"),
    ],
)
def test_a_wording_that_shuts_someone_out_is_warned_of(code: str, words: str) -> None:
    assert warned(asking(words)) == {code}


@pytest.mark.parametrize(
    "words",
    [
        "Allez sur https://meteo.example et trouvez la date.",
        "L’adresse https://banque.fr.site.test est-elle sûre ?",
        "Quelle couleur obtient-on avec du rouge et du vert ?",
    ],
)
def test_invented_addresses_and_questions_about_colours_pass(words: str) -> None:
    assert warned(asking(words)) == set()


@pytest.mark.parametrize(
    "words", ["(à traduire) Que faire ?", "Que faire ? TODO", "(to write)", "Lorem ipsum dolor"]
)
def test_a_text_left_to_be_done_is_warned_of(words: str) -> None:
    assert warned(asking(words)) == {"unfinished"}


def test_a_topic_left_to_be_done_is_warned_of_and_todo_inside_a_word_is_not() -> None:
    broken = files()
    broken["topics/sujet/topic.toml"] = TOPIC.replace("Regardez bien.", "(à écrire)").encode()
    bank, problems = parse_bank(broken)
    assert bank is not None, problems
    assert [(one.path, one.code) for one in check_warnings(bank)] == [
        ("topics/sujet/topic.toml", "unfinished")
    ]
    assert warned(asking("Que fait la classe TodoList ?")) == set()


def test_two_items_that_the_same_work_solves_are_warned_of_unless_they_are_enemies() -> None:
    first = examples()["permissions"]
    second = first.replace(b'"Que faire ?"', b'"Qui lit quoi, et quand ?"')
    foe = b'enemies = ["sujet-2-s"]\n' + second
    assert "same_solution" in warned(bank_of(**{"sujet-2-s": first, "sujet-2-t": second}))
    assert "same_solution" not in warned(bank_of(**{"sujet-2-s": first, "sujet-2-t": foe}))


TYPED = 'kind = "short_text"\nlabel = "L"\naccepted = ["mot de passe unique"]\n'


def test_an_answer_shown_by_another_item_is_warned_of_unless_they_are_enemies() -> None:
    other = SHARED.replace("Que faire ?", "Pourquoi un mot de passe unique par site ?")
    assert warned(bank_of(un=item(TYPED), deux=item(SINGLE, other))) == {"key_in_other_item"}
    apart = other + 'enemies = ["un"]\n'
    assert warned(bank_of(un=item(TYPED), deux=item(SINGLE, apart))) == set()


NEVER = SINGLE + '[variables]\na = {pick = ["x"]}\nb = {pick = ["x", "y"], unlike = ["a"]}\n'


def test_a_variant_nobody_meets_is_told_when_there_is_time() -> None:
    assert warned(one(NEVER), THOROUGH) == {"unseen_variant"}
    assert warned(one(NEVER)) == set()


def test_choices_that_read_the_same_for_some_pupils_are_a_problem() -> None:
    same = SINGLE.replace('{fr = "un", en = "one"}', '"{n}"').replace('{fr = "trois", en = "three"}', '"3"')
    codes = {problem.code for problem in check_bank(one(same + "[variables]\nn = {int = [3, 5]}"))}
    assert codes == {"twin_choices"}


TOKENS = st.frozensets(st.tuples(st.sampled_from("abcdefghijkl"), st.integers(1, 2)), max_size=20)


@settings(max_examples=100)
@given(st.lists(TOKENS, max_size=8))
def test_twins_are_those_that_comparing_all_pairs_finds(texts: list[frozenset[tuple[str, int]]]) -> None:
    tokens = {f"i{place}": text for place, text in enumerate(texts) if text}
    wanted = [
        (first, second)
        for first, second in combinations(sorted(tokens), 2)
        if len(tokens[first] & tokens[second]) * 10 >= max(len(tokens[first]), len(tokens[second])) * 9
    ]
    assert near_pairs(tokens) == wanted


def pool() -> list[Parameters]:
    return pool_parameters(certification_bank(), certification_items(certification_bank()))


def test_a_competence_without_two_topics_is_named() -> None:
    left = [one for one in pool() if not (one.competence == "3.4" and one.topic.endswith("-1"))]
    proof = feasibility(left)
    assert not proof.feasible
    assert proof.failing == {"3.4": "1 topics with an item: 2 are needed"}
    assert proof.test == {}


def test_enemies_that_shut_out_every_pair_are_named() -> None:
    items = pool()
    first = [one.id for one in items if one.competence == "2.1"]
    hostile = [
        Parameters(
            one.id, one.a, one.b, one.competence, one.topic, one.skill, tuple(x for x in first if x != one.id)
        )
        if one.id in first
        else one
        for one in items
    ]
    assert set(feasibility(hostile).failing) == {"2.1"}


def test_who_needs_adjusted_items_has_a_proof_of_their_own() -> None:
    items = [
        Parameters(one.id, one.a, one.b, one.competence, one.topic, one.skill, (), "ordinary")
        if one.competence == "5.2"
        else one
        for one in pool()
    ]
    assert feasibility(items).feasible
    assert set(feasibility(items, adjusted=True).failing) == {"5.2"}


def test_the_proof_has_the_sixteen_competences() -> None:
    found = certification_check(certification_bank())
    assert found.pool == "certification"
    assert list(found.proof.test) == list(COMPETENCES)
    assert certification_check(bank_of()).pool == "open"


def test_start_parameters_grow_with_the_level_and_are_known_for_every_kind() -> None:
    for kind in KINDS:
        places = [start_parameters(level, kind).b for level in range(1, 9)]
        assert places == sorted(set(places))
        assert 500 <= start_parameters(1, kind).a <= 2000
    with pytest.raises(ValueError, match="level 9"):
        start_parameters(9, "number")


def first(bank: Bank) -> Item:
    return next(iter(bank.items.values()))


def test_needs_are_derived_unless_an_author_states_them() -> None:
    document = '[[documents]]\nname = "a.txt"\ntext = "x"\n'
    assert needs_of(first(bank_of())) == ()
    assert needs_of(first(bank_of(un=item(SINGLE + document, SHARED + "timer = 60\n")))) == (
        "file_tool",
        "timed",
    )
    stated = bank_of(un=item(SINGLE + document, SHARED + 'needs = ["picture"]\n'))
    assert needs_of(first(stated)) == ("picture",)
