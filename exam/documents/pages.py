"""Text as a stand-alone HTML page, without script or link."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from exam.documents.markup import Grid, Heading, Listing

if TYPE_CHECKING:
    from exam.documents.markup import Block, Line, Span

_TAGS = {"bold": "strong", "italic": "em", "code": "code"}


def make_page(blocks: list[Block], lang: str) -> bytes:
    """Return the page; its title is the first heading."""
    title = next((_plain(block.line) for block in blocks if isinstance(block, Heading)), "")
    body = "\n".join(_block(block) for block in blocks)
    head = f'<!doctype html>\n<html lang="{escape(lang)}">\n<head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    return f"{head}\n<body>\n{body}\n</body>\n</html>\n".encode()


def _plain(line: Line) -> str:
    return "".join(span.text for span in line)


def _span(span: Span) -> str:
    tag = _TAGS.get(span.style)
    return f"<{tag}>{escape(span.text)}</{tag}>" if tag else escape(span.text)


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{_line(block.line)}</h{block.level}>"
    if isinstance(block, Listing):
        tag = "ol" if block.ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{_line(entry)}</li>' for entry in block.entries)}</{tag}>"
    if isinstance(block, Grid):
        return f"<table>{''.join(_row(row, index) for index, row in enumerate(block.rows))}</table>"
    return f"<p>{'<br>'.join(_line(line) for line in block.lines)}</p>"


def _row(cells: tuple[Line, ...], index: int) -> str:
    tag = "td" if index else "th"
    return f"<tr>{''.join(f'<{tag}>{_line(cell)}</{tag}>' for cell in cells)}</tr>"
