"""QTI from elsewhere: what keeps its meaning is taken, everything else is refused by element and line."""

from __future__ import annotations

import pytest
from exchange_kit import bank_of, refusal, taken_in

from exam.grading import expected, grade
from exam.present import present

V3 = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xml:lang="fr"'
V2 = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" xml:lang="en"'
MATCH = (
    '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>'
)
MAP = '<qti-response-processing template="https://www.imsglobal.org/question/qti_v3p0/rptemplates/map_response.xml"/>'


def declared(cardinality: str, base: str, right: str = "", mapping: str = "", name: str = "RESPONSE") -> str:
    values = "".join(f"<qti-value>{value}</qti-value>" for value in right.split("|") if value)
    return (
        f'<qti-response-declaration identifier="{name}" cardinality="{cardinality}" base-type="{base}">'
        f"<qti-correct-response>{values}</qti-correct-response>{mapping}</qti-response-declaration>"
    )


def mapping(entries: dict[str, str], more: str = "") -> str:
    rows = "".join(f'<qti-map-entry map-key="{k}" mapped-value="{v}"/>' for k, v in entries.items())
    return f"<qti-mapping {more}>{rows}</qti-mapping>"


def item(declaration: str, body: str, processing: str = MATCH) -> str:
    return (
        f'<qti-assessment-item {V3} identifier="essai" title="Un essai" adaptive="false">\n{declaration}\n'
        f"<qti-item-body>\n{body}\n</qti-item-body>\n{processing}</qti-assessment-item>"
    )


def choices(names: str, most: int = 0) -> str:
    rows = "".join(f'<qti-simple-choice identifier="{n}">mot {n}</qti-simple-choice>' for n in names.split())
    return (
        f'<p>Un contexte.</p><qti-choice-interaction response-identifier="RESPONSE" max-choices="{most}">'
        f"<qti-prompt>Que choisir ?</qti-prompt>{rows}</qti-choice-interaction>"
    )


def answer(data: str) -> str:
    """Return the expected answer of the only item taken, in the language it was written in."""
    found = taken_in(data)
    assert found.problems == []
    lang = "en" if V2 in data else "fr"
    return expected(bank_of(found), found.items[0], b"", lang)


def test_a_single_choice_keeps_its_prompt_context_and_key() -> None:
    found = taken_in(item(declared("single", "identifier", "B"), choices("A B C", 1)))
    bank = bank_of(found)
    shown = present(bank, found.items[0], b"", "fr")
    assert (shown.kind, shown.title) == ("single_choice", "Un essai")
    assert (shown.instruction, shown.detail) == ("Que choisir ?", "Un contexte.")
    assert expected(bank, found.items[0], b"", "fr") == "mot B"


def test_version_2_2_is_read_by_the_same_rules() -> None:
    data = f"""<assessmentItem {V2} identifier="two" title="Two" adaptive="false">
    <responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="identifier">
    <correctResponse><value>A</value><value>C</value></correctResponse></responseDeclaration>
    <itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="0" shuffle="true">
    <prompt>Which?</prompt><simpleChoice identifier="A">one</simpleChoice><simpleChoice identifier="B">two</simpleChoice>
    <simpleChoice identifier="C">three</simpleChoice></choiceInteraction></itemBody>
    <responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/></assessmentItem>"""
    assert answer(data) == "one · three"


def test_a_missing_language_is_copied_under_a_mark_and_told() -> None:
    found = taken_in(item(declared("single", "identifier", "B"), choices("A B C", 1)))
    assert present(bank_of(found), found.items[0], b"", "en").title == "(to translate) Un essai"
    assert "missing_translation" in {warning.code for warning in found.warnings}


def test_a_mapping_with_losses_is_the_set_that_has_every_point() -> None:
    points = mapping({"A": "1", "C": "1", "B": "-1"}, 'default-value="-2" upper-bound="2"')
    data = item(declared("multiple", "identifier", "A|C", points), choices("A B C D"), MAP)
    assert answer(data) == "mot A · mot C"


def test_a_mapping_that_ticking_everything_satisfies_is_made_strict_by_the_declared_answer() -> None:
    points = mapping({"A": "1", "C": "1"}, 'lower-bound="0" upper-bound="2" default-value="0"')
    found = taken_in(item(declared("multiple", "identifier", "A|C", points), choices("A B C"), MAP))
    assert expected(bank_of(found), found.items[0], b"", "fr") == "mot A · mot C"
    assert "stricter" in {warning.code for warning in found.warnings}


