import pytest
from bank_kit import SEED, bank_of, item, one
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.bank import Bank
from exam.errors import BadAnswer
from exam.events import Answer
from exam.grading import check_answer, expected, grade, shown, solve, wrong
from exam.items import DropDowns, MultipleChoice, SingleChoice
from exam.kinds import KINDS
from exam.present import present

CHOICES = """
[[choices]]
id = "a"
text = {fr = "un", en = "one"}
correct = true
[[choices]]
id = "b"
text = {fr = "deux", en = "two"}
[[choices]]
id = "c"
text = {fr = "trois", en = "three"}
"""
ENTRIES = "[" + ", ".join(f'{{id = "{sign}", text = "Pas {sign}"}}' for sign in "abcd") + "]"
SOURCES = {
    "single_choice": CHOICES,
    "multiple_choice": CHOICES.replace('"two"}', '"two"}\ncorrect = true'),
    "short_text": 'label = "L"\naccepted = {fr = ["Corbeille", "la corbeille"], en = ["Recycle bin"]}',
    "number": 'label = "L"\nvalue = "1250,5"\ntolerance = "0.5"\nunit = {fr = "Ko", en = "KB"}',
    "fill_blanks": """
text = {fr = "Ouvrez [[a]] puis [[b]].", en = "Open [[a]] then [[b]]."}
[blanks.a]
label = "Premier"
accepted = ["fichier"]
[blanks.b]
label = "Second"
accepted = ["dossier"]
""",
    "dropdowns": """
text = {fr = "Ouvrez [[a]] puis [[b]].", en = "Open [[a]] then [[b]]."}
[blanks.a]
label = "Premier"
correct = "x"
options = [{id = "x", text = "iks"}, {id = "y", text = "igrec"}]
[blanks.b]
label = "Second"
correct = "y"
options = [{id = "x", text = "iks"}, {id = "y", text = "igrec"}]
""",
    "ordering": f"entries = {ENTRIES}",
    "matching": f'left = {ENTRIES}\nright = {ENTRIES}\npairs = {{a = "b", b = "b", c = "d", d = "a"}}',
    "hand_back": 'label = "L"\naccept = [".txt"]\nexpect = [{lines = 2, message = {fr = "2", en = "2"}}, {name_is = "Au.txt", message = {fr = "n", en = "n"}}]',
    "simulator": """
simulator = "permissions"
scene = {apps = [{id = "a", name = "Lampe", permissions = {contacts = "allow"}}]}
[[goal]]
fact = "app.a.contacts"
is = "deny"
message = {fr = "Refus", en = "Refusal"}
""",
}
BANKS = {name: one(f'kind = "{name}"\n{source}') for name, source in SOURCES.items()}
LANGS = ("fr", "en")


def outcome(bank: Bank, answer: Answer | None, spent_ms: int = 0) -> str:
    return grade(bank, "un", SEED, "fr", answer, spent_ms)


def code_of(bank: Bank, answer: object) -> str:
    with pytest.raises(BadAnswer) as caught:
        check_answer(bank, "un", SEED, "fr", answer)  # type: ignore[arg-type]  # what a page may send
    return caught.value.code


def marks(bank: Bank, blank: str = "") -> list[str]:
    """Return what a page calls the choices (or the options of a list), in the order their author wrote them."""
    spec = bank.items["un"].spec
    if isinstance(spec, DropDowns):
        return [option.id for option in spec.blanks[blank].options]
    assert isinstance(spec, SingleChoice | MultipleChoice)
    return [choice.id for choice in spec.choices]


def refusal_of(bank: Bank, answer: Answer) -> BadAnswer | None:
    try:
        check_answer(bank, "un", SEED, "fr", answer)
    except BadAnswer as refusal:
        return refusal
    return None


