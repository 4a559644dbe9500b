"""Our texts as XHTML: Markdown where an item has it, words with `code` and blanks elsewhere."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from exam.documents.markup import Grid, Heading, Listing, Paragraph, Span, parse_markup, spans
from exam.kinds.blanks import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable

    from exam.documents.markup import Block, Line

_STYLES = {"plain": "{}", "bold": "<strong>{}</strong>", "italic": "<em>{}</em>", "code": "<code>{}</code>"}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"`([^`]+)`")
_FENCE = re.compile(r"^```[^\n]*\n(.*?)\n```[ ]*$", re.DOTALL | re.MULTILINE)
_QUOTE = re.compile(r"(?:^>[^\n]*(?:\n|$))+", re.MULTILINE)


def markdown_line(text: str) -> str:
    """Return one line of Markdown as XHTML without a paragraph."""
    return _line(spans(" ".join(text.split())))


def markdown_blocks(text: str) -> str:
    """Return Markdown as XHTML blocks."""
    found = []
    for index, piece in enumerate(_FENCE.split(text)):
        if index % 2:
            found.append(f"<pre>{escape(piece)}</pre>")
        else:
            found.append(_quotes(piece))
    return "".join(found)


def _quotes(text: str) -> str:
    found = []
    end = 0
    for match in _QUOTE.finditer(text):
        found.append("".join(map(_block, parse_markup(text[end : match.start()]))))
        inner = "\n".join(line[1:].removeprefix(" ") for line in match[0].splitlines())
        found.append(f"<blockquote>{_quotes(inner)}</blockquote>")
        end = match.end()
    return "".join([*found, *map(_block, parse_markup(text[end:]))])


def _block(block: Block) -> str:
    match block:
        case Heading(level, line):
            return f"<h{level}>{_line(line)}</h{level}>"
        case Paragraph(lines):
            words = " ".join(map(_line, lines))
            return f"<p>{words}</p>"
        case Listing(ordered, entries):
            name = "ol" if ordered else "ul"
            return f"<{name}>{''.join(f'<li>{_line(entry)}</li>' for entry in entries)}</{name}>"
        case Grid(rows):
            head, *body = ["".join(f"<td>{_line(cell)}</td>" for cell in row) for row in rows] or [""]
            titles = head.replace("<td>", "<th>").replace("</td>", "</th>")
            below = "".join(f"<tr>{row}</tr>" for row in body)
            return f"<table><thead><tr>{titles}</tr></thead><tbody>{below}</tbody></table>"


def _line(line: Line) -> str:
    return "".join(map(_span, line))


def _span(span: Span) -> str:
    words = span.text if span.style == "code" else _ESCAPED.sub(r"\1", span.text)
    return _STYLES[span.style].format(escape(words.removesuffix("\\")))


def plain_words(text: str) -> str:
    """Return plain words as XHTML on one line: `code` is code, a new line a break."""
    found = []
    for index, piece in enumerate(_CODE.split(text)):
        words = escape(piece)
        found.append(f"<code>{words}</code>" if index % 2 else words.replace("\n", "<br/>"))
    return "".join(found)


def plain_blocks(text: str, field: Callable[[str], str]) -> str:
    """Return plain paragraphs as XHTML, each `[[name]]` replaced by `field`."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        pieces = BLANK.split(paragraph)
        words = (field(piece) if index % 2 else plain_words(piece) for index, piece in enumerate(pieces))
        found.append(f"<p>{''.join(words)}</p>")
    return "".join(found)
