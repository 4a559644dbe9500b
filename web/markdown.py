"""Markdown from authors and teachers, as HTML that can do no harm.

Raw HTML is shown as text, the result is cleaned again by nh3, pictures from elsewhere are dropped, and a link
that leaves this server says that it needs internet.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from web.shapes import numbered, set_pieces_aside, shape_of, split
from web.typography import raise_ordinals, typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from web.shapes import Shape

_PLAIN = re.compile(r"[^\\`*_\[\]<>&|#~!\n]*(?<![ :])", re.DOTALL)
_NOT_A_BLOCK = re.compile(r"(?![-+>=#]|\d+[.)]\s|\s)")
_LOCAL = re.compile(r"/(?![/\\])|#")
_EXTERNAL = re.compile(r"(https?:)?//", re.IGNORECASE)

_TAGS = {
    *("p", "br", "hr", "strong", "em", "b", "i", "sup", "sub", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "a", "img"),
}
_ATTRIBUTES = {"a": {"href", "class"}, "img": {"src", "alt"}, "ol": {"start"}, "th": {"scope"}}

_READER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def _dress_tags(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(4, int(token.tag[1]) + 1)}"
        if token.type == "th_open":
            token.attrSet("scope", "col")
            token.attrs.pop("style", None)
        if token.type == "link_open" and _EXTERNAL.match(str(token.attrGet("href"))):
            token.attrSet("class", "outside")
        if token.children:
            token.children = [child for child in token.children if not _remote_picture(child)]
            _dress_tags(token.children)


def _dress_text(tokens: Sequence[Token], lang: str) -> None:
    for token in tokens:
        if token.type == "text":
            token.content = typeset(token.content, lang)
        if token.children:
            _dress_text(token.children, lang)


def _remote_picture(token: Token) -> bool:
    return token.type == "image" and not _LOCAL.match(str(token.attrGet("src")))


def _clean(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noreferrer"
    )


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text) and _NOT_A_BLOCK.match(text))


@lru_cache(maxsize=1024)
def markdown(text: str, lang: str) -> Markup:
    """Return the text as safe HTML blocks, its first-level headings being h2."""
    if not text.strip():
        return Markup("")
    if _is_plain(text):
        return Markup(f"<p>{_plain(text, lang)}</p>")  # noqa: S704 - escaped by _plain
    return Markup(_html(text, lang, inline=False))  # noqa: S704 - cleaned by nh3


@lru_cache(maxsize=2048)
def markdown_line(text: str, lang: str) -> Markup:
    """Return a sentence or two as safe inline HTML, to stand in a heading or a label."""
    if _is_plain(text):
        return Markup(_plain(text, lang))  # noqa: S704 - escaped by _plain
    return Markup(_html(text, lang, inline=True))  # noqa: S704 - cleaned by nh3


def _html(text: str, lang: str, *, inline: bool) -> str:
    """Return the text as clean HTML, by way of its shape when it has one."""
    parts = split(text)
    shape = _shape(parts[0], inline=inline) if parts else None
    return shape.html(parts[1], lang) if parts and shape else read_whole(text, lang, inline=inline)


def read_whole(text: str, lang: str, *, inline: bool) -> str:
    """Return any text as clean HTML: what the ways by plainness and by shape give faster, and must equal."""
    tokens = _parse(text, inline=inline)
    _dress_text(tokens, lang)
    return _clean(_READER.renderer.render(tokens, _READER.options, {}))


@lru_cache(maxsize=1024)
def _shape(around: tuple[str, ...], *, inline: bool) -> Shape | None:
    tokens = _parse(numbered(around), inline=inline)
    pieces = set_pieces_aside(tokens)
    return shape_of(_clean(_READER.renderer.render(tokens, _READER.options, {})), pieces)


def _parse(text: str, *, inline: bool) -> list[Token]:
    tokens = _READER.parseInline(text) if inline else _READER.parse(text)
    _dress_tags(tokens)
    return tokens


def _plain(text: str, lang: str) -> str:
    return raise_ordinals(str(escape(typeset(text, lang))), lang)