def test_every_kind_is_tried_here() -> None:
    assert SOURCES.keys() == KINDS.keys()


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("lang", LANGS)
def test_its_own_key_is_right_and_its_wrong_answer_wrong(name: str, lang: str) -> None:
    for seed in (SEED, b"other"):
        right, bad = solve(BANKS[name], "un", seed, lang), wrong(BANKS[name], "un", seed, lang)
        for answer in (right, bad):
            check_answer(BANKS[name], "un", seed, lang, answer)
            assert shown(BANKS[name], "un", seed, lang, answer)
        assert grade(BANKS[name], "un", seed, lang, right, 0) == "ok"
        assert grade(BANKS[name], "un", seed, lang, bad, 0) == "ko"
        assert expected(BANKS[name], "un", seed, lang)


answers = st.recursive(
    st.text(max_size=6) | st.sampled_from(["a", "b", "e1", "r1"]) | st.none() | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "0", "z"]), inner, max_size=4)
    ),
    max_leaves=5,
)


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=60, deadline=None)
@given(answer=answers.filter(lambda answer: answer is not None))
def test_any_shape_is_checked_and_graded_without_failing(name: str, answer: Answer) -> None:
    refusal = refusal_of(BANKS[name], answer)
    assert refusal is None or refusal.code.startswith("answer.")
    assert refusal is None or outcome(BANKS[name], answer) == "ko"


def test_no_answer_is_skipped() -> None:
    assert outcome(BANKS["single_choice"], None, 10**6) == "skipped"


def test_a_right_answer_after_the_timer_is_timed_out_and_a_wrong_one_is_ko() -> None:
    bank = one('timer = 20\nkind = "single_choice"' + CHOICES)
    first, second, *_ = marks(bank)
    assert [outcome(bank, first, spent) for spent in (20_000, 20_001)] == ["ok", "timed_out"]
    assert outcome(bank, second, 20_001) == "ko"


def test_ticks_count_all_together_in_any_order() -> None:
    bank = BANKS["multiple_choice"]
    a, b, c = marks(bank)
    assert outcome(bank, [b, a]) == "ok"
    assert [outcome(bank, ticks) for ticks in ([a], [a, b, c], [a, a], [])] == ["ko"] * 4


def test_a_choice_must_be_one_of_the_questions() -> None:
    assert code_of(BANKS["single_choice"], "z") == "answer.unknown_choice"
    a = marks(BANKS["multiple_choice"])[0]
    assert code_of(BANKS["single_choice"], [a]) == "answer.wrong_type"
    assert code_of(BANKS["multiple_choice"], [a, "z"]) == "answer.unknown_choice"
    assert code_of(BANKS["multiple_choice"], [a, a]) == "answer.twice"
    assert code_of(BANKS["multiple_choice"], [a] * 50) == "answer.too_many"
    assert code_of(BANKS["multiple_choice"], []) == "answer.empty"


def test_a_typed_text_has_a_bounded_size() -> None:
    assert code_of(BANKS["short_text"], "x" * 501) == "answer.too_long"
    assert code_of(BANKS["short_text"], "  ") == "answer.empty"
    assert code_of(BANKS["short_text"], "a\ud800") == "answer.bad_character"
    assert outcome(BANKS["short_text"], " LA CORBEILE ") == "ok"


def test_each_language_has_its_own_accepted_texts() -> None:
    assert grade(BANKS["short_text"], "un", SEED, "en", "corbeille", 0) == "ko"
    assert grade(BANKS["short_text"], "un", SEED, "en", "recycle bin", 0) == "ok"


def test_a_number_is_right_up_to_its_tolerance_with_or_without_its_unit() -> None:
    written = ["1250", "1 251", "1250.5 Ko", "1251,01", "1249.99"]
    assert [outcome(BANKS["number"], answer) for answer in written] == ["ok", "ok", "ok", "ko", "ko"]
    assert code_of(BANKS["number"], "mille") == "answer.not_a_number"