def test_a_mapping_that_ticking_everything_satisfies_is_refused_without_a_declared_answer() -> None:
    points = mapping({"A": "1", "C": "1"})
    code, place, _ = refusal(
        taken_in(item(declared("multiple", "identifier", "", points), choices("A B C"), MAP))
    )
    assert (code, place) == ("bad_key", "line 2")


def test_accepted_texts_are_those_with_the_most_points() -> None:
    points = mapping({"York": "1", "york": "0.5"})
    body = '<p>La ville est <qti-text-entry-interaction response-identifier="RESPONSE"/></p>'
    found = taken_in(item(declared("single", "string", "York", points), "<p>Lisez.</p>" + body, MAP))
    bank = bank_of(found)
    assert bank.items[found.items[0]].kind == "short_text"
    assert grade(bank, found.items[0], b"", "fr", "York", 0) == "ok"
    assert grade(bank, found.items[0], b"", "fr", "york", 0) == "ko"
    assert "partial_credit" in {warning.code for warning in found.warnings}


def test_a_field_inside_a_sentence_keeps_the_sentence() -> None:
    body = '<p>Paris est sur la <qti-text-entry-interaction response-identifier="RESPONSE"/>, un fleuve.</p>'
    assert answer(item(declared("single", "string", "Seine"), body)) == "Paris est sur la [Seine], un fleuve."


def test_a_number_within_a_tolerance() -> None:
    test = (
        "<qti-response-processing><qti-response-condition><qti-response-if>"
        '<qti-equal tolerance-mode="absolute" tolerance="0.5 0.5"><qti-variable identifier="RESPONSE"/>'
        '<qti-correct identifier="RESPONSE"/></qti-equal><qti-set-outcome-value identifier="SCORE">'
        '<qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value></qti-response-if>'
        "</qti-response-condition></qti-response-processing>"
    )
    body = '<p>Longueur : <qti-text-entry-interaction response-identifier="RESPONSE"/> cm</p>'
    found = taken_in(item(declared("single", "float", "12.5"), body, test))
    bank = bank_of(found)
    outcomes = [
        grade(bank, found.items[0], b"", "fr", typed, 0) for typed in ("12,5", "13", "12 cm", "13.1", "11.9")
    ]
    assert outcomes == ["ok", "ok", "ok", "ko", "ko"]


def test_lists_inside_a_text() -> None:
    body = (
        '<p>Le ciel est <qti-inline-choice-interaction response-identifier="RESPONSE">'
        '<qti-inline-choice identifier="b">bleu</qti-inline-choice><qti-inline-choice identifier="v">vert'
        "</qti-inline-choice></qti-inline-choice-interaction>.</p>"
    )
    assert answer(item(declared("single", "identifier", "b"), body)) == "Le ciel est [bleu]."


def test_an_order_is_the_right_one() -> None:
    body = choices("A B C").replace("choice-interaction", "order-interaction")
    assert answer(item(declared("ordered", "identifier", "C|A|B"), body)) == "mot C → mot A → mot B"


def matching(left_most: str = "1") -> str:
    sets = ""
    for names, most in (("a b", left_most), ("x y z", "0")):
        rows = "".join(
            f'<qti-simple-associable-choice identifier="{name}" match-max="{most}">le {name}</qti-simple-associable-choice>'
            for name in names.split()
        )
        sets += f"<qti-simple-match-set>{rows}</qti-simple-match-set>"
    return f'<qti-match-interaction response-identifier="RESPONSE"><qti-prompt>Reliez.</qti-prompt>{sets}</qti-match-interaction>'


def test_pairs_are_matched() -> None:
    assert (
        answer(item(declared("multiple", "directedPair", "a y|b x"), matching()))
        == "le a → le y · le b → le x"
    )


def test_pairs_with_points_are_matched_when_each_left_entry_has_one() -> None:
    points = mapping({"a y": "1", "b x": "0.5"}, 'default-value="0"')
    data = item(declared("multiple", "directedPair", "a y|b x", points), matching(), MAP)
    assert answer(data) == "le a → le y · le b → le x"


