import pytest
from bank_kit import SHARED, SINGLE, TOPIC, bank_of, files, item

from exam.bank import Bank, parse_bank
from exam.bank_check import check_bank


def found(bank: Bank) -> set[str]:
    return {problem.code for problem in check_bank(bank, 8)}


def found_in(kind: str) -> set[str]:
    return found(bank_of(un=item(kind)))


def test_a_good_item_has_no_problem() -> None:
    assert found(bank_of()) == set()


NEVER = """
[variables]
n = {count = "t"}
[tables.t]
rows = 2
at_least = 3
columns = [{name = "c", title = "C", int = [1, 2]}]
"""
UNTOUCHED = """
kind = "hand_back"
label = "L"
accept = [".txt"]
expect = [{lines = 1, message = {fr = "m", en = "m"}}]
[[documents]]
name = "a.txt"
text = "une ligne"
"""
TEXT = 'kind = "short_text"\nlabel = "L"\n'


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (
            "refused_solution",
            'kind = "number"\nlabel = "L"\nvalue = "{n} x"\n[variables]\nn = {int = [1, 9]}',
        ),
        ("bad_key", TEXT + 'accepted = ["oui", "{n}"]\n[variables]\nn = {pick = ["…"]}'),
        ("never_settled", SINGLE + NEVER),
        ("accepted_distractor", TEXT + 'accepted = ["qzxwkj"]'),
        ("broken_item", SINGLE + '[[documents]]\nname = "a.png"\nimage = {width = "large", height = 4}'),
        ("accepted_untouched", UNTOUCHED),
        ("key_in_question", SINGLE.replace('"deux"', '"Que faire"')),
    ],
)
def test_an_item_that_fails_itself_is_named(code: str, kind: str) -> None:
    assert code in found_in(kind)


def test_a_solution_its_own_grader_refuses_is_named() -> None:
    lines = 'kind = "short_text"\nlabel = "L"\naccepted = ["{n}"]\ntreatments = ["t2"]\n[variables]\nn = {pick = ["…"]}'
    assert "refused_solution" in found_in(lines)


def test_a_hint_that_says_the_answer_is_named() -> None:
    told = files(un=item(SINGLE.replace('"deux"', '"le cadenas fermé"')))
    told["topics/sujet/topic.toml"] = TOPIC.replace("Regardez bien.", "Cherchez le cadenas fermé.").encode()
    bank, _ = parse_bank(told)
    assert bank is not None
    assert found(bank) == {"key_in_hint"}


LONG = SHARED.replace(
    "Que faire ?", "Que faire de ce message reçu ce matin de la part de la banque de vos parents ?"
)


def test_two_items_that_ask_the_same_are_named_unless_they_are_enemies() -> None:
    assert found(bank_of(un=item(SINGLE, LONG), deux=item(SINGLE, LONG))) == {"near_duplicate"}
    assert found(bank_of(un=item(SINGLE, LONG + 'enemies = ["deux"]'), deux=item(SINGLE, LONG))) == set()


def test_a_skill_without_active_item_is_named() -> None:
    assert found(bank_of(un=item(SINGLE, SHARED + 'status = "archived"'))) == {"skill_without_item"}
