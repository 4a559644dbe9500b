"""A file manager: folders and files to open, name, move, copy, throw away and protect."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import Simulator, Slot, choice, shown
from exam.simulators.schema import Schema, ident, maybe_ident, maybe_words, one_of, rows, words

if TYPE_CHECKING:
    from exam.simulators.schema import Node

TOP, BIN = "top", "trash"
RIGHTS = ("none", "read", "write")
SORTS = ("name", "size", "date", "-name", "-size", "-date")
NEW_FOLDERS, COPIES = 4, 6
_PLACE = {"in": maybe_ident, "rights": one_of(*RIGHTS, default="none")}


class Files(Simulator):
    """Put files in order."""

    name = "files"
    schema: ClassVar[Schema] = {
        "folders": rows({"id": ident, "name": words, **_PLACE}),
        "files": rows(
            {
                "id": ident,
                "name": words,
                "size": maybe_words,
                "date": maybe_words,
                "author": maybe_words,
                "text": maybe_words,
                **_PLACE,
            },
            least=1,
        ),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return the name, place and rights of everything, and room for new folders and copies."""
        new = tuple(f"new{number}" for number in range(1, NEW_FOLDERS + 1))
        places = (TOP, BIN, *(row["id"] for row in scene["folders"]), *new)
        found = {"sort": choice("name", SORTS)}
        for kind in ("folder", "file"):
            for row in scene[f"{kind}s"]:
                prefix = f"{kind}.{row['id']}"
                found[f"{prefix}.name"] = Slot(shown(row, "name"))
                found[f"{prefix}.in"] = choice(shown(row, "in") or TOP, places)
                found[f"{prefix}.rights"] = choice(row["rights"], RIGHTS)
        for name in new:
            found[f"folder.{name}.name"] = Slot()
            found[f"folder.{name}.in"] = choice("", places)
        files = tuple(row["id"] for row in scene["files"])
        for number in range(1, COPIES + 1):
            found[f"copy.{number}.of"] = choice("", files)
            found[f"copy.{number}.in"] = choice("", places)
            found[f"copy.{number}.name"] = Slot()
        return found
