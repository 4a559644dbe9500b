"""Markdown of one shape is read once: what was drawn for a pupil changes words and numbers, seldom the structure.

A shape is a text without its words. Reading it gives the HTML around its pieces of text; the words of any text of that
shape then only have to be typeset and put in. Texts in which a word could mean more than itself (links, entities, raw
HTML, numbered lists, escapes) have no shape and are read whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from web.typography import typeset

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

# Words held together by one sign that means nothing to Markdown between two letters or digits.
_WORDS = re.compile(r"([^\W_]+(?:[ '’.,/:-][^\W_]+)*)")
_WHOLE = re.compile(r"[\[<&\\\ue000-\uf8ff\U000f0000-\U000ffffd]|^[\s>*+-]*\d+[.)]", re.MULTILINE)
_FIRST_WORD, _FIRST_NODE = 0xE000, 0xF0000
_WORD = re.compile("([\ue000-\uf8ff])")
_NODE = re.compile("([\U000f0000-\U000ffffd])")
_MOST_WORDS = 1000
_CODE = frozenset({"code_inline", "fence", "code_block"})


class Piece(NamedTuple):
    """A piece of text between two tags: literal words with `%s` where those numbered in `words` go."""

    pattern: str
    words: tuple[int, ...]
    code: bool

    def html(self, words: Sequence[str], lang: str) -> str:
        """Return the piece with its words, typeset unless it is code."""
        text = self.pattern % tuple([words[number] for number in self.words])
        if not self.code:
            text = typeset(text, lang)
        # A text with a shape holds neither `&` nor `<`; the rest is spelled as the cleaner spells it.
        return text.replace(">", "&gt;").replace("\u00a0", "&nbsp;")


class Shape(NamedTuple):
    """HTML with room for pieces of text: `head`, then each piece and what follows it."""

    head: str
    rest: tuple[tuple[Piece, str], ...]

    def html(self, words: Sequence[str], lang: str) -> str:
        """Return the HTML of the text that has these words."""
        made = [self.head]
        for piece, following in self.rest:
            made += (piece.html(words, lang), following)
        return "".join(made)


def split(text: str) -> tuple[tuple[str, ...], list[str]] | None:
    """Return what stands around the words of a text, and the words; None when the text must be read whole."""
    if _WHOLE.search(text):
        return None
    parts = _WORDS.split(text)
    return (tuple(parts[::2]), parts[1::2]) if len(parts) <= 2 * _MOST_WORDS else None


def numbered(around: Sequence[str]) -> str:
    """Return a text of this shape, each word being one character that says its number."""
    last = len(around) - 1
    return "".join(
        between if number == last else between + chr(_FIRST_WORD + number)
        for number, between in enumerate(around)
    )


def set_pieces_aside(tokens: Sequence[Token]) -> list[Piece]:
    """Replace each text of the tokens by one character that says its number; return the texts."""
    pieces: list[Piece] = []
    for token in _texts(tokens):
        content, token.content = token.content, chr(_FIRST_NODE + len(pieces))
        parts = _WORD.split(content)
        pattern = "%s".join(literal.replace("%", "%%") for literal in parts[::2])
        words = tuple(ord(word) - _FIRST_WORD for word in parts[1::2])
        pieces.append(Piece(pattern, words, token.type in _CODE))
    return pieces


def _texts(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "text" or token.type in _CODE:
            yield token
        yield from _texts(token.children or ())


def shape_of(html: str, pieces: Sequence[Piece]) -> Shape | None:
    """Return the shape of clean HTML whose pieces were set aside; None when a word went elsewhere than into text."""
    parts = _NODE.split(html)
    if any(map(_WORD.search, parts[::2])):
        return None
    placed = [pieces[ord(number) - _FIRST_NODE] for number in parts[1::2]]
    return Shape(parts[0], tuple(zip(placed, parts[2::2], strict=True)))