def test_gaps_to_fill_become_lists() -> None:
    body = (
        '<qti-gap-match-interaction response-identifier="RESPONSE"><qti-prompt>Placez.</qti-prompt>'
        '<qti-gap-text identifier="h" match-max="1">hiver</qti-gap-text><qti-gap-text identifier="e" match-max="1">été'
        '</qti-gap-text><p>En <qti-gap identifier="g1"/>, neige ; en <qti-gap identifier="g2"/>, soleil.</p>'
        "</qti-gap-match-interaction>"
    )
    assert (
        answer(item(declared("multiple", "directedPair", "h g1|e g2"), body))
        == "En [hiver], neige ; en [été], soleil."
    )


def test_words_to_mark_become_choices_and_their_text_stays() -> None:
    body = (
        '<qti-hottext-interaction response-identifier="RESPONSE" max-choices="1"><qti-prompt>La faute ?</qti-prompt>'
        '<p>Il <qti-hottext identifier="A">manges</qti-hottext> une <qti-hottext identifier="B">pomme</qti-hottext>.</p>'
        "</qti-hottext-interaction>"
    )
    found = taken_in(item(declared("single", "identifier", "A"), body))
    bank = bank_of(found)
    assert expected(bank, found.items[0], b"", "fr") == "manges"
    assert present(bank, found.items[0], b"", "fr").detail == "Il **manges** une **pomme**."


def test_words_that_look_like_our_marks_stay_words() -> None:
    body = (
        choices("A B", 1)
        .replace("mot A", "{prix} &amp; {{x}}")
        .replace("Un contexte.", "2 * 3 * 4 `x` &lt;b&gt;")
    )
    found = taken_in(item(declared("single", "identifier", "A"), body))
    assert expected(bank_of(found), found.items[0], b"", "fr") == "{prix} & {{x}}"
    assert present(bank_of(found), found.items[0], b"", "fr").detail == r"2 \* 3 \* 4 \`x\` \<b>"


REFUSED = {
    "qti-hotspot-interaction": '<qti-hotspot-interaction response-identifier="RESPONSE"/>',
    "img": '<p>Voyez <img src="a.png" alt="a"/></p>' + choices("A B", 1),
    "math": "<p><math/></p>" + choices("A B", 1),
    "qti-rubric-block": "<qti-rubric-block/>" + choices("A B", 1),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_supported_is_refused_by_element_and_line(name: str) -> None:
    code, place, words = refusal(taken_in(item(declared("single", "identifier", "A"), REFUSED[name])))
    assert code in {"unsupported", "no_correction", "missing_file"}
    assert place == "line 4"
    assert f"<{name}>" in words


@pytest.mark.parametrize(
    ("processing", "name"),
    [
        ('<qti-response-processing template="http://x/map_response_point"/>', "qti-response-processing"),
        (
            "<qti-response-processing><qti-lookup-outcome-value/></qti-response-processing>",
            "qti-lookup-outcome-value",
        ),
    ],
)
def test_a_correction_that_is_not_understood_is_refused(processing: str, name: str) -> None:
    data = item(declared("single", "identifier", "A"), choices("A B", 1), processing)
    assert f"<{name}>" in refusal(taken_in(data))[2]


@pytest.mark.parametrize(
    "extra", ["<qti-template-processing/>", "<qti-assessment-stimulus-ref/>", "<qti-template-declaration/>"]
)
def test_an_item_made_by_a_template_is_refused(extra: str) -> None:
    data = item(declared("single", "identifier", "A") + extra, choices("A B", 1))
    assert refusal(taken_in(data))[1] == "line 2"


def test_a_long_text_with_declared_texts_is_judged_by_them_and_says_what_is_lost() -> None:
    body = '<qti-extended-text-interaction response-identifier="RESPONSE"><qti-prompt>Quel format ?</qti-prompt></qti-extended-text-interaction>'
    found = taken_in(item(declared("single", "string", "texte brut"), body))
    bank = bank_of(found)
    shown = present(bank, found.items[0], b"", "fr")
    assert (shown.kind, shown.instruction) == ("short_text", "Quel format ?")
    assert grade(bank, found.items[0], b"", "fr", "texte brut", 0) == "ok"
    assert any("one line to type" in warning.message for warning in found.warnings)
