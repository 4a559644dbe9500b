"""A question made ready for a page: words typeset, ids and file names untouched."""

from __future__ import annotations

from web.question import dress

QUESTION: dict[str, object] = {
    "kind": "single_choice",
    "title": "Choisir l'image",
    "instruction": "Laquelle est à l'abri ?",
    "detail": "Un **mot**.",
    "fields": {"choices": [{"id": "a ;", "text": "Oui ; non"}, {"id": "b", "text": "Tapez `x ; y`"}]},
    "documents": [{"name": "l'image ;.png", "media_type": "image/png", "size": 3}],
    "picture": {"name": "l'image ;.png", "alt": "Vue d'ici"},
    "timer": None,
    "focus": False,
}


def test_words_are_typeset_and_ids_and_names_are_not() -> None:
    dressed = dress(QUESTION, "fr")
    assert dressed["fields"] == {
        "choices": [
            {"id": "a ;", "text": "Oui\u202f; non"},
            {"id": "b", "text": "Tapez x\u202f; y", "html": "Tapez <code>x ; y</code>"},
        ]
    }
    assert dressed["picture"] == {"name": "l'image ;.png", "alt": "Vue d’ici"}
    assert dressed["documents"] == QUESTION["documents"]


def test_instruction_and_detail_become_safe_html() -> None:
    dressed = dress({**QUESTION, "instruction": "<b>x</b> ?"}, "fr")
    assert dressed["instruction_html"] == "&lt;b&gt;x&lt;/b&gt;\u202f?"
    assert dressed["detail_html"] == "<p>Un <strong>mot</strong>.</p>\n"
    assert "instruction" not in dressed
    assert "detail" not in dressed
