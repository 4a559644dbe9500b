"""HTML as people's editors write it (unclosed, upper case), as the same tree as XML; nothing in it is fetched or run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from exam.exchange.refusals import Refused
from exam.exchange.tree import MAX_DEPTH, Node

if TYPE_CHECKING:
    from exam.exchange.flow import Flow

MAX_HTML = 60_000
_VOID = frozenset({"br", "hr", "img", "input", "col", "wbr", "meta", "link", "source"})
_CLOSES = {"p": {"p"}, "li": {"li"}, "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"tr", "td", "th"}}
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MARKS = re.compile(r"[\\`*<\[\]|~]|\b_|_\b|^(?=[#>+-]|[0-9]+[.)]\s)", re.MULTILINE)


class _Reading(HTMLParser):
    """One text while it is read."""

    def __init__(self, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("text", "div", "", line, {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; one that cannot hold it is closed first."""
        while self._open[-1].name in _CLOSES.get(tag, ()):
            self._open.pop()
        if len(self._open) > MAX_DEPTH:
            raise Refused(self.root.line, "too_large", "the text has too deep elements")
        node = Node(tag, tag, "", self.root.line, {key: value or "" for key, value in attrs})
        self._open[-1].parts.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """Close an element and what was left open in it."""
        if tag in {node.name for node in self._open[1:]}:
            while self._open.pop().name != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Add words."""
        self._open[-1].parts.append(data)


def html_tree(text: str, line: int) -> Node:
    """Return a text as a tree whose elements are all at `line`; raises `Refused` when it is too large."""
    if len(text) > MAX_HTML:
        raise Refused(line, "too_large", f"a text has at most {MAX_HTML} characters")
    reading = _Reading(line)
    try:
        reading.feed(text)
        reading.close()
    except (AssertionError, ValueError) as error:  # the parser's own word for a broken declaration
        raise Refused(line, "not_html", "this text is not HTML") from error
    return reading.root


def rich_blocks(text: str, form: str, line: int, flow: Flow) -> list[str]:
    """Return the Markdown paragraphs of a text written in a format of Moodle; `flow` turns HTML into Markdown."""
    if form == "markdown":
        return [block.strip() for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    if form == "html" or _TAG.search(text):
        return flow.blocks(html_tree(text, line))
    words = (block.strip() for block in re.split(r"\n\s*\n", text))
    return [_MARKS.sub(lambda found: "\\" + found[0], block) for block in words if block]


def plain_text(text: str, form: str, line: int, flow: Flow) -> str:
    """Return the plain words of a text; `flow` turns HTML into words."""
    if form == "html" or _TAG.search(text):
        return flow.text(html_tree(text, line))
    return "\n\n".join(" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip())
