"""An image editor: crop, resize, turn, export under a name and a format, keep or drop what the file says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import Simulator, Slot, choice, shown
from exam.simulators.schema import (
    NO,
    YES,
    YES_NO,
    Schema,
    count,
    ident,
    integers,
    maybe_words,
    one_of,
    rows,
    words,
)

if TYPE_CHECKING:
    from exam.simulators.base import Facts
    from exam.simulators.schema import Node

FORMATS = ("png", "jpg", "gif", "webp", "bmp")
_NUMBERS = ("crop.left", "crop.top", "crop.width", "crop.height", "size.width", "size.height")


class Image(Simulator):
    """Make an image fit its use."""

    name = "image"
    derived = "shape|ending"
    schema: ClassVar[Schema] = {
        "width": count(16, 12_000),
        "height": count(16, 12_000),
        "name": words,
        "format": one_of(*FORMATS, default="png"),
        "background": maybe_words,
        "about": words,
        "shapes": rows(
            {
                "rect": integers(4),
                "at": integers(2),
                "size": count(4, 2000, 48),
                "fill": maybe_words,
                "text": maybe_words,
            },
        ),
        "metadata": rows({"id": ident, "name": words, "text": words}, most=12),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return the frame, the size, the turns and the export."""
        width, height = str(scene["width"]), str(scene["height"])
        found = {
            name: Slot(start, length=6)
            for name, start in zip(_NUMBERS, ("0", "0", width, height, width, height), strict=True)
        }
        found["ratio"] = choice(YES, YES_NO)
        found["rotate"] = choice("0", ("0", "90", "180", "270"))
        found["flip"] = found["grey"] = choice(NO, YES_NO)
        found["export.name"] = Slot(shown(scene, "name"))
        found["export.format"] = choice(scene["format"], FORMATS)
        found["export.quality"] = choice("high", ("low", "medium", "high"))
        found |= {f"metadata.{row['id']}": choice(YES, YES_NO) for row in scene["metadata"]}
        return found

    def derive(self, scene: dict[str, Node], facts: Facts) -> Facts:
        """Return whether the proportions of the frame were kept, to a pixel, and the ending of the name."""
        del scene
        left, top, width, height, to_width, to_height = (_natural(facts.get(name, "")) for name in _NUMBERS)
        del left, top
        # One side may be rounded to a pixel: the cross products differ by at most the other side.
        kept = width and height and abs(width * to_height - height * to_width) <= max(width, height)
        ending = facts.get("export.name", "").rpartition(".")[2]
        return {"shape": "kept" if kept else "stretched", "ending": ending}


def _natural(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
