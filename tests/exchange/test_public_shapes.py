"""Questions in the shapes that public QTI examples have import, and mean what they meant."""

from __future__ import annotations

import io
import zipfile

import pytest
from exchange_kit import bank_of, refusal, taken_in
from qti_examples import (
    TEMPLATES,
    THREE_BRANCHES,
    answered_then_mapped,
    condition,
    item,
    mapped_in_turn,
    mapping,
    number,
    old_spelling,
    outcome,
    processing,
    response,
    right,
    scores_apart,
    template,
    variable,
)

from exam.grading import expected, grade
from exam.present import present

CHOICES = """<qti-choice-interaction class="qti-orientation-horizontal" response-identifier="RESPONSE" min-choices="0"
 max-choices="{most}" shuffle="false"><qti-prompt>Où dort le chat ?</qti-prompt>
<qti-simple-choice identifier="ChoixA" fixed="true">Au grenier <qti-feedback-inline outcome-identifier="FEEDBACKBASIC"
 show-hide="show" identifier="a">Non.</qti-feedback-inline></qti-simple-choice>
<qti-simple-choice identifier="ChoixB" fixed="false">À la cave</qti-simple-choice>
<qti-simple-choice identifier="ChoixC" fixed="false">Au salon</qti-simple-choice></qti-choice-interaction>"""
FEEDBACK = """<qti-modal-feedback outcome-identifier="FEEDBACKMODAL" show-hide="show" identifier="F1" title="Bravo">
<qti-content-body><p>Il aime la cave.</p></qti-content-body></qti-modal-feedback>"""
MATCH = """<qti-match-interaction response-identifier="RESPONSE" shuffle="true" max-associations="4">
<qti-prompt>Qui vit où ?</qti-prompt>
<qti-simple-match-set><qti-simple-associable-choice identifier="C" match-max="1">la carpe</qti-simple-associable-choice>
<qti-simple-associable-choice identifier="D" match-max="1">le daim</qti-simple-associable-choice>
<qti-simple-associable-choice identifier="L" match-max="1">le loup</qti-simple-associable-choice></qti-simple-match-set>
<qti-simple-match-set><qti-simple-associable-choice identifier="E" match-max="4">l’étang</qti-simple-associable-choice>
<qti-simple-associable-choice identifier="F" match-max="4">la forêt</qti-simple-associable-choice></qti-simple-match-set>
</qti-match-interaction>"""
ORDER = """<p>Trois étapes d’une recette.</p><qti-order-interaction response-identifier="RESPONSE" orientation="horizontal"
 shuffle="true"><qti-prompt><p>Remettez-les en ordre.</p></qti-prompt>
<qti-simple-choice identifier="E1">Cuire</qti-simple-choice><qti-simple-choice identifier="E2">Peser</qti-simple-choice>
<qti-simple-choice identifier="E3">Mélanger</qti-simple-choice></qti-order-interaction>"""
GAPS = """<qti-gap-match-interaction response-identifier="RESPONSE" max-associations="0" class="qti-choices-top">
<qti-prompt>Placez les mots.</qti-prompt><qti-gap-text identifier="N" match-max="1">nord</qti-gap-text>
<qti-gap-text identifier="S" match-max="1">sud</qti-gap-text><qti-gap-text identifier="O" match-max="1">ouest</qti-gap-text>
<blockquote><p>La mousse pousse au <qti-gap identifier="G1"/>,<br/> l’ombre de midi montre le <qti-gap identifier="G1b"/>.</p>
</blockquote></qti-gap-match-interaction>"""
HOTTEXT = """<p>Trouvez l’erreur (ou <em>Aucune</em>).</p><qti-hottext-interaction response-identifier="RESPONSE"
 max-choices="{most}"><p>Les phoques <qti-hottext identifier="A">qui nagent</qti-hottext> près du port
<qti-hottext identifier="B">mange</qti-hottext> <qti-hottext identifier="C">du poisson</qti-hottext>.
<qti-hottext identifier="D">Aucune</qti-hottext></p></qti-hottext-interaction>"""
LISTS = """<div><blockquote><p>Le facteur porte <qti-inline-choice-interaction response-identifier="R1" shuffle="true">
<qti-inline-choice identifier="L1">les lettres</qti-inline-choice><qti-inline-choice identifier="M1">la mer</qti-inline-choice>
</qti-inline-choice-interaction> et traverse <qti-inline-choice-interaction response-identifier="R2" shuffle="true">
<qti-inline-choice identifier="L2">les lettres</qti-inline-choice><qti-inline-choice identifier="M2">la mer</qti-inline-choice>
</qti-inline-choice-interaction>.</p></blockquote></div><p><qti-feedback-inline outcome-identifier="FEEDBACKBASIC"
 show-hide="show" identifier="ok">Oui.</qti-feedback-inline></p>"""
