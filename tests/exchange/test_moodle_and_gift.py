"""Moodle XML and GIFT: the same kinds, the same answers, and refusals by line."""

from __future__ import annotations

import pytest
from exchange_kit import bank_of, refusal, taken_in
from hypothesis import given
from hypothesis import strategies as st

from exam.grading import expected, grade
from exam.present import present


def quiz(kind: str, inside: str, text: str = "Que dire&#160;?") -> str:
    return (
        '<?xml version="1.0"?>\n<quiz>\n<question type="category"><category><text>x</text></category></question>\n'
        f'<question type="{kind}"><name><text>Un titre</text></name>\n<questiontext format="html"><text>'
        f"<![CDATA[{text}]]></text></questiontext>\n{inside}</question></quiz>"
    )


def answers(*rows: tuple[str, str], more: str = "") -> str:
    return "".join(f'<answer fraction="{share}"><text>{words}</text>{more}</answer>' for words, share in rows)


def key(data: str) -> tuple[str, str]:
    """Return the kind and the expected answer of the only question taken."""
    found = taken_in(data)
    assert found.problems == []
    bank = bank_of(found)
    return bank.items[found.items[0]].kind, expected(bank, found.items[0], b"", "fr")


MOODLE = {
    "one choice": (
        quiz(
            "multichoice", "<single>true</single>" + answers(("un", "0"), ("<![CDATA[<p>deux</p>]]>", "100"))
        ),
        ("single_choice", "deux"),
    ),
    "several": (
        quiz(
            "multichoice", "<single>false</single>" + answers(("un", "50"), ("deux", "-50"), ("trois", "50"))
        ),
        ("multiple_choice", "un · trois"),
    ),
    "true": (quiz("truefalse", answers(("true", "100"), ("false", "0"))), ("single_choice", "Vrai")),
    "text": (quiz("shortanswer", answers(("Seine", "100"), ("*", "0"))), ("short_text", "Seine")),
    "number": (
        quiz("numerical", answers(("3.14", "100"), more="<tolerance>0.01</tolerance>")),
        ("number", "3.14"),
    ),
    "pairs": (
        quiz(
            "matching",
            "<subquestion><text>chat</text><answer><text>miaule</text></answer></subquestion>"
            "<subquestion><text>chien</text><answer><text>aboie</text></answer></subquestion>"
            "<subquestion><text></text><answer><text>vole</text></answer></subquestion>",
        ),
        ("matching", "chat → miaule · chien → aboie"),
    ),
    "typed cloze": (
        quiz("cloze", "", "Paris : {1:SHORTANSWER:=Seine#bien~%50%Sène}. Lyon : {SHORTANSWER:=x}").replace(
            "{SHORTANSWER:=x}", "{1:SA:=Rhône}"
        ),
        ("fill_blanks", "Paris : [Seine]. Lyon : [Rhône]"),
    ),
    "listed cloze": (
        quiz("cloze", "", "<p>Le ciel est {1:MULTICHOICE:=bleu~vert~%0%gris}.</p>"),
        ("dropdowns", "Le ciel est [bleu]."),
    ),
    "number cloze": (quiz("cloze", "", "Pi vaut {1:NUMERICAL:=3.14:0.01}."), ("number", "3.14")),
}


@pytest.mark.parametrize("name", MOODLE)
def test_a_question_of_moodle_keeps_its_kind_and_its_answer(name: str) -> None:
    data, wanted = MOODLE[name]
    assert key(data) == wanted


