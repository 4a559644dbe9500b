"""The part of Markdown that documents use: headings, paragraphs, lists, tables, bold, italic and code.

Anything else stays as written. The result is a list of blocks, which the makers of pages and text documents write out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SpanStyle = Literal["plain", "bold", "italic", "code"]

_SPAN = re.compile(r"\*\*(.+?)\*\*|(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)|`([^`]+)`")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_BULLET = re.compile(r"\s*[-*]\s+(.*)")
_NUMBERED = re.compile(r"\s*[0-9]+[.)]\s+(.*)")
_RULE = re.compile(r"\|?[\s:|-]+\|?")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words in one style."""

    text: str
    style: SpanStyle = "plain"


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of level 1 to 6."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; each written line is kept as a line."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with bullets, or numbers when `ordered`."""

    ordered: bool
    entries: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first row holds its titles."""

    rows: tuple[tuple[Line, ...], ...]


Block = Heading | Paragraph | Listing | Grid


def spans(text: str) -> Line:
    """Return the runs of a line."""
    found: list[Span] = []
    end = 0
    for match in _SPAN.finditer(text):
        if match.start() > end:
            found.append(Span(text[end : match.start()]))
        bold, italic, code = match.groups()
        if bold is not None:
            found.append(Span(bold, "bold"))
        elif italic is not None:
            found.append(Span(italic, "italic"))
        else:
            found.append(Span(code, "code"))
        end = match.end()
    if end < len(text):
        found.append(Span(text[end:]))
    return tuple(found)


def parse_markup(text: str) -> list[Block]:
    """Return the blocks of a text."""
    blocks: list[Block] = []
    group: list[str] = []
    for line in [*text.splitlines(), ""]:
        kind = _kind(line)
        if group and (kind != _kind(group[0]) or kind == "heading"):
            blocks.append(_block(group))
            group = []
        if kind != "blank":
            group.append(line)
    return blocks


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if _HEADING.fullmatch(line):
        return "heading"
    if line.lstrip().startswith("|"):
        return "grid"
    if _BULLET.fullmatch(line):
        return "bullets"
    return "numbers" if _NUMBERED.fullmatch(line) else "words"


def _block(lines: list[str]) -> Block:
    kind = _kind(lines[0])
    if kind == "heading":
        marks, words = _HEADING.findall(lines[0])[0]
        return Heading(len(marks), spans(words.strip()))
    if kind == "grid":
        return Grid(tuple(_cells(line) for line in lines if not _RULE.fullmatch(line.strip())))
    if kind in {"bullets", "numbers"}:
        entry = _BULLET if kind == "bullets" else _NUMBERED
        return Listing(kind == "numbers", tuple(spans(entry.findall(line)[0]) for line in lines))
    return Paragraph(tuple(spans(line.strip()) for line in lines))


def _cells(line: str) -> tuple[Line, ...]:
    return tuple(spans(cell.strip()) for cell in line.strip().strip("|").split("|"))
