"""Reading the XML of OpenDocument files: cells, paragraphs with their styles, metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.documents.limits import UnreadableFile
from exam.documents.opendocument import PROPERTY_OF_TAG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_BASE = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, TEXT, OFFICE, STYLE, META = (
    "{" + f"{_BASE}{name}:1.0" + "}" for name in ("table", "text", "office", "style", "meta")
)
MAX_ROWS = 2000
MAX_COLUMNS = 60
MAX_CELLS = 20_000
MAX_SPACES = 1000
MAX_CELL = 1000
"""Characters kept of a cell: a repeated one is written many times."""

MAX_WORDS = 4_000_000
"""Characters of all the paragraphs together: those inside others count again."""


def column_name(place: int) -> str:
    """Return the letters of a column, 0 being A."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def words_in(element: Element) -> str:
    """Return the words of a paragraph, tabs, line breaks and runs of spaces included; notes and comments left out."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            yield " " * min(_count(child, f"{TEXT}c"), MAX_SPACES)
        elif child.tag == f"{TEXT}tab":
            yield "\t"
        elif child.tag == f"{TEXT}line-break":
            yield "\n"
        elif child.tag not in {f"{OFFICE}annotation", f"{TEXT}note", f"{TEXT}tracked-changes"}:
            yield from _pieces(child)
        yield child.tail or ""


def _count(element: Element, name: str) -> int:
    written = element.get(name, "1")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 1


def read_sheets(root: Element) -> tuple[dict[str, str], list[str]]:
    """Return the cells of the first sheet by name, and every value of every sheet."""
    first: dict[str, str] = {}
    words: list[str] = []
    for number, sheet in enumerate(root.iter(f"{TABLE}table")):
        cells = dict(_cells(sheet))
        words += cells.values()
        if number == 0:
            first = cells
        if len(words) > MAX_CELLS:
            break
    return first, words[:MAX_CELLS]


def _cells(sheet: Element) -> Iterator[tuple[str, str]]:
    row_number = 0
    left = MAX_CELLS
    for row in sheet.iter(f"{TABLE}table-row"):
        values = list(_values(row))
        repeat = _count(row, f"{TABLE}number-rows-repeated")
        for number in range(row_number, min(row_number + repeat, MAX_ROWS) if values else row_number):
            for place, value in values:
                left -= 1
                if left < 0:
                    return
                yield f"{column_name(place)}{number + 1}", value
        row_number += repeat


def _values(row: Element) -> Iterator[tuple[int, str]]:
    place = 0
    for cell in row:
        if cell.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            continue
        repeat = _count(cell, f"{TABLE}number-columns-repeated")
        value = _value(cell)
        if value:
            for column in range(place, min(place + repeat, MAX_COLUMNS)):
                yield column, value
        place += repeat


def _value(cell: Element) -> str:
    for name in ("value", "date-value", "boolean-value"):
        value = cell.get(f"{OFFICE}{name}")
        if value is not None:
            return _plain_number(value)[:MAX_CELL]
    return "\n".join(words_in(paragraph) for paragraph in cell.findall(f"{TEXT}p")).strip()[:MAX_CELL]


def _plain_number(value: str) -> str:
    """Drop the decimals a suite adds to a whole number, so that 42.0 is 42."""
    whole, dot, decimals = value.partition(".")
    return whole if dot and decimals.strip("0") == "" else value


def read_text(root: Element, styles: Element | None) -> list[tuple[frozenset[str], str]]:
    """Return every paragraph with the names of its style and of those it derives from."""
    parents = _style_parents(root) | (_style_parents(styles) if styles is not None else {})
    found = []
    left = MAX_WORDS
    for element in root.iter():
        if element.tag in {f"{TEXT}p", f"{TEXT}h"}:
            words = words_in(element)
            left -= len(words)
            if left < 0:
                raise UnreadableFile("file.too_large", "the file holds too many words")
            names = _style_names(element.get(f"{TEXT}style-name", ""), parents)
            if element.tag == f"{TEXT}h":
                names.add(f"Heading {_count(element, f'{TEXT}outline-level')}")
            found.append((frozenset(names), words))
    return found


def _style_parents(root: Element) -> dict[str, tuple[str, str]]:
    """Return for each paragraph style the name people see and the style it derives from."""
    return {
        style.get(f"{STYLE}name", ""): (
            style.get(f"{STYLE}display-name", style.get(f"{STYLE}name", "")),
            style.get(f"{STYLE}parent-style-name", ""),
        )
        for style in root.iter(f"{STYLE}style")
    }


def _style_names(name: str, parents: dict[str, tuple[str, str]]) -> set[str]:
    names: set[str] = set()
    for _ in range(10):
        shown, parent = parents.get(name, (name, ""))
        names.add(shown.replace("_20_", " "))
        # Only automatic styles stand for the style they derive from: "Heading 2" is no "Heading".
        if not parent or shown != name or "_20_" in name:
            break
        name = parent
    return names


def read_meta(root: Element) -> dict[str, str]:
    """Return the metadata by the names authors use."""
    found: dict[str, str] = {}
    for element in root.iter():
        local = element.tag.rpartition("}")[2]
        value = (element.text or "").strip()
        if local == "user-defined":
            found[element.get(f"{META}name", "")] = value
        elif local in PROPERTY_OF_TAG and value:
            found[PROPERTY_OF_TAG[local]] = value
        elif local == "creator" and value:
            found.setdefault("author", value)
    return found
