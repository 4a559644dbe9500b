"""Pages of other formats as our texts: Markdown where an item takes it, plain words elsewhere.

An element that could change what is asked (a picture, a formula) refuses the question; one that only dresses it is dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam.exchange.tree import Node

if TYPE_CHECKING:
    from collections.abc import Callable

_BOXES = frozenset(
    ["div", "section", "article", "main", "header", "footer", "contentbody", "center", "figure"]
)
_BLOCKS = _BOXES | frozenset(
    ["p", "blockquote", "ul", "ol", "pre", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6"]
)
_SPANS = frozenset(
    [
        "span",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "code",
        "tt",
        "kbd",
        "samp",
        "var",
        "q",
        "cite",
        "abbr",
        "dfn",
        "small",
        "big",
        "a",
        "font",
        "label",
        "bdo",
    ]
)
_STYLES = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_CODE = frozenset(["code", "tt", "kbd", "samp"])
_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_ORDINALS = frozenset(["e", "er", "re", "ère", "ème", "nd", "st", "th", "rd"])
"""What reads the same on the line: 5e, 1er."""

_DROPPED = {
    **dict.fromkeys(["feedbackinline", "feedbackblock", "modalfeedback"], "feedback"),
    "templateinline": "what a template shows",
    "stylesheet": "a style sheet",
    "infocontrol": "a hint",
}
_MARKS = re.compile(r"[\\`*<\[\]|~]|\b_|_\b")
_START = re.compile(r"^(?=[#>+-]|[0-9]+[.)]\s)")


class Flow:
    """Turns elements into words; `place` says what stands for an element of the format itself, None for an unknown one."""

    def __init__(
        self,
        *,
        markdown: bool,
        place: Callable[[Node], str | None] | None = None,
        warn: Callable[[Node, str], None],
    ) -> None:
        self._markdown = markdown
        self._place = place
        self._warn = warn

    def text(self, node: Node) -> str:
        """Return everything inside an element, paragraphs apart; raises `Refused`."""
        return "\n\n".join(self.blocks(node))

    def line(self, node: Node) -> str:
        """Return everything inside an element on one line."""
        return " ".join(self.text(node).split())

    def blocks(self, node: Node) -> list[str]:
        """Return the paragraphs, lists and tables inside an element."""
        found: list[str] = []
        run: list[Node | str] = []
        for part in [*node.parts, None]:
            if isinstance(part, Node) and part.name in _BLOCKS:
                found += [self._paragraph(run), *self._block(part)]
                run = []
            elif part is None:
                found.append(self._paragraph(run))
            else:
                run.append(part)
        return [words for words in found if words]

    def _paragraph(self, run: list[Node | str]) -> str:
        words = "".join(self._inline(part) for part in run)
        lines = [" ".join(line.split()) for line in words.split("\v")]
        written = ("\\\n" if self._markdown else "\n").join(lines).strip("\\\n ")
        return _START.sub(r"\\", written) if self._markdown else written

    def _block(self, node: Node) -> list[str]:
        name = node.name
        if name in _BOXES or name == "p":
            return self.blocks(node)
        if name == "pre":
            words = node.words().strip("\n")
            if any(not _is_style(child) for child in node.walk()):
                raise node.refuse("unsupported", "preformatted text that holds more than words")
            return [f"```\n{words}\n```"] if self._markdown else [words]
        if name in {"ul", "ol"}:
            return [self._list(node, ordered=name == "ol")]
        if name == "table":
            return [self._table(node)]
        return self._dressed(node)

    def _dressed(self, node: Node) -> list[str]:
        """Return a rule, a quotation or a heading; only Markdown shows what it is."""
        name = node.name
        if name == "hr":
            return ["---"] if self._markdown else []
        inner = self.blocks(node)
        if not self._markdown:
            return inner
        if name == "blockquote":
            return ["\n>\n".join("> " + words.replace("\n", "\n> ") for words in inner)] if inner else []
        return [f"{'#' * int(name[1])} {' '.join(words.split())}" for words in inner]

    def _list(self, node: Node, *, ordered: bool) -> str:
        rows = []
        for place, entry in enumerate(node.children, 1):
            if entry.name != "li":
                raise entry.refuse("unsupported", "a list holds only entries")
            words = "\n".join(self.blocks(entry))
            rows.append(f"{place}. {words}" if ordered else f"- {words}")
        return "\n".join(rows)

    def _table(self, node: Node) -> str:
        rows = [row for row in node.walk() if row.name == "tr"]
        for inner in node.walk():
            if inner.name == "table" or inner.get("colspan", "1") != "1" or inner.get("rowspan", "1") != "1":
                raise inner.refuse("unsupported", "a table inside a table, or cells joined")
        caption = node.first("caption")
        lines = [[self.line(cell) for cell in row.all("td", "th")] for row in rows]
        if not self._markdown:
            return "\n".join(" | ".join(line) for line in lines)
        written = ["| " + " | ".join(line) + " |" for line in lines]
        if written:
            written.insert(1, "|" + " --- |" * len(lines[0]))
        return (f"{self.line(caption)}\n\n" if caption else "") + "\n".join(written)

    def _inline(self, part: Node | str) -> str:
        if isinstance(part, str):
            words = re.sub(r"\s+", " ", part)
            return _MARKS.sub(lambda found: "\\" + found[0], words) if self._markdown else words
        if self._place is not None and (placed := self._place(part)) is not None:
            return placed
        return "\v" if part.name == "br" else self._span(part)

    def _span(self, part: Node) -> str:
        name = part.name
        if name in _DROPPED:
            self._warn(part, f"{_DROPPED[name]} is not kept")
            return ""
        if name in {"sup", "sub"}:
            return _moved(part, _RAISED if name == "sup" else _LOWERED)
        if name in _CODE and all(isinstance(inner, str) for inner in part.parts):
            return f"`{part.words()}`" if part.words().strip() else ""
        if name not in _SPANS:
            raise part.refuse("unsupported", "this element cannot be imported")
        if name == "a" and part.get("href"):
            self._warn(part, "the address of a link is not kept")
        return self._styled(name, "".join(self._inline(inner) for inner in part.parts))

    def _styled(self, name: str, words: str) -> str:
        style = _STYLES.get(name, "") if self._markdown and words.strip() else ""
        if name == "q":
            return f"« {words} »"
        if not style:
            return words
        bare = words.strip()
        before, _, after = words.partition(bare)
        return f"{before}{style}{bare}{style}{after}"


def _is_style(node: Node) -> bool:
    return node.name in _SPANS


def _moved(node: Node, signs: dict[str, str]) -> str:
    """Return raised or lowered words as signs of their own: dropping the level would change a formula."""
    words = node.words().strip()
    if any(sign not in signs for sign in words):
        if words in _ORDINALS and node.name == "sup":
            return words
        raise node.refuse("unsupported", "raised or lowered words that have no sign of their own")
    return "".join(signs[sign] for sign in words)
