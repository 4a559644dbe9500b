"""Markdown from authors and teachers becomes HTML that can do no harm."""

from __future__ import annotations

import pytest

from web.markdown import markdown, markdown_line


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[clic](javascript:alert(1))",
        '[clic](https://x.example "a" onclick=alert(1))',
        "<style>body{display:none}</style>",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    ],
)
def test_nothing_hostile_comes_through(hostile: str) -> None:
    for made in (markdown(hostile, "fr"), markdown_line(hostile, "fr")):
        assert "<script" not in made
        assert "<style" not in made
        assert "<img" not in made
        assert 'href="javascript' not in made


def test_a_remote_picture_is_dropped_and_a_local_one_kept() -> None:
    assert "<img" not in markdown("![a](https://x.example/a.png)", "fr")
    assert "<img" not in markdown("![a](//x.example/a.png)", "fr")
    assert '<img src="/a.png" alt="a">' in markdown("![a](/a.png)", "fr")


def test_a_link_that_needs_internet_is_marked() -> None:
    assert 'class="outside"' in markdown("[a](https://x.example)", "fr")
    assert 'class="outside"' in markdown("[a](//x.example)", "fr")
    assert "outside" not in markdown("[a](/help)", "fr")


def test_code_is_left_as_typed_and_text_is_typeset() -> None:
    assert (
        markdown("Tapez `a ; b` ici ; puis lisez", "fr")
        == "<p>Tapez <code>a ; b</code> ici\u202f; puis lisez</p>\n"
    )


def test_the_short_way_for_plain_text_gives_what_the_long_way_gives() -> None:
    plain = "Combien d'élèves mangent le jeudi ?"
    assert markdown_line(plain, "fr") == markdown_line(plain + " **x**", "fr").removesuffix(
        " <strong>x</strong>"
    )


def test_titles_of_a_text_stand_below_the_title_of_its_page() -> None:
    assert "<h2>" in markdown("# Titre", "fr")
    assert "<h1" not in markdown("# Titre", "fr")
