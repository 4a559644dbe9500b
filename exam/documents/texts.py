"""Text as an OpenDocument text, with real heading, list and character styles to work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.documents.markup import Grid, Heading, Listing, Span
from exam.documents.opendocument import assemble, xml_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.documents.markup import Block, Line

_SIZES = {1: 20, 2: 16, 3: 14, 4: 12, 5: 12, 6: 12}
_SPAN_STYLES = {"bold": "Strong", "italic": "Emphasis", "code": "Source_20_Text"}


def _style(name: str, family: str, text: str, parent: str = "", paragraph: str = "") -> str:
    inherited = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name.replace(" ", "_20_")}" style:display-name="{name}" style:family="{family}"'
        f"{inherited}>{paragraph}<style:text-properties {text}/></style:style>"
    )


_SPACED = '<style:paragraph-properties fo:margin-top="0.2cm" fo:margin-bottom="0.2cm"/>'
_BULLETS = "".join(
    f'<text:list-level-style-bullet text:level="{level}" text:bullet-char="•"/>' for level in range(1, 4)
)
_NUMBERS = "".join(
    f'<text:list-level-style-number text:level="{level}" style:num-format="1" style:num-suffix="."/>'
    for level in range(1, 4)
)
_STYLES = (
    "<office:styles>"
    + _style("Standard", "paragraph", 'fo:font-size="12pt"')
    + _style("Text body", "paragraph", 'fo:font-size="12pt"', "Standard", _SPACED)
    + "".join(
        _style(
            f"Heading {level}",
            "paragraph",
            f'fo:font-size="{size}pt" fo:font-weight="bold"',
            "Standard",
            _SPACED,
        )
        for level, size in _SIZES.items()
    )
    + _style("Strong", "text", 'fo:font-weight="bold"')
    + _style("Emphasis", "text", 'fo:font-style="italic"')
    + _style("Source Text", "text", 'style:font-pitch="fixed"')
    + f'<text:list-style style:name="Bullets">{_BULLETS}</text:list-style>'
    + f'<text:list-style style:name="Numbers">{_NUMBERS}</text:list-style>'
    + "</office:styles><office:automatic-styles/><office:master-styles/>"
)


def make_text_document(blocks: list[Block], properties: Mapping[str, str]) -> bytes:
    """Return the blocks as an OpenDocument text with its metadata."""
    body = "".join(_block(block, index) for index, block in enumerate(blocks))
    content = f"<office:automatic-styles/><office:body><office:text>{body}</office:text></office:body>"
    return assemble("text", content, _STYLES, properties)


def _span(span: Span) -> str:
    style = _SPAN_STYLES.get(span.style)
    words = xml_text(span.text)
    return f'<text:span text:style-name="{style}">{words}</text:span>' if style else words


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _paragraph(words: str) -> str:
    return f'<text:p text:style-name="Text_20_body">{words}</text:p>'


def _block(block: Block, index: int) -> str:
    if isinstance(block, Heading):
        style = f'text:style-name="Heading_20_{block.level}" text:outline-level="{block.level}"'
        return f"<text:h {style}>{_line(block.line)}</text:h>"
    if isinstance(block, Listing):
        entries = "".join(
            f"<text:list-item>{_paragraph(_line(entry))}</text:list-item>" for entry in block.entries
        )
        style = "Numbers" if block.ordered else "Bullets"
        return f'<text:list text:style-name="{style}">{entries}</text:list>'
    if isinstance(block, Grid):
        return _grid(block, index)
    return _paragraph("<text:line-break/>".join(_line(line) for line in block.lines))


def _grid(block: Grid, index: int) -> str:
    width = max(len(row) for row in block.rows) if block.rows else 1
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string">{_paragraph(_line(cell))}</table:table-cell>'
            for cell in (*row, *([()] * (width - len(row))))
        )
        + "</table:table-row>"
        for row in block.rows
    )
    column = f'<table:table-column table:number-columns-repeated="{width}"/>'
    return f'<table:table table:name="Table{index}">{column}{rows}</table:table>'
