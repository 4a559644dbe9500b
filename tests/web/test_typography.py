"""French and English typography, applied to plain text when it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web.typography import rich, typeset

NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Prêt ?", f"Prêt{NARROW}?"),
        ("Un ; deux !", f"Un{NARROW}; deux{NARROW}!"),
        ("Il dit : « oui »", f"Il dit{NO_BREAK}: «{NO_BREAK}oui{NO_BREAK}»"),
        ("46 % du parcours", f"46{NARROW}% du parcours"),
        ("12 400 élèves", f"12{NARROW}400 élèves"),
        ("2 min 10 s", f"2{NARROW}min 10{NARROW}s"),
        ("à 14 h 07", f"à 14{NARROW}h{NARROW}07"),
        ("18 Ko", f"18{NARROW}Ko"),
        ("l'élève d'ici", "l’élève d’ici"),
        ("il fait -3 dehors", "il fait −3 dehors"),
        ("le 2026-11-26", "le 2026-11-26"),
        ("https://a.example/x?y=1;z", "https://a.example/x?y=1;z"),
        ("3 sacs et 5 maisons", "3 sacs et 5 maisons"),
    ],
)
def test_french_takes_its_spaces_and_signs(typed: str, shown: str) -> None:
    assert typeset(typed, "fr") == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ready?", "Ready?"),
        ('Say "yes"', "Say “yes”"),
        ("the pupil's file", "the pupil’s file"),
        ("46%", "46%"),
    ],
)
def test_english_takes_its_own(typed: str, shown: str) -> None:
    assert typeset(typed, "en") == shown


@settings(max_examples=100)
@given(st.text(alphabet="ab 1250e'’«»:;!?%-hKos\u202f\u00a0", max_size=40))
def test_typesetting_twice_changes_nothing_more(text: str) -> None:
    for lang in ("fr", "en"):
        once = typeset(text, lang)
        assert typeset(once, lang) == once


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_typesetting_never_changes_the_letters(text: str) -> None:
    letters = [sign for sign in text if sign.isalnum()]
    assert [sign for sign in typeset(text, "fr") if sign.isalnum()] == letters


def test_rich_text_is_escaped_and_takes_bold_and_ordinals() -> None:
    assert rich("Un **mot** en 5e <b>", "fr") == "Un <b>mot</b> en 5<sup>e</sup> &lt;b&gt;"
    assert rich("5e", "en") == "5e"
    assert rich("Tapez `a ; &`", "fr") == "Tapez <code>a ; &amp;</code>"