TYPED = """<p>Complétez :</p><blockquote><p>Il prit son <qti-text-entry-interaction response-identifier="R1"
 expected-length="15" class="qti-input-width-10"/>, et sa <qti-text-entry-interaction response-identifier="R2"/>.</p></blockquote>
<qti-feedback-block outcome-identifier="FEEDBACKBASIC" show-hide="show" identifier="c"><qti-content-body><p>Bien.</p>
</qti-content-body></qti-feedback-block>"""
ONE_TYPED = (
    '<div>Le sommet s’appelle le <qti-text-entry-interaction response-identifier="R1"/>, dit-on.</div>'
)

SHAPES: dict[str, tuple[str, str]] = {
    "choice": (
        item(response("ChoixB", "identifier"), CHOICES.format(most=1), template("match_correct"), FEEDBACK),
        "À la cave",
    ),
    "choice worth a maximum": (
        item(
            response("ChoixB", "identifier"),
            CHOICES.format(most=1),
            processing(
                condition(right(), outcome("SCORE", variable("MAXSCORE")), outcome("SCORE", number("0")))
            ),
            FEEDBACK,
        ),
        "À la cave",
    ),
    "choice of a common cartridge": (
        item(response("ChoixB", "identifier"), CHOICES.format(most=1), template("CC2_match")),
        "À la cave",
    ),
    "several choices": (
        item(
            response("ChoixA|ChoixC", "identifier", "multiple"),
            CHOICES.format(most=0),
            THREE_BRANCHES,
            FEEDBACK,
        ),
        "Au grenier · Au salon",
    ),
    "several choices mapped": (
        item(
            response(
                "ChoixA|ChoixC",
                "identifier",
                "multiple",
                mapping(
                    {"ChoixA": "1", "ChoixC": "1", "ChoixB": "-1"},
                    'lower-bound="0" upper-bound="2" default-value="-2"',
                ),
            ),
            CHOICES.format(most=0),
            template("map_response"),
        ),
        "Au grenier · Au salon",
    ),
    "match": (
        item(
            response(
                "C E|D F|L F", "directedPair", "multiple", mapping({"C E": "1", "D F": "0.5", "L F": "0.5"})
            ),
            MATCH,
            template("map_response"),
        ),
        "la carpe → l’étang · le daim → la forêt · le loup → la forêt",
    ),
    "match said in full": (
        item(response("C E|D F|L F", "directedPair", "multiple"), MATCH, THREE_BRANCHES),
        "la carpe → l’étang · le daim → la forêt · le loup → la forêt",
    ),
    "order": (
        item(response("E2|E3|E1", "identifier", "ordered"), ORDER, template("match_correct")),
        "Peser → Mélanger → Cuire",
    ),
    "order said in full": (
        item(response("E2|E3|E1", "identifier", "ordered"), ORDER, THREE_BRANCHES),
        "Peser → Mélanger → Cuire",
    ),
    "gap match": (
        item(
            response(
                "N G1|S G1b",
                "directedPair",
                "multiple",
                mapping({"N G1": "1", "S G1b": "2"}, 'default-value="-1" lower-bound="0"'),
            ),
            GAPS,
            template("map_response"),
        ),
        "La mousse pousse au [nord], l’ombre de midi montre le [sud].",
    ),
    "hottext": (
        item(response("B", "identifier"), HOTTEXT.format(most=1), template("match_correct")),
        "mange",
    ),
    "hottext of several words": (
        item(response("A|B", "identifier", "multiple"), HOTTEXT.format(most=0), THREE_BRANCHES),
        "qui nagent · mange",
    ),
    "inline choices with a score each": (
        item(
            response("L1", "identifier", name="R1") + response("M2", "identifier", name="R2"),
            LISTS,
            scores_apart("R1", "R2"),
        ),
        "Le facteur porte [les lettres] et traverse [la mer].",
    ),
    "text entries mapped in turn": (
        item(
            response("manteau", "string", more=mapping({"manteau": "1", "veste": "0.5"}), name="R1")
            + response("canne", "string", more=mapping({"canne": "1"}), name="R2"),
            TYPED,
            mapped_in_turn("R1", "R2"),
        ),
        "Il prit son [manteau], et sa [canne].",
    ),
    "text entry mapped once answered": (
        item(
            response("Rond", "string", more=mapping({"Rond": "1.0"}), name="R1"),
            ONE_TYPED,
            answered_then_mapped("R1"),
        ),
        "Le sommet s’appelle le [Rond], dit-on.",
    ),
}


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("spelling", ["v3", "v2p2", "v2p1"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_of_the_public_examples_imports(name: str, spelling: str) -> None:
    data, answer = SHAPES[name]
    found = taken_in(data if spelling == "v3" else old_spelling(data, spelling))
    assert found.problems == []
    assert flat(expected(bank_of(found), found.items[0], b"", "fr")) == answer


@pytest.mark.parametrize("url", TEMPLATES)
def test_a_template_is_known_at_every_address_it_has_had(url: str) -> None:
    data = item(response("ChoixB", "identifier"), CHOICES.format(most=1), template("match_correct", url))
    assert taken_in(data).problems == []


def test_both_spellings_may_stand_in_one_item() -> None:
    data, answer = SHAPES["choice"]
    mixed = data.replace("qti-item-body", "itemBody").replace("qti-response-processing", "responseProcessing")
    mixed = mixed.replace(
        '<qti-response-declaration identifier="RESPONSE" base-type=',
        '<responseDeclaration identifier="RESPONSE" baseType=',
    )
    mixed = mixed.replace("</qti-response-declaration>", "</responseDeclaration>")
    found = taken_in(mixed)
    assert found.problems == []
    assert expected(bank_of(found), found.items[0], b"", "fr") == answer


def test_a_declared_answer_without_processing_is_taken_and_told() -> None:
    found = taken_in(item(response("ChoixB", "identifier"), CHOICES.format(most=1), ""))
    assert expected(bank_of(found), found.items[0], b"", "fr") == "À la cave"
    assert "assumed_correction" in {warning.code for warning in found.warnings}


def test_neither_processing_nor_right_answer_is_refused() -> None:
    bare = '<qti-response-declaration identifier="RESPONSE" base-type="identifier" cardinality="single"/>'
    assert refusal(taken_in(item(bare, CHOICES.format(most=1), "")))[0] == "no_correction"


def test_an_essay_is_refused_for_want_of_a_correction() -> None:
    bare = '<qti-response-declaration identifier="RESPONSE" base-type="string" cardinality="single"/>'
    body = '<qti-extended-text-interaction response-identifier="RESPONSE"><qti-prompt>Racontez.</qti-prompt></qti-extended-text-interaction>'
    code, _, told = refusal(taken_in(item(bare, body, "")))
    assert (code, "<qti-extended-text-interaction>" in told) == ("no_correction", True)


def test_a_hint_and_a_rubric_for_scorers_are_left_out_and_told() -> None:
    more = '<qti-info-control title="Aide">Cherchez en bas.</qti-info-control><qti-rubric-block view="scorer" use="scoring"><p>2 points</p></qti-rubric-block>'
    found = taken_in(
        item(response("ChoixB", "identifier"), CHOICES.format(most=1) + more, template("match_correct"))
    )
    shown = present(bank_of(found), found.items[0], b"", "fr")
    assert "Cherchez" not in shown.detail
    assert "points" not in shown.detail
    assert [warning.message for warning in found.warnings if "not kept" in warning.message]


def test_numbers_of_several_fields_are_taken_as_people_write_them() -> None:
    body = '<div>Il y a <qti-text-entry-interaction response-identifier="R1"/> pas et <qti-text-entry-interaction response-identifier="R2"/> ponts.</div>'
    exact = "".join(
        condition(
            f'<qti-equal tolerance-mode="exact">{variable(name)}<qti-correct identifier="{name}"/></qti-equal>',
            outcome("SCORE", f"<qti-sum>{variable('SCORE')}{number('1.0')}</qti-sum>"),
        )
        for name in ("R1", "R2")
    )
    declared = response("4.0", "float", name="R1") + response("2.5", "float", name="R2")
    found = taken_in(item(declared, body, processing(exact)))
    bank = bank_of(found)
    answers = [("4", "2.5"), ("4.0", "2,5"), ("5", "2.5")]
    names = [part.blank for part in present(bank, found.items[0], b"", "fr").fields.parts if part.blank]
    outcomes = [
        grade(bank, found.items[0], b"", "fr", dict(zip(names, pair, strict=True)), 0) for pair in answers
    ]
    assert outcomes == ["ok", "ok", "ko"]


@pytest.mark.parametrize(
    "statements",
    [
        condition(right(), outcome("SCORE", number("1")), outcome("SCORE", number("1"))),
        condition(right(), outcome("SCORE", number("0"))),
        condition(right(), outcome("SCORE", number("1"))) + outcome("SCORE", number("0")),
        outcome("SCORE", variable("MAXSCORE")),
        condition(
            right(),
            outcome("SCORE", number("1")),
            "",
            f"<qti-response-else-if>{right()}{outcome('SCORE', number('0.5'))}</qti-response-else-if>",
        ),
        condition(
            f"<qti-equal>{variable('SCORE')}{variable('MAXSCORE')}</qti-equal>", outcome("SCORE", number("1"))
        ),
    ],
)
def test_a_score_that_is_not_right_or_nothing_is_refused(statements: str) -> None:
    found = taken_in(item(response("ChoixB", "identifier"), CHOICES.format(most=1), processing(statements)))
    assert refusal(found)[0] in {"unsupported", "no_correction"}


MANIFESTS = {
    "prefixed": """<imscp:manifest xmlns:imscp="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><imscp:metadata>
<imscp:schema>QTI Package</imscp:schema><imscp:schemaversion>3.0.0</imscp:schemaversion></imscp:metadata><imscp:organizations/>
<imscp:resources><imscp:resource identifier="t" type="imsqti_test_xmlv3p0" href="test.xml"><imscp:file href="test.xml"/>
<imscp:dependency identifierref="i1"/></imscp:resource><imscp:resource identifier="i1" type="imsqti_item_xmlv3p0" href="items/un.xml">
<imscp:metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string>Un</string></title></general></lom></imscp:metadata>
<imscp:file href="items/un.xml"/></imscp:resource></imscp:resources></imscp:manifest>""",
    "with web content": """<manifest xmlns="http://www.imsglobal.org/xsd/apip/apipv1p0/imscp_v1p2" identifier="m"><organizations/>
<resources><resource href="./items/un.xml" identifier="i" type="imsqti_item_xmlv2p1"><file href="items/un.xml"/>
<dependency identifierref="w"/></resource><resource identifier="w" type="webcontent" href="style.css"><file href="style.css"/>
</resource></resources></manifest>""",
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_of_the_public_examples_is_read(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("imsmanifest.xml", MANIFESTS[name])
        package.writestr("items/un.xml", SHAPES["choice"][0])
        package.writestr("test.xml", "<t/>")
    found = taken_in(out.getvalue())
    assert (found.problems, len(found.items)) == ([], 1)