def test_independent_blanks_have_their_own_place() -> None:
    bank = BANKS["fill_blanks"]
    assert outcome(bank, {"a": "fichier", "b": "dossier"}) == "ok"
    assert outcome(bank, {"a": "dossier", "b": "fichier"}) == "ko"
    assert code_of(bank, {"a": "fichier"}) == "answer.incomplete"
    assert code_of(bank, {"a": "", "b": ""}) == "answer.empty"
    check_answer(bank, "un", SEED, "fr", {"a": "fichier", "b": ""})


def test_dependent_blanks_may_change_places_but_not_serve_twice() -> None:
    bank = one(
        'kind = "fill_blanks"\nmode = "dependent"'
        + SOURCES["fill_blanks"].replace('["dossier"]', '["dossier", "fichier"]')
    )
    assert outcome(bank, {"a": "dossier", "b": "fichier"}) == "ok"
    assert outcome(bank, {"a": "fichier", "b": "fichier"}) == "ok"
    assert outcome(bank, {"a": "dossier", "b": "dossier"}) == "ko"


def test_every_list_must_show_its_option() -> None:
    bank = BANKS["dropdowns"]
    right = solve(bank, "un", SEED, "fr")
    assert isinstance(right, dict)
    other = next(option for option in marks(bank, "b") if option != right["b"])
    assert outcome(bank, right) == "ok"
    assert outcome(bank, {**right, "b": other}) == "ko"
    assert code_of(bank, {**right, "b": "z"}) == "answer.unknown_choice"


def test_what_a_page_calls_a_choice_tells_nothing_of_its_author() -> None:
    for name in ("single_choice", "multiple_choice"):
        assert not set(marks(BANKS[name])) & {"a", "b", "c"}
    assert not set(marks(BANKS["dropdowns"], "a")) & {"x", "y"}


def test_entries_to_order_are_all_given_once() -> None:
    assert code_of(BANKS["ordering"], ["e1", "e2", "e3"]) == "answer.incomplete"
    assert code_of(BANKS["ordering"], ["e1", "e1", "e2", "e3"]) == "answer.twice"
    assert code_of(BANKS["ordering"], ["a", "b", "c", "d"]) == "answer.unknown_choice"


def test_entries_are_never_shown_in_the_right_order() -> None:
    for number in range(80):
        seed = bytes([number])
        fields = present(BANKS["ordering"], "un", seed, "fr").fields
        assert [entry.text for entry in fields.entries] != [f"Pas {sign}" for sign in "abcd"]
        by_id = {entry.id: entry.text for entry in fields.entries}
        assert [by_id[place] for place in solve(BANKS["ordering"], "un", seed, "fr")] == [
            f"Pas {sign}" for sign in "abcd"
        ]


def test_a_right_entry_may_serve_twice() -> None:
    fields = present(BANKS["matching"], "un", SEED, "fr").fields
    place = {entry.text: entry.id for entry in fields.right}
    answer: Answer = {"a": place["Pas b"], "b": place["Pas b"], "c": place["Pas d"], "d": place["Pas a"]}
    assert outcome(BANKS["matching"], answer) == "ok"
    assert code_of(BANKS["matching"], {"a": "r9", "b": "r1", "c": "r1", "d": "r1"}) == "answer.unknown_choice"


def test_facts_must_all_hold_and_a_name_counts_every_letter() -> None:
    assert outcome(BANKS["hand_back"], {"0": "2", "1": "Au.txt"}) == "ok"
    assert outcome(BANKS["hand_back"], {"0": "2", "1": "au.txt"}) == "ko"
    assert outcome(BANKS["hand_back"], {"0": "3", "1": "Au.txt"}) == "ko"


def test_a_drawn_value_is_graded_by_the_seed_that_drew_it() -> None:
    lines = 'kind = "number"\nlabel = "L"\nvalue = "{n}"\n[variables]\nn = {int = [1, 1000]}'
    bank = bank_of(un=item(lines))
    keys = [solve(bank, "un", bytes([number]), "fr") for number in range(20)]
    assert len(set(map(str, keys))) > 10
    assert [grade(bank, "un", bytes([number]), "en", key, 0) for number, key in enumerate(keys)] == [
        "ok"
    ] * 20
