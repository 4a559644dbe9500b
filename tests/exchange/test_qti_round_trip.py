"""What leaves as QTI comes back with the same kind, words, choices and key."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from exchange_kit import bank_of, taken_in

from exam.exchange.exporting import export_items
from exam.exchange.xhtml import markdown_blocks, markdown_line
from exam.grading import expected
from exam.present import present
from kiosk.bank_files import load_bank, starter_bank

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.kinds.base import Fields

SEED = b"a seed for packages"
KINDS = [
    "single_choice",
    "multiple_choice",
    "short_text",
    "number",
    "fill_blanks",
    "dropdowns",
    "ordering",
    "matching",
]


@cache
def starter() -> Bank:
    return load_bank(starter_bank())


def leaving(kind: str) -> list[str]:
    return sorted(item.id for item in starter().items.values() if item.kind == kind)


def shape(fields: Fields) -> list[object]:
    """Words of a question, in no order that is drawn."""
    lists = (fields.choices, fields.entries, fields.left, fields.right)
    parts = [
        (squeezed(part.text), squeezed(part.label), sorted(option.text for option in part.options))
        for part in fields.parts
    ]
    words = [sorted(squeezed(choice.text) for choice in one) for one in lists]
    return [*words, squeezed(fields.label), squeezed(fields.unit), parts]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def rewritten(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\s*(</?(?:p|li|td|th|blockquote)>)\s*", r"\1", html))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "lang"), [("qti3", "fr"), ("qti22", "en")])
def test_an_item_comes_back_as_it_left(kind: str, name: str, lang: str) -> None:
    bank = starter()
    left = [item for item in leaving(kind) if export_items(bank, [item], name, lang, SEED).items]
    assert left
    for item in left[::2] if lang == "en" else left:
        found = taken_in(export_items(bank, [item], name, lang, SEED).package)
        back = bank_of(found)
        (came,) = found.items
        before, after = present(bank, item, SEED, lang), present(back, came, SEED, lang)
        assert (before.kind, squeezed(before.title)) == (after.kind, after.title)
        assert markdown_line(before.instruction) == markdown_line(after.instruction)
        assert rewritten(markdown_blocks(before.detail)) == rewritten(markdown_blocks(after.detail)), item
        assert shape(before.fields) == shape(after.fields), item
        assert key(bank, item, lang) == key(back, came, lang), item


def key(bank: Bank, item: str, lang: str) -> str:
    return squeezed(expected(bank, item, SEED, lang)).replace(",", ".")


def test_what_qti_cannot_say_is_listed_and_left_out() -> None:
    bank = starter()
    out = export_items(bank, sorted(bank.items), "qti3", "fr", SEED)
    told = {problem.path.rpartition("/")[2].removesuffix(".toml") for problem in out.problems}
    assert told | set(out.items) == set(bank.items)
    assert not told & set(out.items)
    assert told >= set(leaving("simulator")) | set(leaving("hand_back"))


def test_a_drawn_item_leaves_with_a_note() -> None:
    bank = starter()
    drawn = next(item for item in leaving("multiple_choice") if bank.items[item].parametrised)
    assert "one seed" in export_items(bank, [drawn], "qti3", "fr", SEED).notes[0].message


def test_the_same_items_leave_as_the_same_bytes() -> None:
    bank = starter()
    packages = {export_items(bank, leaving("ordering"), "qti22", "fr", SEED).package for _ in range(2)}
    assert len(packages) == 1
