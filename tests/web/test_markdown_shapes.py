"""Markdown read by its shape gives, to the byte, what reading the whole text gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam.present import present
from exam.seed import sitting_seed
from kiosk.bank_files import load_bank, starter_bank
from web.markdown import _html, read_whole
from web.shapes import split

SIGNS = st.sampled_from(
    [
        *(
            "*",
            "**",
            "_",
            "`",
            "```\n",
            "~~",
            "|",
            "|---|---|\n",
            "\n",
            "\n\n",
            "- ",
            "> ",
            "# ",
            "1. ",
            "2) ",
        ),
        *(
            "    ",
            " ",
            "  \n",
            "\\",
            "[",
            "](",
            ")",
            "!",
            "<",
            ">",
            "&",
            "&amp;",
            ":",
            "-",
            "«",
            "»",
            "%",
            "%s",
            '"',
        ),
        *("\u00a0", "’", "'", "?", ";", ".", "=", "\n---\n", "\t", "\r\n", "😀", "é", "\u0301", "\ue000"),
    ]
)
WORDS = st.sampled_from(
    ["mot", "5e", "12", "3", "1999", "a b", "l'eau", "x-y", "10:30", "Ⅳ", "²", "été 2026"]
)
TEXTS = st.lists(SIGNS | WORDS, max_size=25).map("".join)


@given(TEXTS, st.sampled_from(["fr", "en"]), st.booleans())
def test_a_text_read_by_its_shape_is_the_text_read_whole(text: str, lang: str, inline: bool) -> None:  # noqa: FBT001 - drawn
    assert _html(text, lang, inline=inline) == read_whole(text, lang, inline=inline)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_question_of_the_starter_bank_reads_the_same_both_ways(lang: str) -> None:
    bank = load_bank(starter_bank())
    for item in bank.items:
        for number in range(3):
            shown = present(bank, item, sitting_seed(f"{item}-{number}", bank.digest), lang)
            for text, inline in ((shown.instruction, True), (shown.detail, False)):
                assert _html(text, lang, inline=inline) == read_whole(text, lang, inline=inline), item


def test_texts_that_differ_by_words_and_numbers_have_one_shape() -> None:
    one = split("| Nom | Taille |\n|---|---|\n| **Les Comètes** | 12 ko |")
    other = split("| Nom | Taille |\n|---|---|\n| **Dragons** | 4 Mo |")
    assert one is not None
    assert other is not None
    assert one[0] == other[0]
    assert other[1] == ["Nom", "Taille", "Dragons", "4 Mo"]


@pytest.mark.parametrize(
    "text", ["[a](/b)", "a &amp; b", "<b>", "3. trois", "> - 2) deux", "\\*a", "a\ue000"]
)
def test_a_text_whose_words_could_mean_more_has_no_shape(text: str) -> None:
    assert split(text) is None