GIFT = {
    "::Titre::Que dire ? {=deux ~un ~trois}": ("single_choice", "deux"),
    "Que dire ? {~%50%un ~%50%trois ~%-100%deux}": ("multiple_choice", "un · trois"),
    "La Terre tourne.{T}": ("single_choice", "Vrai"),
    "La Terre est plate.{FALSE#non}": ("single_choice", "Faux"),
    "Le fleuve de Paris ? {=Seine =la Seine}": ("short_text", "Seine"),
    "Pi ? {#3.14:0.01}": ("number", "3.14"),
    "Un nombre ? {#1..2}": ("number", "1.5"),
    "Reliez. {=chat -> miaule =chien -> aboie}": ("matching", "chat → miaule · chien → aboie"),
    "Le ciel est {=bleu ~vert} ce soir.": ("dropdowns", "Le ciel est [bleu] ce soir."),
    "La Seine passe à {=Paris} ce soir.": ("fill_blanks", "La Seine passe à [Paris] ce soir."),
    r"Que vaut 1+1 ? {=\=2 ~\~3\#}": ("single_choice", "=2"),
    "// note\n$CATEGORY: x\n\n[html]<b>Quoi</b> ? {\n=a#oui\n~b\n}": ("single_choice", "a"),
}


@pytest.mark.parametrize("data", GIFT)
def test_a_question_of_gift_keeps_its_kind_and_its_answer(data: str) -> None:
    assert key(data) == GIFT[data]


def test_html_becomes_markdown_and_its_own_signs_stay_words() -> None:
    text = "<p>Lisez <b>bien</b> 2 * 3<br>ceci</p><ul><li>un<li>deux</ul>"
    found = taken_in(quiz("truefalse", answers(("true", "100"), ("false", "0")), text))
    shown = present(bank_of(found), found.items[0], b"", "fr")
    assert (shown.instruction, shown.detail) == (r"Lisez **bien** 2 \* 3 ceci", "- un\n- deux")


def test_capitals_count_when_the_quiz_says_so() -> None:
    for case, outcome in (("1", "ko"), ("0", "ok")):
        found = taken_in(quiz("shortanswer", f"<usecase>{case}</usecase>" + answers(("Seine", "100"))))
        assert grade(bank_of(found), found.items[0], b"", "fr", "SEINE", 0) == outcome


def test_an_interval_takes_both_its_ends() -> None:
    found = taken_in("Un nombre ? {#1..2}")
    outcomes = [grade(bank_of(found), found.items[0], b"", "fr", typed, 0) for typed in ("1", "2", "2,01")]
    assert outcomes == ["ok", "ok", "ko"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (quiz("essay", ""), "line 4"),
        (quiz("ddwtos", ""), "line 4"),
        (quiz("shortanswer", answers(("Se*ne", "100"))), "line 6"),
        (quiz("multichoice", answers(("a", "50"), ("b", "50"))), "line 4"),
        (quiz("truefalse", answers(("true", "100"), ("false", "0")), '<img src="x.png">'), "line 5"),
        (quiz("cloze", "", "a {1:REGEXP:=x} {1:SA:=y}"), "line 5"),
        ("\nRacontez. {}", "line 2"),
        ("Ceci {=a} et {=b}", "line 1"),
        ("Que dire ? {=a =b -> c}", "line 1"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_line(data: str, place: str) -> None:
    assert refusal(taken_in(data))[1] == place


def test_a_refused_question_spares_the_others() -> None:
    found = taken_in("Un ? {=a ~b}\n\nRacontez. {}\n\nDeux ? {=c ~d}")
    assert (len(found.items), [problem.field for problem in found.problems]) == (2, ["line 3"])


def test_a_text_that_is_no_format_is_refused() -> None:
    assert refusal(taken_in("Bonjour."))[0] == "unsupported"


@given(st.text(alphabet="{}=~#%->:\\ab1.\n[]TF$/<", max_size=80))
def test_no_text_makes_gift_raise(words: str) -> None:
    taken_in(words)


@given(
    st.sampled_from(sorted(MOODLE)), st.integers(0, 600), st.text(alphabet="{}<>=~#%&;:ab1/[]", max_size=6)
)
def test_no_damage_makes_moodle_raise(name: str, at: int, words: str) -> None:
    data = MOODLE[name][0]
    at %= len(data)
    taken_in(data[:at] + words + data[at + len(words) :])
