"""A word processor: paragraphs with styles, the styles themselves, page breaks, a table of contents, find and replace."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import LONG, Simulator, Slot, choice, shown
from exam.simulators.schema import NO, YES_NO, Schema, ident, one_of, rows, words, yes_no

if TYPE_CHECKING:
    from exam.simulators.schema import Node

STYLES = ("body", "title", "heading1", "heading2", "heading3", "quote", "bullets", "numbers", "caption")
SIZES = ("small", "medium", "large", "huge")
COLORS = ("black", "green", "blue", "red")
ALIGNS = ("left", "center", "right", "justify")
MARKS = ("bold", "italic", "underline")
_USUAL = {"title": "huge", "heading1": "large", "caption": "small"}


class Writer(Simulator):
    """Give a text its structure."""

    name = "writer"
    schema: ClassVar[Schema] = {
        "paragraphs": rows(
            {
                "id": ident,
                "text": words,
                "style": one_of(*STYLES, default="body"),
                "align": one_of(*ALIGNS, default="left"),
                "break": yes_no(NO),
                **{mark: yes_no(NO) for mark in MARKS},
            },
            least=1,
        ),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return every paragraph's text and look, every style's look, and what concerns the whole text."""
        found = {
            "toc": choice(NO, YES_NO),
            "page.numbers": choice(NO, YES_NO),
            "page.orientation": choice("portrait", ("portrait", "landscape")),
        }
        for row in scene["paragraphs"]:
            prefix = f"p.{row['id']}"
            found[f"{prefix}.text"] = Slot(shown(row, "text"), length=LONG)
            found[f"{prefix}.style"] = choice(row["style"], STYLES)
            found[f"{prefix}.align"] = choice(row["align"], ALIGNS)
            for mark in (*MARKS, "break"):
                found[f"{prefix}.{mark}"] = choice(row[mark], YES_NO)
        for style in STYLES:
            found[f"style.{style}.size"] = choice(_USUAL.get(style, "medium"), SIZES)
            found[f"style.{style}.color"] = choice("black", COLORS)
            found[f"style.{style}.bold"] = choice("yes" if style in {"title", "heading1"} else NO, YES_NO)
        return found
